/** Whatever stands in a log: nothing throws, and what is lost is said. */
import { describe, expect, test } from 'vitest';
import type { LogLine, Observation } from '../../domain/telemetry.ts';
import { traceLosses } from '../gaps.ts';
import { readLogLine } from '../logs/read-log-line.ts';
import { contextOf, FROM, logAnswer, SERVICE, textDigest } from '../metrics/observations.test-helper.ts';
import { extractTraces } from './extract.ts';
import { fingerprintOf } from './fingerprint.ts';
import { observeStackTraces } from './observe-stack-traces.ts';

const AT = new Date(Date.parse(FROM) + 4_320_000).toISOString();

function lines(texts: readonly string[], stream = 's'): LogLine[] {
  return texts.map((text, index) => ({ at: AT, stream, line: index + 1, text }));
}

function tree(paths: readonly string[]): Observation {
  const revision = 'a'.repeat(40);
  const repository = {
    root: '/srv/shop',
    head: revision,
    deployedRevision: revision,
    deployedFrom: 'head',
    servicePath: '',
    shallow: false,
  } as const;
  return {
    question: { kind: 'files', service: SERVICE },
    answer: { source: 'git', query: 'git ls-tree', telemetry: { paths: [...paths], repository }, gaps: [] },
  };
}

function observed(given: readonly LogLine[], paths: readonly string[] = []) {
  const found = observeStackTraces([logAnswer(given), tree(paths)], contextOf());
  const traces = found.filter((item) => item.kind === 'stack-trace');
  return { traces: traces.map(({ data }) => data), gaps: traceLosses(found).map(({ detail }) => detail) };
}

function extracted(texts: readonly string[]) {
  return extractTraces(lines(texts).map(readLogLine));
}

const ERROR = 'TypeError: x';
const FRAMES = ['    at f (/app/src/a.js:1:2)', '    at g (/app/src/b.js:3:4)'];

describe('a trace of 5,000 frames', () => {
  const deep = Array.from({ length: 5_000 }, (_, index) => `    at f${index % 7} (/app/src/a.js:${index + 1}:2)`);

  test('is kept around its crash, and the gap says how many there were', () => {
    const { traces, gaps } = observed(lines(['RangeError: too deep', ...deep]));
    expect(traces[0]?.frames).toHaveLength(60);
    expect(gaps).toEqual(['of a stack trace (RangeError): it has 5000 frames: 60 around the crash are kept']);
  });

  test('in languages that count their frames', () => {
    const dart = Array.from({ length: 5_000 }, (_, index) => `#${index}      f (package:shop/a.dart:3:1)`);
    const php = Array.from({ length: 5_000 }, (_, index) => `#${index} /app/a.php(3): f()`);
    expect(extracted(['Unhandled exception:', 'Stack Overflow', ...dart])).toMatchObject([
      { type: 'StackOverflowError' },
    ]);
    expect(
      extracted(['PHP Fatal error:  Uncaught Error: deep in /app/a.php:3', 'Stack trace:', ...php])[0]?.lineIndexes,
    ).toHaveLength(5_002);
  });
});

function fingerprintOfLines(texts: readonly string[]): string | undefined {
  const [trace] = extracted(texts);
  return trace && fingerprintOf(trace, textDigest);
}
function recursive(depth: number): string[] {
  const calls = Array.from({ length: depth }, () => ['  File "/app/a.py", line 3, in f', '    return f()']).flat();
  const entry = '  File "/app/main.py", line 1, in main';
  return ['Traceback (most recent call last):', entry, ...calls, 'RecursionError: too deep'];
}

test('recursion of any depth is the same failure', () => {
  expect(fingerprintOfLines(recursive(3))).toBe(fingerprintOfLines(recursive(900)));
});

test('lambdas and closures of other builds are the same failure', () => {
  const [one, other, another] = ['lambda$total$0', 'lambda$total$12', 'lambda$count$0'].map((name) =>
    fingerprintOfLines([
      'java.lang.IllegalStateException: x',
      `\tat shop.Basket.${name}(Basket.java:3)`,
      '\tat shop.Main.main(Main.java:1)',
    ]),
  );
  expect(one).toBeDefined();
  expect(one).toBe(other);
  expect(one).not.toBe(another);
});

