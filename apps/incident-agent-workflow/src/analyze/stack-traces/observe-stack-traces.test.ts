import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StackTraceEvidence } from '../../domain/evidence.ts';
import type { LogLine, Observation } from '../../domain/telemetry.ts';
import { readLogLine } from '../logs/read-log-line.ts';
import { contextOf, FROM, logAnswer, SERVICE, textDigest } from '../metrics/observations.test-helper.ts';
import { extractTraces } from './extract.ts';
import { fingerprintOf } from './fingerprint.ts';
import { observeStackTraces } from './observe-stack-traces.ts';

const ONSET_SECONDS = 4_320;

function at(seconds: number): string {
  return new Date(Date.parse(FROM) + seconds * 1_000).toISOString();
}

function failure(seconds: number, type = 'TypeError', line = 42, fields: Record<string, unknown> = {}): LogLine {
  const stack = `${type}: Cannot read properties of undefined (reading 'id')\n    at handler (file:///app/src/items.ts:${line}:18)\n    at async x (/app/node_modules/fastify/a.js:1:1)`;
  const text = JSON.stringify({
    level: 'ERROR',
    time: at(seconds),
    message: 'GET /items/:id failed: x',
    stack,
    ...fields,
  });
  return { at: at(seconds), stream: '/logs/app.log', line: seconds, text };
}

function answered(seconds: number, path: string, status: number): LogLine {
  const text = JSON.stringify({ level: 'ERROR', time: at(seconds), message: `GET ${path} -> ${status} (3 ms)` });
  return { at: at(seconds), stream: '/logs/app.log', text };
}

function tree(paths: readonly string[]): Observation {
  const revision = 'a'.repeat(40);
  const repository = {
    root: '/srv/shop',
    head: revision,
    deployedRevision: revision,
    deployedFrom: 'head',
    servicePath: 'apps/items',
    shallow: false,
  } as const;
  return {
    question: { kind: 'files', service: SERVICE },
    answer: { source: 'git', query: 'git ls-tree', telemetry: { paths: [...paths], repository }, gaps: [] },
  };
}

function observed(lines: readonly LogLine[], ...others: readonly Observation[]) {
  return observeStackTraces([logAnswer(lines), ...others], contextOf()).map((one) =>
    StackTraceEvidence.parse({ ...one, id: 'E1' }),
  );
}

test('one failure is one evidence: what, where in the repository, how often, since when, for which request', () => {
  const lines = [0, 1, 2].flatMap((step) => [
    failure(ONSET_SECONDS + step),
    answered(ONSET_SECONDS + step, `/items/${step}`, 500),
  ]);
  const [evidence, ...others] = observed(lines, tree(['apps/items/src/items.ts']));
  expect(others).toEqual([]);
  expect(evidence?.title).toBe(
    "TypeError: Cannot read properties of undefined (reading 'id') at apps/items/src/items.ts:42, 3 times since 03:12:05",
  );
  expect(evidence?.data).toMatchObject({
    count: 3,
    baselineCount: 0,
    crashFrame: 0,
    firstAt: at(ONSET_SECONDS),
    lastAt: at(ONSET_SECONDS + 2),
    request: { method: 'GET', path: '/items/0', status: 500 },
    stream: '/logs/app.log',
    line: ONSET_SECONDS,
  });
  expect(evidence?.data.frames[0]).toMatchObject({
    repositoryPath: 'apps/items/src/items.ts',
    line: 42,
    column: 18,
    inApp: true,
  });
});

test('without a view of the repository the path is that of the trace', () => {
  expect(observed([failure(ONSET_SECONDS)])[0]?.title).toBe(
    "TypeError: Cannot read properties of undefined (reading 'id') at /app/src/items.ts:42, once at 03:12:05",
  );
});

describe('what was there before', () => {
  const steady = Array.from({ length: 40 }, (_, index) => failure(index * 120, 'RangeError'));

  test('is left out beside what is new', () => {
    expect(observed([...steady, failure(ONSET_SECONDS)]).map(({ data }) => data.type)).toEqual(['TypeError']);
  });

  test('is shown when it is all there is, and says how much of it is old', () => {
    const [evidence] = observed(steady);
    expect(evidence?.data).toMatchObject({ count: 40, baselineCount: 36 });
    expect(evidence?.title).toMatch(/40 times since 02:00:05 \(36 of them before the incident\)$/);
  });

  test('is shown when it became much more frequent', () => {
    const more = Array.from({ length: 60 }, (_, index) => failure(ONSET_SECONDS + index * 5, 'RangeError'));
    expect(observed([...steady, ...more, failure(ONSET_SECONDS)]).map(({ data }) => data.type)).toEqual([
      'TypeError',
      'RangeError',
    ]);
  });
});

