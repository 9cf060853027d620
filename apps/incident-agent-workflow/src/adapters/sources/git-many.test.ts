/** Questions that come together, to real repositories: each answer is the one that it would be alone, whatever is wrong with another. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Question } from '../../domain/question.ts';
import { unregisteredService } from '../../domain/service.ts';
import type { Answer } from '../../domain/telemetry.ts';
import { compareText } from '../../lib/compare-text.ts';
import { type TestRepository, testRepository } from '../../testing/repository.ts';
import { git } from './git.ts';
import { questionOf } from './source-contract.ts';

const PLAIN = [
  'src/a.ts',
  'src/größe/ключ ü.ts',
  'src/with "quotes".ts',
  'src/trailing .ts',
  'src/empty.ts',
  'src/dos.ts',
];
const ODD = [
  'src/link.ts',
  'vendor/sub',
  'vendor/sub/x.ts',
  'src',
  'src/none.ts',
  'src/a.ts/x',
  'src/huge.js',
  'src/logo.bin',
];
const WITH_LINES = PLAIN.filter((name) => name !== 'src/empty.ts');
const MEGABYTE = 1024 * 1024;
const path = process.env.PATH ?? '';
let repository: TestRepository;
let scratch: string;
let first: string;

function thirtyLines(name: string): string {
  return Array.from({ length: 30 }, (_, line) => `export const x${line} = '${name}';\n`).join('');
}

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'git many '));
  repository = testRepository();
  mkdirSync(join(repository.top, 'src'));
  symlinkSync('/etc/passwd', join(repository.top, 'src/link.ts'));
  writeFileSync(join(repository.top, 'src/logo.bin'), Buffer.from([0, 255, 10, 0]));
  first = repository.commit('first', {
    ...Object.fromEntries(PLAIN.map((name) => [name, thirtyLines(name)])),
    'src/empty.ts': '',
    'src/größe/weg.ts': thirtyLines('weg'),
    'src/dos.ts': 'one();\r\ntwo();\r\n',
    'src/huge.js': 'x();\n'.repeat(500_000),
    ...Object.fromEntries(['1', '2', '3', '4', '5', '6'].map((one) => [`big/${one}.js`, `${one};\n`.repeat(600_000)])),
  });
  repository.commit('second', {
    'src/a.ts': thirtyLines('b'),
    'src/größe/weg.ts': undefined,
    'src/größe/neu.ts': thirtyLines('n'),
  });
  repository.git('update-index', '--add', '--cacheinfo', `160000,${first},vendor/sub`);
  repository.git('commit', '-q', '-m', 'a submodule');
});
afterEach(() => {
  process.env.PATH = path;
});
afterAll(() => {
  repository.remove();
  rmSync(scratch, { recursive: true });
});

const service = (top = repository.top) => ({ ...unregisteredService('api'), repositoryPath: top });
const linesOf = (
  name: string,
  more: { top?: string; revision?: string; from?: number; to?: number } = {},
): Question => ({
  kind: 'file-lines',
  service: service(more.top),
  path: name,
  revision: more.revision ?? 'HEAD',
  fromLine: more.from ?? 1,
  toLine: more.to ?? 1_000,
});
const blameOf = (name: string, fromLine: number, toLine: number, top?: string): Question => ({
  kind: 'blame',
  service: service(top),
  path: name,
  revision: 'HEAD',
  fromLine,
  toLine,
});
const grepOf = (text: string, maxMatches = 100): Question => ({
  kind: 'grep',
  service: service(),
  revision: 'HEAD',
  text,
  paths: ['src'],
  maxMatches,
});
const diffOf = (...paths: string[]): Question => ({ kind: 'diff', service: service(), from: first, to: 'HEAD', paths });

async function together(questions: readonly Question[], milliseconds = 20_000): Promise<Answer[]> {
  const source = git();
  return Promise.all(questions.map((question) => source.ask(question, AbortSignal.timeout(milliseconds))));
}
async function oneByOne(questions: readonly Question[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const question of questions) answers.push(await git().ask(question, AbortSignal.timeout(20_000)));
  return answers;
}

/** Before the real git comes this on the way; what it is asked stands in a file, a line each. */
function inTheWay(script: string): { readonly asked: () => string[] } {
  const folder = mkdtempSync(join(scratch, 'programs-'));
  const list = join(folder, 'asked');
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${list}'\n${script}\nPATH='${path}' exec git "$@"\n`,
  );
  chmodSync(join(folder, 'git'), 0o755);
  process.env.PATH = [folder, path].join(delimiter);
  const asked = () => (existsSync(list) ? readFileSync(list, 'utf8').trimEnd().split('\n') : []);
  const command = / -C .*? ((?:blame|cat-file|config|diff|grep|log|ls-tree|rev-parse) .*)$/;
  return { asked: () => asked().map((line) => command.exec(line)?.[1] ?? line) };
}

