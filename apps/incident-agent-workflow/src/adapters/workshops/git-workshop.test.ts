import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import type { Workbench } from '../../remediation-ports.ts';
import { type TestRepository, testRepository } from '../../testing/repository.ts';
import { findRepository, standingOf } from '../sources/git-repository.ts';
import { gitWorkshop } from './git-workshop.ts';

let repository: TestRepository;
let bench: Workbench;
let objectsBefore: string;
const hashes: Record<string, string> = {};
const objects = () => repository.git('-c', 'core.fsmonitor=false', 'count-objects');

beforeAll(async () => {
  repository = testRepository();
  const { commit, git, top } = repository;
  hashes.root = commit('root', { 'src/a.ts': 'one\ntwo\nthree\nfour\nfive\nsix\n', 'src/old.ts': 'gone soon\n' });
  hashes.guilty = commit('guilty', {
    'src/a.ts': 'one\nTWO\nthree\nfour\nfive\nsix\n',
    'src/new.ts': 'new\n',
    'src/old.ts': undefined,
  });
  hashes.after = commit('after', { 'src/a.ts': 'one\nTWO\nthree\nfour\nfive\nSIX\n' });
  hashes.over = commit('over it', { 'src/b.ts': 'b TWO\n' });
  git('checkout', '-q', '-b', 'side', hashes.root);
  commit('side', { 'side.ts': 'side\n' });
  git('checkout', '-q', 'main');
  git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
  hashes.merge = git('rev-parse', 'HEAD');
  // A repository that would like to run something of its own.
  git('config', 'merge.evil.driver', `touch ${top}/ran`);
  git('config', 'core.fsmonitor', `touch ${top}/ran`);
  writeFileSync(join(top, '.gitattributes'), '* merge=evil diff=evil\n');
  writeFileSync(join(top, 'src/a.ts'), 'work in progress\n');
  objectsBefore = objects();
  const service = { ...unregisteredService('api'), repositoryPath: join(top, 'src') };
  bench = await gitWorkshop({ find: findRepository, standingOf }).open(service, AbortSignal.timeout(20_000));
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  repository.remove();
});

async function treeOf(commit: string, onto = hashes.merge ?? '') {
  const applied = await bench.apply({ kind: 'revert', commit }, onto);
  return applied.state === 'clean' ? applied.tree : applied.state;
}

test('a revert is a tree that lacks what the commit brought and keeps what came after', async () => {
  const tree = await treeOf(hashes.guilty ?? '');
  expect(await bench.read(tree, 'src/a.ts')).toBe('one\ntwo\nthree\nfour\nfive\nSIX\n');
  const changes = await bench.compare(hashes.merge ?? '', tree);
  expect(changes.map(({ path, status, addedLines, removedLines }) => [path, status, addedLines, removedLines])).toEqual(
    [
      ['src/a.ts', 'modified', 1, 1],
      ['src/new.ts', 'deleted', 0, 1],
      ['src/old.ts', 'added', 1, 0],
    ],
  );
  expect(changes[0]?.patch).toContain('-TWO\n+two\n');
});

test('nothing of the repository is changed, and nothing that it names is run', () => {
  expect(readFileSync(join(repository.top, 'src/a.ts'), 'utf8')).toBe('work in progress\n');
  expect(existsSync(join(repository.top, 'ran'))).toBe(false);
  expect(objects()).toBe(objectsBefore);
});

test('a revert that no longer fits names the files', async () => {
  const later = repository.git('rev-parse', 'HEAD');
  const changed = repository.git('commit-tree', `${hashes.root}^{tree}`, '-p', later, '-m', 'x');
  expect(await bench.apply({ kind: 'revert', commit: hashes.over ?? '' }, changed)).toEqual({ state: 'nothing' });
  const other = testRepository();
  const base = other.commit('base', { 'a.txt': 'a\n' });
  const guilty = other.commit('guilty', { 'a.txt': 'b\n' });
  const tip = other.commit('since', { 'a.txt': 'c\n' });
  await using own = await gitWorkshop({ find: findRepository, standingOf }).open(
    { ...unregisteredService('api'), repositoryPath: other.top },
    AbortSignal.timeout(20_000),
  );
  expect(await own.apply({ kind: 'revert', commit: guilty }, tip)).toEqual({ state: 'conflict', paths: ['a.txt'] });
  expect(await own.apply({ kind: 'revert', commit: base }, tip)).toMatchObject({ state: 'refused' });
  other.remove();
});

test('a merge and a commit that is not there are not reverted', async () => {
  expect(await bench.apply({ kind: 'revert', commit: hashes.merge ?? '' }, hashes.merge ?? '')).toMatchObject({
    state: 'refused',
    reason: expect.stringContaining('merge'),
  });
  expect(await treeOf('f'.repeat(40))).toBe('refused');
  await expect(treeOf('--output=/tmp/x')).rejects.toThrow('is no hash');
});

test.each([
  {
    says: 'an exact piece is replaced',
    search: 'TWO\nthree',
    replace: 'two $& three',
    result: 'one\ntwo $& three\nfour\nfive\nSIX\n',
  },
  { says: 'a piece that is there twice is refused', search: 'e\n', replace: 'x', result: undefined },
  { says: 'a piece that is not there is refused', search: 'seven', replace: 'x', result: undefined },
])('$says', async ({ search, replace, result }) => {
  const applied = await bench.apply(
    { kind: 'edits', edits: [{ path: 'src/a.ts', search, replace }] },
    hashes.merge ?? '',
  );
  expect(applied.state).toBe(result === undefined ? 'refused' : 'clean');
  const text = applied.state === 'clean' ? await bench.read(applied.tree, 'src/a.ts') : undefined;
  expect(text).toBe(result);
});

test('the branch, what runs, later commits, files and words are told', async () => {
  expect(bench).toMatchObject({
    servicePath: 'src',
    branch: { name: 'main', tip: hashes.merge },
    deployed: { from: 'head' },
  });
  expect(
    (await bench.commitsOn(hashes.guilty ?? '', hashes.merge ?? '', ['src/a.ts'])).map(({ hash }) => hash),
  ).toEqual([hashes.after]);
  expect((await bench.files(hashes.merge ?? '')).map(({ path }) => path)).toEqual([
    'side.ts',
    'src/a.ts',
    'src/b.ts',
    'src/new.ts',
  ]);
  expect(await bench.findWord(hashes.merge ?? '', 'TWO')).toEqual([
    { path: 'src/a.ts', line: 2, text: 'TWO' },
    { path: 'src/b.ts', line: 1, text: 'b TWO' },
  ]);
});
