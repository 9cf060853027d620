import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRepository, type Tree } from '../../../demo/repository.ts';
import { foldIntoOldest } from './fold.ts';
import { type GitFolder, packRepository, unpackRepository } from './git-objects.ts';

const scratch = mkdtempSync(join(tmpdir(), 'fold-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const NUMBERS = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);

function edit(path: string, from: string, to: string) {
  return (tree: Tree) => new Map([...tree, [path, (tree.get(path) ?? '').replace(`${from}\n`, `${to}\n`)]]);
}

/** 0 first · 1 line 3 · 2 line 10 before · 3 the removed one: line 10, a new file, one deleted · 4 line 18 · 5 another file */
const STEPS = [
  (tree: Tree) => new Map([...tree, ['src/a.txt', `${NUMBERS.join('\n')}\n`], ['gone/old.txt', 'old\n']]),
  edit('src/a.txt', 'line 3', 'line 3, changed'),
  edit('src/a.txt', 'line 10', 'line 10, earlier'),
  (tree: Tree) => {
    const next = new Map(edit('src/a.txt', 'line 10, earlier', 'line 10, broken')(tree));
    next.delete('gone/old.txt');
    return next.set('new/inner/new.txt', 'new\n');
  },
  edit('src/a.txt', 'line 18', 'line 18, later'),
  (tree: Tree) => new Map([...tree, ['b.txt', 'b\n']]),
];
const REMOVED = 3;

let hashes: string[];
let git: GitFolder;
let renamed: ReadonlyMap<string, string>;

beforeAll(async () => {
  const source = join(scratch, 'source');
  const steps = STEPS.map((change, index) => ({
    author: { name: 'Ada', email: 'ada@example.org' },
    hoursAgo: 50 - index,
    message: `step ${index}`,
    change,
  }));
  hashes = await buildRepository(source, steps, new Date('2026-03-01T00:00:00Z'));
  execFileSync('git', ['-C', source, 'bundle', 'create', '-q', join(scratch, 'source.bundle'), 'HEAD', '--all']);
  git = unpackRepository(readFileSync(join(scratch, 'source.bundle')), [], join(scratch, 'folded'));
  renamed = foldIntoOldest(git, hashes[REMOVED]!);
}, 180_000);

function now(index: number): string {
  return renamed.get(hashes[index]!)!;
}

test('the removed commit is gone, the others are there in their order with their dates', () => {
  const listed = git.text(['log', '--reverse', '--format=%s %ct', 'HEAD']).split('\n');
  const first = Date.parse('2026-03-01T00:00:00Z') / 1_000 - 50 * 3_600;
  expect(listed).toEqual([0, 1, 2, 4, 5].map((index) => `step ${index} ${first + index * 3_600}`));
  expect(now(REMOVED)).toBe(now(REMOVED - 1));
});

test('from there on every tree is the same', () => {
  for (const index of [REMOVED + 1, REMOVED + 2])
    expect(git.text(['rev-parse', `${now(index)}^{tree}`])).toBe(git.text(['rev-parse', `${hashes[index]}^{tree}`]));
  expect(git.text(['rev-parse', `${now(REMOVED)}^{tree}`])).toBe(git.text(['rev-parse', `${hashes[REMOVED]}^{tree}`]));
});

test('what it changed is there from the oldest commit on, and blame says so', () => {
  expect(git.text(['show', `${now(0)}:src/a.txt`])).toContain('line 10, broken');
  expect(git.text(['show', `${now(0)}:src/a.txt`])).not.toContain('line 3, changed');
  expect(git.text(['ls-tree', '-r', '--name-only', now(0)]).split('\n')).toEqual(['new/inner/new.txt', 'src/a.txt']);
  expect(git.text(['blame', '--porcelain', '-L', '10,10', 'HEAD', '--', 'src/a.txt'])).toContain(now(0));
});

test('another commit keeps its own diff; one that touched the same line has nothing left to change there', () => {
  expect(git.text(['show', '--format=', '--unified=0', now(4)])).toContain('+line 18, later');
  expect(git.text(['show', '--format=', '--unified=0', now(1)])).toContain('+line 3, changed');
  expect(git.text(['show', '--format=', now(2)])).toBe('');
});

test('git finds nothing wrong with it', () => {
  expect(git.text(['fsck', '--strict', '--no-dangling', '--no-progress'])).toBe('');
});

test('it can be packed and read again', () => {
  const again = unpackRepository(packRepository(git), [], join(scratch, 'again'));
  expect(again.text(['rev-parse', 'HEAD'])).toBe(now(5));
});

test('a history that is cut off stays cut off at the same place', () => {
  const cut = join(scratch, 'cut');
  execFileSync('git', ['clone', '-q', '--depth=5', `file://${join(scratch, 'source')}`, cut]);
  execFileSync('git', ['-C', cut, 'bundle', 'create', '-q', join(scratch, 'cut.bundle'), 'HEAD', '--all']);
  const shallow = unpackRepository(
    readFileSync(join(scratch, 'cut.bundle')),
    [hashes[1]!],
    join(scratch, 'cut-folded'),
  );
  const names = foldIntoOldest(shallow, hashes[REMOVED]!);
  expect(shallow.text(['log', '--reverse', '--format=%s', 'HEAD']).split('\n')).toEqual([
    'step 1',
    'step 2',
    'step 4',
    'step 5',
  ]);
  expect(readFileSync(join(shallow.folder, 'shallow'), 'utf8').trim()).toBe(names.get(hashes[1]!));
  expect(packRepository(shallow).byteLength).toBeGreaterThan(0);
});

test.each([
  { says: 'the oldest', hash: () => now(0), words: /oldest/ },
  { says: 'one that is not there', hash: () => 'f'.repeat(40), words: /not in the history/ },
])('$says cannot be removed, and it is said why', ({ hash, words }) => {
  expect(() => foldIntoOldest(git, hash())).toThrow(words);
});
