/** Traces as the runtimes print them: those in `recorded/` were printed by Node 26, Python 3.11, Java 17, Rust 1.95, GCC 12 and gdb. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLogLine } from '../logs/read-log-line.ts';
import { type ExtractedTrace, extractTraces } from './extract.ts';
import { throwSite } from './trace.ts';

const FOLDER = join(import.meta.dirname, 'recorded');

interface Told {
  readonly language: string;
  readonly type: string;
  readonly message: string;
  /** `file:line` of the first frame of our own. */
  readonly crash: string;
  /** Where it was thrown, if that is another place. */
  readonly thrown?: string;
  /** From the inside outwards. */
  readonly around?: readonly string[];
}

const RECORDED: Readonly<Record<string, Told>> = {
  'node-uncaught': {
    language: 'javascript',
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'id')",
    crash: 'file:///srv/shop/src/items.mjs:8',
  },
  'node-caused': {
    language: 'javascript',
    type: 'Error',
    message: "ENOENT: no such file or directory, open '/none/a.json'",
    crash: 'file:///srv/shop/src/items.mjs:4',
    around: ['Error: cannot load /none/a.json'],
  },
  'node-many': {
    language: 'javascript',
    type: 'Error',
    message: "ENOENT: no such file or directory, open '/none/a'",
    crash: 'file:///srv/shop/src/items.mjs:4',
    around: ['Error: cannot load /none/a', 'AggregateError: All promises were rejected'],
  },
  'node-evil': {
    language: 'javascript',
    type: 'TypeError',
    message: "Cannot read properties of null (reading 'x')",
    crash: '/srv/shop/src/evil.cjs:1',
  },
  'python-direct': {
    language: 'python',
    type: 'json.decoder.JSONDecodeError',
    message: 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
    crash: '/srv/shop/py/app.py:7',
    thrown: '/usr/local/lib/python3.11/json/decoder.py:353',
    around: ['ShopError: cannot read the basket'],
  },
  'python-during': {
    language: 'python',
    type: 'IndexError',
    message: 'list index out of range',
    crash: '/srv/shop/py/app.py:19',
    around: ["KeyError: 'id'"],
  },
  'python-group': {
    language: 'python',
    type: 'ValueError',
    message: "invalid literal for int() with base 10: 'x'",
    crash: '/srv/shop/py/app.py:23',
  },
  'python-noted': {
    language: 'python',
    type: 'ValueError',
    message: 'first line\nsecond line\nbasket 7',
    crash: '/srv/shop/py/app.py:33',
  },
  'python-deep': {
    language: 'python',
    type: 'RecursionError',
    message: 'maximum recursion depth exceeded',
    crash: '/srv/shop/py/app.py:36',
  },
  'python-syntax': {
    language: 'python',
    type: 'SyntaxError',
    message: 'invalid syntax',
    crash: '/srv/shop/py/broken.py:1',
  },
  'java-chain': {
    language: 'java',
    type: 'java.lang.IllegalArgumentException',
    message: 'bad id\nin two lines',
    crash: 'Shop.java:10',
    around: ['java.lang.RuntimeException: cannot find 7'],
  },
  'java-null': {
    language: 'java',
    type: 'java.lang.NullPointerException',
    message: 'Cannot invoke "String.length()" because "<parameter1>" is null',
    crash: 'Shop.java:19',
  },
  'rust-find': { language: 'rust', type: 'panic', message: 'no such item\nin two lines', crash: './main.rs:3' },
  'rust-index': {
    language: 'rust',
    type: 'panic',
    message: 'index out of bounds: the len is 2 but the index is 4',
    crash: '/srv/shop/rs/main.rs:5',
  },
  'rust-thread': { language: 'rust', type: 'panic', message: 'job failed', crash: './main.rs:9' },
  'cpp-assert': { language: 'cpp', type: 'Assertion', message: 'parts != 0', crash: 'shop.cpp:11' },
  'cpp-asan-free': {
    language: 'cpp',
    type: 'AddressSanitizer: heap-use-after-free',
    message: 'on address 0x602000000011 at pc 0x55d8081df444 bp 0x7ffdd8ad69f0 sp 0x7ffdd8ad69e8',
    crash: '/srv/shop/cpp/shop.cpp:10',
  },
  'cpp-gdb-throw': {
    language: 'cpp',
    type: 'std::out_of_range',
    message: 'map::at',
    crash: 'shop.cpp:8',
    thrown: '/usr/include/c++/12/bits/stl_map.h:560',
  },
  'cpp-gdb-null': {
    language: 'cpp',
    type: 'SIGSEGV',
    message: 'Segmentation fault',
    crash: 'shop.cpp:9',
    thrown: '/usr/include/c++/12/bits/stl_vector.h:1143',
  },
};