test('colours change nothing', () => {
  const red = [
    '\u001b[31mTypeError: x\u001b[39m',
    '\u001b[90m    at f (/app/src/a.js:1:2)\u001b[39m',
    '    at g (\u001b[4m/app/src/b.js\u001b[24m:3:4)',
  ];
  expect(extracted(red)).toMatchObject([{ type: 'TypeError', crashFrame: 0, frames: [{ line: 1 }, { line: 3 }] }]);
});

test('carriage returns change nothing, in lines and in a field', () => {
  expect(extracted([ERROR, ...FRAMES].map((text) => `${text}\r`))).toMatchObject([{ type: 'TypeError', message: 'x' }]);
  expect(extracted([JSON.stringify({ stack: [ERROR, ...FRAMES].join('\r\n') })])).toMatchObject([{ message: 'x' }]);
});

test('letters of any language in paths and names', () => {
  const texts = [
    'TypeError: Größe fehlt',
    '    at größe (/app/src/предмет.js:1:2)',
    '    at 数える (/app/src/数.js:3:4)',
  ];
  const { traces } = observed(lines(texts), ['src/предмет.js', 'src/数.js']);
  expect(traces[0]?.frames.map(({ repositoryPath }) => repositoryPath)).toEqual(['src/предмет.js', 'src/数.js']);
});

test('a line of 10 MB is read as far as it may be, and what was cut is said', () => {
  const stack = [ERROR, ...FRAMES, ...Array.from({ length: 200_000 }, () => '    at h (/app/src/c.js:5:6)')].join('\n');
  const text = JSON.stringify({ level: 'error', message: 'failed', stack, tail: 'x'.repeat(2_000_000) });
  expect(text.length).toBeGreaterThan(8_000_000);
  const { traces, gaps } = observed(lines([text, 'plain '.repeat(1_700_000)]));
  expect(traces).toMatchObject([{ type: 'TypeError', crashFrame: 0 }]);
  expect(gaps.join('\n')).toContain('the record that holds it was cut off: its last frames are missing');
});

test('binary is no trace, and does not hide one', () => {
  const noise = Array.from({ length: 300 }, (_, index) =>
    String.fromCharCode(index % 256, (index * 7) % 65_536, 0xd800),
  ).join('');
  expect(extracted([noise, ERROR, ...FRAMES, noise])).toMatchObject([{ type: 'TypeError', lineIndexes: [1, 2, 3] }]);
});

describe('built output', () => {
  test('a minified file of one line: the source by its name, without a line, and why', () => {
    const texts = [ERROR, '    at t.total (/app/dist/assets/basket-4f3c9a1b.min.js:1:48213)'];
    const { traces, gaps } = observed(lines(texts), ['src/basket.ts', 'src/other.ts']);
    expect(traces[0]?.frames[0]).toMatchObject({ repositoryPath: 'src/basket.ts', line: null, inApp: true });
    expect(gaps).toEqual([
      'of a stack trace (TypeError): /app/dist/assets/basket-4f3c9a1b.min.js is built output, and no source map of that build is at hand: the line in src/basket.ts is not known',
    ]);
  });

  test('compiled files keep their folders, so the one of two is found', () => {
    const { traces } = observed(lines([ERROR, '    at f (/app/dist/orders/index.js:3:1)']), [
      'src/orders/index.ts',
      'src/items/index.ts',
    ]);
    expect(traces[0]?.frames[0]).toMatchObject({ repositoryPath: 'src/orders/index.ts', line: null });
  });

  test('with the source map of that build the line is that of the source', () => {
    const paths = ['src/basket.ts', 'dist/basket.js', 'dist/basket.js.map'];
    const trace = lines([ERROR, '    at total (/app/dist/basket.js:6:24)']);
    const asked = { kind: 'originals', service: SERVICE, path: 'dist/basket.js', revision: 'HEAD' } as const;
    const original = { path: 'dist/basket.js', line: 6, column: 24, source: 'src/basket.ts', sourceLine: 7 };
    const answered: Observation = {
      question: { ...asked, places: [{ line: 6, column: 24 }] },
      answer: { source: 'git', query: 'git show', telemetry: { originals: [original] }, gaps: [] },
    };
    const [first] = observed(trace, paths).traces;
    expect(first?.frames[0]).toMatchObject({ line: null, built: { path: 'dist/basket.js', line: 6, column: 24 } });
    const [evidence] = observeStackTraces([logAnswer(trace), tree(paths), answered], contextOf());
    expect(evidence?.data).toMatchObject({ frames: [{ repositoryPath: 'src/basket.ts', line: 7 }] });
    expect(traceLosses(evidence ? [evidence] : [])).toEqual([]);
  });

  test('nothing of that name: nobody knows', () => {
    const { traces, gaps } = observed(lines([ERROR, '    at f (/app/dist/main.js:1:90000)']), ['src/a.ts']);
    expect(traces[0]?.frames[0]?.repositoryPath).toBeNull();
    expect(gaps.join()).toContain('nothing in the repository goes by its name');
  });
});

