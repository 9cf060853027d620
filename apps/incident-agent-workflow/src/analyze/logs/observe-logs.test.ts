import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogEvidence } from '../../domain/evidence.ts';
import type { LogLine } from '../../domain/telemetry.ts';
import { contextOf, FROM, logAnswer, SERVICE, TO } from '../metrics/observations.test-helper.ts';
import { observeLogs } from './observe-logs.ts';

/** Seconds after the begin of the window; the incident begins at 4,320. */
const ONSET_SECONDS = 4_320;
const END_SECONDS = 4_800;

function at(seconds: number): string {
  return new Date(Date.parse(FROM) + seconds * 1_000).toISOString();
}

function entry(seconds: number, level: string, message: string, fields: Record<string, unknown> = {}): LogLine {
  const text = JSON.stringify({ level, time: at(seconds), service: SERVICE.name, ...fields, message });
  return { at: at(seconds), stream: '/logs/app.log', text };
}

function every(step: number, from: number, to: number, lineAt: (seconds: number) => LogLine): LogLine[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => lineAt(from + index * step));
}

/** In the order of time, numbered as in a file. */
function file(...parts: readonly LogLine[][]): LogLine[] {
  const lines = parts.flat().sort((a, b) => (a.at! < b.at! ? -1 : Number(a.at! > b.at!)));
  return lines.map((line, index) => ({ ...line, line: index + 1 }));
}

const traffic = every(10, 0, END_SECONDS, (seconds) =>
  entry(seconds, 'INFO', `GET /items/ -> 200 (${seconds % 9} ms)`),
);
const warnings = every(60, 0, END_SECONDS, (seconds) => entry(seconds, 'WARN', `slow query: ${seconds} ms`));

function titles(lines: readonly LogLine[], context = contextOf()): string[] {
  return observeLogs([logAnswer(lines)], context).map(({ title }) => title);
}

describe('patterns', () => {
  const failures = every(5, ONSET_SECONDS, END_SECONDS, (seconds) =>
    entry(seconds, 'ERROR', `MongoDB check failed after ${seconds} ms`),
  );

  test('what is new is shown with its count and its first time, what always was there is not', () => {
    expect(titles(file(traffic, warnings, failures))).toEqual([
      'error “MongoDB check failed after <*> ms” 96 times since 03:12:05, never before',
    ]);
  });

  test('a warning that says why is not crowded out by the many lines that only say that something failed', () => {
    const routes = ['items', 'orders', 'quotes', 'customers', 'carts', 'refunds', 'invoices'].map((route, index) =>
      every(7 + index, ONSET_SECONDS, END_SECONDS, (seconds) => entry(seconds, 'ERROR', `POST /${route} -> 502`)),
    );
    const why = every(60, ONSET_SECONDS, END_SECONDS, (seconds) =>
      entry(seconds, 'WARN', 'entry was not taken: ledger answered 401 to POST /entries'),
    );
    expect(titles(file(traffic, ...routes, why))[0]).toContain('ledger answered 401');
  });

  test('samples are the lines themselves, with their place and what stands around them', () => {
    const [evidence] = observeLogs([logAnswer(file(traffic, warnings, failures))], contextOf());
    const { data } = LogEvidence.parse({ ...evidence, id: 'E1' });
    expect(data).toMatchObject({
      level: 'error',
      baselineCount: 0,
      incidentCount: 96,
      firstAt: at(ONSET_SECONDS),
      lastAt: at(4_795),
    });
    expect(data.samples).toHaveLength(5);
    expect(data.samples[0]).toMatchObject({ at: at(ONSET_SECONDS), stream: '/logs/app.log', line: 507 });
    expect(JSON.parse(data.samples[0]!.text)).toMatchObject({ message: 'MongoDB check failed after 4320 ms' });
    expect(data.context).toContain(data.samples[0]!.text);
    expect(data.context).toHaveLength(8);
  });

  test('what rose is shown with both counts, what stayed as it was is not', () => {
    const before = every(600, 0, ONSET_SECONDS, (seconds) => entry(seconds, 'ERROR', 'payment declined by bank'));
    const after = every(10, ONSET_SECONDS, END_SECONDS, (seconds) =>
      entry(seconds, 'ERROR', 'payment declined by bank'),
    );
    const steady = every(30, 0, END_SECONDS, (seconds) => entry(seconds, 'ERROR', 'cannot read the holiday calendar'));
    expect(titles(file(traffic, before, after, steady))).toEqual([
      'error “payment declined by bank” 48 times in the incident, 8 times before it',
    ]);
  });

  test('a failed request is a pattern by its path and status', () => {
    const failed = every(20, ONSET_SECONDS, END_SECONDS, (seconds) =>
      entry(seconds, 'ERROR', `GET /items/${seconds} -> 502 (3 ms)`),
    );
    expect(titles(file(traffic, failed))).toEqual([
      'error “GET /items/<*> -> 502” 24 times since 03:12:05, never before',
    ]);
  });

  test('a stop is no error and is shown all the same', () => {
    const stop = [entry(ONSET_SECONDS, 'INFO', 'SIGTERM: shutting down')];
    expect(titles(file(traffic, stop))).toEqual(['“SIGTERM: shutting down” once at 03:12:05, never before']);
  });

  test('at most six are shown', () => {
    const kinds = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].map((word) => [
      entry(ONSET_SECONDS, 'ERROR', `${word} went wrong in its very own way`),
    ]);
    expect(titles(file(traffic, ...kinds))).toHaveLength(6);
  });
});