function recorded(name: string): string[] {
  return readFileSync(join(FOLDER, `${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n');
}

function tracesOf(texts: readonly string[]): ExtractedTrace[] {
  return extractTraces(texts.map((text, index) => readLogLine({ text, stream: 's', line: index + 1 })));
}

function told(trace: ExtractedTrace | undefined): Told | undefined {
  if (!trace) return undefined;
  const { language, type, message, frames, crashFrame, around = [] } = trace;
  const [crash, thrown] = [crashFrame === undefined ? undefined : frames[crashFrame], throwSite(trace)].map(
    (frame) => frame && `${frame.file}:${frame.line}`,
  );
  return {
    language,
    type,
    message,
    crash: crash ?? '',
    ...(thrown === crash ? {} : { thrown: thrown ?? '' }),
    ...(around.length === 0 ? {} : { around: around.map((error) => `${error.type}: ${error.message}`) }),
  };
}

const BEFORE = ['2026-01-01T03:12:05Z INFO request 6 took 12 ms', '2026-01-01T03:12:05Z INFO request 7 took 9 ms'];
const AFTER = ['2026-01-01T03:12:06Z INFO request 8 took 11 ms'];

describe('printed between ordinary lines', () => {
  test.each(Object.entries(RECORDED))('%s is one trace, and told right', (name, expected) => {
    const texts = recorded(name);
    const traces = tracesOf([...BEFORE, ...texts, ...AFTER]);
    expect(traces.map(({ lineIndexes }) => [lineIndexes[0], lineIndexes.at(-1)])).toEqual([[2, 1 + texts.length]]);
    expect(told(traces[0])).toMatchObject(expected);
    expect(traces[0]?.losses).toEqual([]);
  });

  const ofSeveralLines = Object.entries(RECORDED).filter(([name]) => name !== 'cpp-assert');
  test.each(ofSeveralLines)('%s says the same in a field of a JSON line', (name, expected) => {
    const [trace, ...others] = tracesOf([JSON.stringify({ level: 'error', stack: recorded(name).join('\n') })]);
    expect(others).toEqual([]);
    expect(told(trace)).toMatchObject(expected);
  });
});

test('an exception that nobody caught, without a debugger: what and nothing more', () => {
  expect(tracesOf([...BEFORE, ...recorded('cpp-throw'), ...AFTER])).toMatchObject([
    { language: 'cpp', type: 'std::out_of_range', message: 'map::at', frames: [], lineIndexes: [2, 3] },
  ]);
});

test('of three reports of sanitizers each is one trace', () => {
  const traces = tracesOf([...BEFORE, ...recorded('cpp-asan-null'), ...AFTER]);
  expect(traces.map(({ type, crashFrame, frames }) => [type, frames[crashFrame ?? -1]?.line])).toEqual([
    ['undefined behavior', 9],
    ['undefined behavior', undefined],
    ['AddressSanitizer: SEGV', 9],
  ]);
});

test('every recorded trace is told above', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace(/\.txt$/, ''));
  expect(files.sort()).toEqual([...Object.keys(RECORDED), 'cpp-throw', 'cpp-asan-null'].sort());
});