describe('several writers in one stream', () => {
  const other = ['RangeError: y', '    at h (/app/src/c.js:5:6)', '    at i (/app/src/d.js:7:8)'];
  const woven = (prefix: (writer: 'a' | 'b', text: string) => string) =>
    [ERROR, ...FRAMES].flatMap((text, index) => [prefix('a', text), prefix('b', other[index] ?? '')]);

  test.each([
    ['docker compose', (writer: string, text: string) => `web-${writer}  | ${text}`],
    ['kubectl', (writer: string, text: string) => `[pod/web-${writer}/app] ${text}`],
    ['stern', (writer: string, text: string) => `web-5d89f7c-${writer}2x7p app ${text}`],
    ['syslog', (writer: string, text: string) => `Jan  1 03:12:05 host web-${writer}[12]: ${text}`],
    ['the journal', (writer: string, text: string) => `2026-01-01T03:12:05+0000 host web-${writer}[12]: ${text}`],
  ])('are told apart by the names that %s puts before each line', (_name, prefix) => {
    expect(extracted(woven(prefix)).map(({ type, lineIndexes }) => [type, lineIndexes])).toEqual([
      ['TypeError', [0, 2, 4]],
      ['RangeError', [1, 3, 5]],
    ]);
  });

  test('a name only on the first line parts nothing', () => {
    const texts = ['[http-1] ERROR TypeError: x', ...FRAMES, '[http-2] INFO next'];
    expect(extracted(texts)).toMatchObject([{ type: 'TypeError', lineIndexes: [0, 1, 2] }]);
  });

  test('records in between are not part of the trace, and the order is doubted', () => {
    const texts = [ERROR, FRAMES[0] ?? '', '{"level":"INFO","message":"GET / -> 200 (1 ms)"}', FRAMES[1] ?? ''];
    expect(observed(lines(texts)).gaps).toEqual([
      'of a stack trace (TypeError): lines of other writers stand between its frames: their order is not certain',
    ]);
    expect(extracted(texts)[0]?.lineIndexes).toEqual([0, 1, 3]);
  });
});

function stamp(text: string): string {
  return `2026-01-01 03:12:05,123 ERROR ${text}`;
}

describe('time and level before each line', () => {
  test('of JavaScript', () => {
    expect(extracted([ERROR, ...FRAMES].map(stamp))).toMatchObject([{ type: 'TypeError', lineIndexes: [0, 1, 2] }]);
  });

  test('of Python, its source lines too', () => {
    const texts = [
      'Traceback (most recent call last):',
      '  File "/app/a.py", line 3, in f',
      '    return x["id"]',
      "KeyError: 'id'",
    ];
    expect(extracted(texts.map(stamp))).toMatchObject([{ type: 'KeyError', lineIndexes: [0, 1, 2, 3] }]);
  });
});

test('a beginning that is missing is said', () => {
  expect(observed(lines(FRAMES)).gaps).toEqual([
    'of a stack trace (unknown error): its beginning is missing: what was thrown is not known',
  ]);
});