describe('lines of a stack trace', () => {
  const stack = 'TypeError: x\n    at f (/app/src/items.ts:1:2)';
  const failures = every(20, ONSET_SECONDS, END_SECONDS, (seconds) =>
    entry(seconds, 'ERROR', 'GET /items/ failed: x', { stack }),
  );
  const answers = every(20, ONSET_SECONDS, END_SECONDS, (seconds) =>
    entry(seconds, 'ERROR', 'GET /items/ -> 500 (3 ms)'),
  );

  test('are not counted again, while the answers are a pattern of their own', () => {
    expect(titles(file(traffic, failures, answers))).toEqual([
      'error “GET /items/ -> 500” 24 times since 03:12:05, never before',
    ]);
  });

  test('are not turned into "nothing new" either', () => {
    expect(titles(file(traffic, failures))).toEqual([]);
  });

  test('are no patterns when they come one by one', () => {
    const lines = stack.split('\n').map((text) => ({ at: at(ONSET_SECONDS), stream: '/logs/app.log', text }));
    expect(titles(file(traffic, lines))).toEqual([]);
  });
});

describe('nothing new', () => {
  test('says how much was looked at', () => {
    expect(titles(file(traffic, warnings))).toEqual([
      'no new error pattern among 560 lines of weather-app1: 500 before the incident, 60 in it',
    ]);
  });

  test('no lines at all are evidence, because somebody looked', () => {
    const [evidence, ...others] = observeLogs([logAnswer([])], contextOf());
    expect(others).toEqual([]);
    expect(evidence).toMatchObject({
      title: '0 lines of weather-app1 in the window',
      data: { incidentCount: 0, baselineCount: 0, samples: [] },
    });
  });

  test('a source that could not look is no evidence', () => {
    const observation = logAnswer([]);
    expect(observeLogs([{ ...observation, answer: { ...observation.answer, telemetry: {} } }], contextOf())).toEqual(
      [],
    );
  });

  test('a service that stopped logging is said to be silent', () => {
    const until = traffic.filter((line) => line.at! < at(ONSET_SECONDS));
    expect(titles(file(until))).toEqual([
      'no new error pattern among 432 lines of weather-app1: 428 before the incident, 4 in it',
      'weather-app1 logged nothing after 03:11:55',
    ]);
  });
});

test('with lines of the incident only, errors are shown and none is called new', () => {
  const lines = file(every(5, ONSET_SECONDS, END_SECONDS, (seconds) => entry(seconds, 'ERROR', 'boom')));
  const cut = observeLogs([logAnswer(lines, SERVICE, lines.length)], contextOf());
  expect(cut.map(({ title }) => title)).toEqual(['error “boom” 96 times since 03:12:05']);
});

test('binary noise is read, and found to be nothing', () => {
  const lines = every(10, 0, END_SECONDS, (seconds) => ({
    at: at(seconds),
    stream: 's',
    text: String.fromCharCode(...Array.from({ length: 60 }, (_, index) => (index * 7_919 + seconds * 31) % 65_536)),
  }));
  const [evidence] = observeLogs([logAnswer(lines)], contextOf());
  expect(evidence?.title).toMatch(/^no new error pattern among 480 lines/);
  expect(JSON.stringify(evidence).isWellFormed()).toBe(true);
});

test('the same answer to the same question is counted once', () => {
  const lines = file(traffic, warnings);
  expect(observeLogs([logAnswer([]), logAnswer(lines), logAnswer(lines)], contextOf())).toHaveLength(1);
});

test('any lines give valid, bounded evidence, and the same twice', () => {
  const message = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'ERROR boom',
      'TypeError: x',
      '    at f (/a.ts:1:2)',
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in f',
      'panic: x',
      'goroutine 1 [running]:',
      'main.f()',
      '\t/a.go:1 +0x1',
      '{"level":"ERROR","message":"m"}',
    ),
  );
  const line: fc.Arbitrary<LogLine> = fc.record({
    at: fc.constantFrom(FROM, TO, at(4_400), 'never'),
    stream: fc.constantFrom('a', 'b'),
    text: message,
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 80, size: 'max' }), (lines) => {
      const evidence = observeLogs([logAnswer(lines)], contextOf());
      expect(evidence).toEqual(observeLogs([logAnswer(lines)], contextOf()));
      expect(evidence.length).toBeLessThanOrEqual(7);
      for (const one of evidence) {
        const { data, title } = LogEvidence.parse({ ...one, id: 'E1' });
        expect(title).not.toMatch(/[\r\n]|undefined|NaN/);
        expect(data.samples.length).toBeLessThanOrEqual(5);
        expect(data.baselineCount + data.incidentCount).toBeLessThanOrEqual(lines.length);
      }
    }),
    { numRuns: 200 },
  );
});