test('at most four, those of our own code first', () => {
  const lines = ['AError', 'BError', 'CError', 'DError', 'EError'].map((type) => failure(ONSET_SECONDS, type));
  expect(observed(lines)).toHaveLength(4);
});

describe('the request', () => {
  test('of the line itself comes first', () => {
    const lines = [
      failure(ONSET_SECONDS, 'TypeError', 42, { method: 'PUT', path: '/items/9', status: 500 }),
      answered(ONSET_SECONDS, '/items/1', 500),
    ];
    expect(observed(lines)[0]?.data.request).toEqual({ method: 'PUT', path: '/items/9', status: 500 });
  });

  test('of an answer that went well, or came much later, is not taken', () => {
    const lines = [
      failure(ONSET_SECONDS),
      answered(ONSET_SECONDS, '/items/1', 200),
      answered(ONSET_SECONDS + 60, '/items/2', 500),
    ];
    expect(observed(lines)[0]?.data.request).toEqual({ method: 'GET', path: '/items/:id', status: null });
  });

  test('is null where nothing names one', () => {
    expect(observed([failure(ONSET_SECONDS, 'TypeError', 42, { message: 'boom' })])[0]?.data.request).toBeNull();
  });
});

function fingerprint(stack: string): string {
  const [trace] = extractTraces([readLogLine({ text: JSON.stringify({ stack, message: 'x' }), stream: 's' })]);
  return fingerprintOf(trace!, textDigest);
}

describe('the fingerprint', () => {
  const base =
    'TypeError: id 7\n    at f (/app/src/a.ts:1:2)\n    at g (/app/src/b.ts:3:4)\n    at h (/app/node_modules/x/y.js:1:1)';
  test.each([
    { says: 'other line numbers', stack: base.replaceAll(/:\d+:\d+/g, ':99:1'), isSame: true },
    { says: 'another message', stack: base.replace('id 7', 'id 8'), isSame: true },
    { says: 'another host', stack: base.replaceAll('/app/src', '/home/app/src'), isSame: true },
    {
      says: 'deeper recursion',
      stack: base.replace('    at g', '    at f (/app/src/a.ts:1:2)\n    at f (/app/src/a.ts:1:3)\n    at g'),
      isSame: true,
    },
    { says: 'other library frames', stack: base.replace('x/y.js', 'z/y.js'), isSame: true },
    { says: 'another type', stack: base.replace('TypeError', 'RangeError'), isSame: false },
    { says: 'another function', stack: base.replace('at f', 'at other'), isSame: false },
    { says: 'another caller', stack: base.replace('b.ts', 'c.ts'), isSame: false },
  ])('with $says is the same: $isSame', ({ stack, isSame }) => {
    expect(fingerprint(stack) === fingerprint(base)).toBe(isSame);
  });
});

test('5,000 frames become 60, the crash frame among them', () => {
  const library = Array.from({ length: 5_000 }, (_, index) => `    at f${index} (/app/node_modules/x/${index}.js:1:1)`);
  const stack = ['RangeError: too deep', ...library, '    at ours (/app/src/items.ts:7:1)'].join('\n');
  const text = JSON.stringify({ level: 'ERROR', message: 'boom', stack });
  const [evidence] = observed([{ at: at(ONSET_SECONDS), stream: 's', text }], tree(['apps/items/src/items.ts']));
  expect(evidence?.data.frames).toHaveLength(60);
  expect(evidence?.data.frames[evidence.data.crashFrame ?? -1]).toMatchObject({
    repositoryPath: 'apps/items/src/items.ts',
    line: 7,
  });
  expect(evidence?.title).toContain('at apps/items/src/items.ts:7, once');
});

test('any lines give valid, bounded evidence, and the same twice', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      failure(0).text,
      'TypeError: x',
      '    at f (/a.ts:1:2)',
      '  File "a.py", line 1, in f',
      'panic: x',
      'goroutine 1 [running]:',
      'main.f()',
      '\t/a.go:1 +0x1',
      'a.b.CException: x',
      '\tat a.b.C.d(C.java:1)',
    ),
  );
  const line: fc.Arbitrary<LogLine> = fc.record({
    at: fc.constantFrom(FROM, at(4_400), 'never'),
    stream: fc.constantFrom('a', 'b'),
    text,
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60, size: 'max' }), (lines) => {
      const evidence = observed(lines, tree(['a.ts', 'src/items.ts']));
      expect(evidence).toEqual(observed(lines, tree(['a.ts', 'src/items.ts'])));
      expect(evidence.length).toBeLessThanOrEqual(4);
      for (const { title, data } of evidence) {
        expect(title).not.toMatch(/[\r\n]|NaN/);
        expect(data.frames.length).toBeLessThanOrEqual(60);
      }
    }),
    { numRuns: 200 },
  );
});