/** Of a line that was asked: `ls-tree`. */
function commandOf(line: string): string {
  return /^\S+/.exec(line)?.[0] ?? '';
}

describe('together as alone', () => {
  test.each([
    { what: 'whole files', questions: () => [...PLAIN, ...ODD].map((name) => linesOf(name)) },
    {
      what: 'places in files',
      questions: () =>
        [...PLAIN, ...ODD].flatMap((name) => [linesOf(name, { from: 2, to: 3 }), linesOf(name, { from: 90 })]),
    },
    {
      what: 'files of a revision that is gone',
      questions: () => PLAIN.map((name) => linesOf(name, { revision: 'gone' })),
    },
    {
      what: 'blame',
      questions: () =>
        [...PLAIN, ...ODD].flatMap((name) => [
          blameOf(name, 1, 2),
          blameOf(name, 2, 9),
          blameOf(name, 20, 25),
          blameOf(name, 99, 99),
        ]),
    },
    {
      what: 'texts of few places',
      questions: () =>
        ['export const', 'x1', 'größe', "'b'", 'two()', 'x.', 'a|b', '\\', "'"].map((text) => grepOf(text)),
    },
    {
      what: 'texts, one of which stands everywhere',
      questions: () =>
        [
          'export const',
          'x1',
          'größe',
          "'b'",
          'ONE',
          'one()',
          'no such text',
          'x1\nx2',
          '-e',
          'x.',
          'a|b',
          ']{1}',
          '\\',
          '',
          'x();',
        ].map((text) => grepOf(text)),
    },
    {
      what: 'differences',
      questions: () =>
        [
          ['src/a.ts'],
          ['src/größe/weg.ts'],
          ['src/größe/neu.ts'],
          ['src/dos.ts'],
          ['src/größe'],
          ['src/none.ts'],
          ['src/größe/weg.ts', 'src/größe/neu.ts'],
          ['src/größe/weg.ts', 'src/größe/neu.ts'],
          [],
        ].map((paths) => diffOf(...paths)),
    },
  ])('$what', async ({ questions }) => {
    const asked = questions();
    expect(await together(asked)).toEqual(await oneByOne(asked));
  });

  test('single files that were compared, and no folder', async () => {
    const asked = ['src/a.ts', 'src/größe/weg.ts', 'src/größe/neu.ts', 'src/dos.ts'].map((name) => diffOf(name));
    const answers = await together(asked);
    expect(answers).toEqual(await oneByOne(asked));
    expect(answers.map(({ telemetry }) => telemetry.diff?.files.map(({ status }) => status))).toEqual([
      ['modified'],
      ['deleted'],
      ['added'],
      [],
    ]);
  });

  test('files that are too much for one answer of git', async () => {
    const asked = ['1', '2', '3', '4', '5', '6'].map((one) => linesOf(`big/${one}.js`, { to: 2 }));
    const { asked: commands } = inTheWay('');
    const answers = await together(asked);
    expect(commands().filter((line) => line.startsWith('cat-file --batch')).length).toBe(2);
    expect(answers.map(({ telemetry }) => telemetry.code?.lines)).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((one) => [`${one};`, `${one};`]),
    );
    expect(readFileSync(join(repository.top, 'big/1.js')).length).toBeGreaterThan(1.7 * MEGABYTE);
  });

  test('in a repository whose names of objects are longer', async () => {
    const top = join(scratch, 'longer');
    mkdirSync(top);
    repository.git('init', '-q', '--object-format=sha256', top);
    for (const name of ['a.ts', 'b.ts']) writeFileSync(join(top, name), `of(${name});\n`);
    repository.git('-C', top, 'add', '-A');
    repository.git('-C', top, 'commit', '-q', '-m', 'first');
    const answers = await together(['a.ts', 'b.ts', 'c.ts'].map((name) => linesOf(name, { top })));
    expect(answers.map(({ telemetry }) => telemetry.code?.lines)).toEqual([['of(a.ts);'], ['of(b.ts);'], undefined]);
    const [answer] = await together([questionOf('history', service(top))]);
    expect(answer?.telemetry.repository?.head).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('what it costs', () => {
  test('sixteen files are two commands, and their blame one for each file', async () => {
    const names = Array.from({ length: 16 }, (_, index) => PLAIN.slice(0, 4)[index % 4] ?? '');
    const { asked } = inTheWay('');
    await together(names.map((name, index) => linesOf(name, { to: index + 1 })));
    expect(asked().map(commandOf)).toEqual(['ls-tree', 'cat-file']);
    const { asked: ofBlame } = inTheWay('');
    await together(
      ['src/a.ts', 'src/dos.ts'].flatMap((name) => [blameOf(name, 1, 1), blameOf(name, 1, 2), blameOf(name, 2, 2)]),
    );
    expect(ofBlame().map(commandOf).sort(compareText)).toEqual(['blame', 'blame', 'ls-tree', 'rev-parse']);
  });

  test('texts are one command', async () => {
    const { asked } = inTheWay('');
    const answers = await together(['export const x1', 'two()', 'no such text'].map((text) => grepOf(text)));
    expect(answers.map(({ telemetry }) => telemetry.matches?.length)).toEqual([55, 1, 0]);
    expect(asked().map(commandOf)).toEqual(['grep']);
  });

  test('a history and the files of its revision ask once how the repository stands', async () => {
    const { asked } = inTheWay('');
    const ofTwo = [
      questionOf('history', { ...service(), deployedRevision: first }),
      questionOf('files', { ...service(), deployedRevision: first }),
    ];
    const [history] = await together(ofTwo);
    expect(history?.telemetry.repository).toMatchObject({ deployedRevision: first, deployedFrom: 'registry' });
    expect(asked().map(commandOf).sort(compareText)).toEqual(['cat-file', 'config', 'log', 'ls-tree', 'rev-parse']);
  });
});

/** A copy whose objects are loose, so that one of them can be damaged. */
function damaged(name: string, object: string, damage: (file: string) => void): string {
  const top = join(scratch, name);
  cpSync(repository.top, top, { recursive: true });
  const hash = repository.git('rev-parse', object);
  damage(join(top, '.git/objects', hash.slice(0, 2), hash.slice(2)));
  return top;
}
function spoil(file: string): void {
  chmodSync(file, 0o644);
  writeFileSync(file, 'nonsense');
}

describe('objects that are missing or broken', () => {
  const NAMES = ['src/a.ts', 'src/größe/neu.ts', 'src/dos.ts'];
  test.each([
    { says: 'a file that is missing', damage: rmSync, what: 'src/a.ts' },
    { says: 'a file that is broken', damage: spoil, what: 'src/a.ts' },
    { says: 'a folder that is missing', damage: rmSync, what: 'src/größe' },
  ])('$says costs no other its answer', async ({ says, damage, what }) => {
    const top = damaged(says, `HEAD:${what}`, damage);
    const asked = NAMES.flatMap((name) => [linesOf(name, { top }), blameOf(name, 1, 3, top)]);
    const answers = await together(asked);
    expect(answers).toEqual(await oneByOne(asked));
    expect(answers.map(({ telemetry }) => telemetry.code !== undefined || telemetry.blame !== undefined)).toEqual(
      NAMES.flatMap((name) => [!name.startsWith(what), !name.startsWith(what)]),
    );
  });

  test('a deployed commit that is broken is not taken, and the head is still known', async () => {
    const top = damaged('broken commit', first, spoil);
    const [answer] = await together([questionOf('files', { ...service(top), deployedRevision: first })]);
    expect(answer?.telemetry.repository).toMatchObject({
      deployedFrom: 'head',
      head: repository.git('rev-parse', 'HEAD'),
    });
  });
});

test('of a shallow clone whole files are read together, and its edge is told', async () => {
  const top = join(scratch, 'shallow');
  repository.git('clone', '-q', '--depth', '1', `file://${repository.top}`, top);
  const asked = ['src/a.ts', 'src/dos.ts'].flatMap((name) => [
    linesOf(name, { top }),
    blameOf(name, 1, 2, top),
    blameOf(name, 2, 2, top),
  ]);
  const answers = await together(asked);
  expect(answers).toEqual(await oneByOne(asked));
  expect(answers.map(({ gaps }) => gaps.length)).toEqual([0, 1, 1, 0, 1, 1]);
});

describe('a git that fails', () => {
  test('and dies half way through many files: each is asked for alone', async () => {
    const { asked } = inTheWay(
      `case "$*" in *'cat-file --batch'*) PATH='${path}' git "$@" | head -c 700; kill -9 $$;; esac`,
    );
    const answers = await together(WITH_LINES.map((name) => linesOf(name)));
    process.env.PATH = path;
    expect(asked().filter((line) => line.startsWith('cat-file blob')).length).toBe(WITH_LINES.length);
    expect(answers).toEqual(await oneByOne(WITH_LINES.map((name) => linesOf(name))));
    expect(answers.every(({ telemetry }) => telemetry.code !== undefined)).toBe(true);
  });

  test('and stands still: what is asked is a gap in time, and the command is gone', async () => {
    const pid = join(scratch, 'pid');
    inTheWay(`echo $$ > '${pid}'; exec sleep 60`);
    const answers = await together(
      PLAIN.map((name) => linesOf(name)),
      500,
    );
    expect(answers.map(({ gaps }) => gaps.map(({ reason }) => reason))).toEqual(PLAIN.map(() => ['timeout']));
    const isGone = () =>
      !existsSync(`/proc/${readFileSync(pid, 'utf8').trim()}/cmdline`) ||
      readFileSync(`/proc/${readFileSync(pid, 'utf8').trim()}/cmdline`, 'utf8') === '';
    await expect.poll(isGone).toBe(true);
  });

  test('is not there', async () => {
    process.env.PATH = join(scratch, 'no-programs');
    const answers = await together(PLAIN.map((name) => linesOf(name)));
    expect(answers.map(({ gaps }) => gaps.map(({ reason }) => reason))).toEqual(PLAIN.map(() => ['not-configured']));
  });
});

test('who stops waiting half way costs no other his answer', async () => {
  const go = join(scratch, 'go');
  const { asked } = inTheWay(`while [ ! -e '${go}' ]; do sleep 0.05; done`);
  const source = git();
  const hasty = new AbortController();
  const left = source.ask(linesOf('src/a.ts'), hasty.signal);
  const stayed = [linesOf('src/dos.ts'), linesOf('src/empty.ts', { to: 1 })].map((question) =>
    source.ask(question, AbortSignal.timeout(20_000)),
  );
  await expect.poll(() => asked().length).toBe(1);
  hasty.abort();
  expect(await left).toMatchObject({
    telemetry: {},
    gaps: [{ reason: 'timeout', query: expect.stringContaining('src/a.ts') }],
  });
  writeFileSync(go, '');
  const [dos, empty] = await Promise.all(stayed);
  expect(dos?.telemetry.code?.lines).toEqual(['one();', 'two();']);
  expect(empty?.gaps).toMatchObject([{ reason: 'not-found' }]);
  expect(asked().map(commandOf)).toEqual(['ls-tree', 'cat-file']);
});

test('behind a tip that is older than the look nothing is told to be ahead, as git itself would not', async () => {
  const top = join(scratch, 'clocks');
  mkdirSync(top);
  repository.git('init', '-q', top);
  const commit = (message: string, at: string) =>
    repository.git(
      '-C',
      top,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@example.com',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      message,
      `--date=${at}`,
    );
  commit('first', '2026-11-20T10:00:00Z');
  const until = '2026-11-25T00:00:00.500Z';
  expect(repository.git('-C', top, 'log', `--since=${until}`, '--format=%H')).toBe('');
  const { asked } = inTheWay('');
  const [answer] = await together([{ ...questionOf('history', service(top)), until } as Question]);
  expect(answer?.gaps).toEqual([]);
  expect(asked().filter((line) => line.startsWith('log')).length).toBe(1);
});
