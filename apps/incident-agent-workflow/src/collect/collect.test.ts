import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Question, QuestionKind } from '../domain/question.ts';
import { unregisteredService } from '../domain/service.ts';
import type { Answer, LogLine, Point } from '../domain/telemetry.ts';
import type { Clock, Source } from '../ports.ts';
import { collect } from './collect.ts';

const WINDOW = { from: '2026-11-23T19:00:00.000Z', to: '2026-11-23T20:00:00.000Z' };
const logs: Question = { kind: 'logs', service: unregisteredService('weather-app1'), ...WINDOW, maxLines: 10 };

/** Time does not pass: a sleep ends only when it is no longer needed. */
const stoppedClock: Clock = {
  now: () => WINDOW.to,
  milliseconds: () => 0,
  sleep: (_milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve());
    }),
};
/** Every deadline is over as soon as everybody had a turn. */
const hurriedClock: Clock = {
  ...stoppedClock,
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
};

function options(clock = stoppedClock, signal = new AbortController().signal) {
  const errors: [string, unknown][] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string, fields?: unknown) => void errors.push([message, fields]),
  };
  return { deadlineMilliseconds: 100, clock, signal, log, errors };
}

function source(name: string, ask: Source['ask'], kinds: QuestionKind[] = ['logs']): Source {
  return { name, kinds, ask };
}
function answering(name: string, texts: string[] | undefined, ...reasons: Answer['gaps'][number]['reason'][]): Source {
  const logLines: LogLine[] | undefined = texts?.map((text) => ({ stream: 's', text }));
  const gaps = reasons.map((reason) => ({ source: name, query: 'q', reason, detail: 'd', unknown: 'u' }));
  return source(name, async () => ({ source: name, query: 'q', telemetry: logLines ? { logLines } : {}, gaps }));
}

function withPoints(name: string, points: Point[]): Source {
  const telemetry = { series: [{ metric: 'up', labels: {}, points }] };
  return source(name, async () => ({ source: name, query: '', telemetry, gaps: [] }), ['metric']);
}

async function one(...sources: Source[]): Promise<Answer | undefined> {
  return (await collect([logs], sources, options()))[0]?.answer;
}

describe('of several sources', () => {
  test('the first that has something is taken', async () => {
    expect(await one(answering('loki', ['a']), answering('log-files', ['b']))).toMatchObject({
      source: 'loki',
      gaps: [],
    });
  });

  test('a gap of one is covered by the data of another', async () => {
    const answer = await one(answering('loki', undefined, 'unreachable'), answering('log-files', ['b']));
    expect(answer).toMatchObject({
      source: 'log-files',
      gaps: [{ source: 'loki', reason: 'unreachable', coveredBy: 'log-files' }],
    });
  });

  test('a preferred one that is empty while another is not leaves a gap that says to check the labels', async () => {
    const answer = await one(answering('loki', []), answering('log-files', ['b']));
    expect(answer?.source).toBe('log-files');
    expect(answer?.gaps).toMatchObject([
      {
        source: 'loki',
        reason: 'not-found',
        coveredBy: 'log-files',
        detail: expect.stringContaining('check that its labels'),
      },
    ]);
  });

  test('a fallback that is empty is no gap', async () => {
    expect((await one(answering('loki', ['a']), answering('log-files', [])))?.gaps).toEqual([]);
  });

  test('none with data: the first that looked is taken, and nothing covers the gaps', async () => {
    const answer = await one(answering('loki', undefined, 'timeout'), answering('log-files', [], 'too-large'));
    expect(answer).toMatchObject({ source: 'log-files', telemetry: { logLines: [] } });
    expect(answer?.gaps.map((gap) => [gap.source, gap.coveredBy])).toEqual([
      ['loki', undefined],
      ['log-files', undefined],
    ]);
  });

  test('all failed: all gaps are kept and nothing is claimed', async () => {
    const answer = await one(answering('loki', undefined, 'timeout'), answering('log-files', undefined, 'not-found'));
    expect(answer?.telemetry).toEqual({});
    expect(answer?.gaps.map((gap) => gap.reason)).toEqual(['timeout', 'not-found']);
  });

  test('series without any point are no data', async () => {
    const metric: Question = {
      kind: 'metric',
      service: logs.service,
      metric: 'up',
      labels: {},
      ...WINDOW,
      stepSeconds: 5,
    };
    const sources = [withPoints('prometheus', []), withPoints('samples', [{ at: WINDOW.from, value: 1 }])];
    expect((await collect([metric], sources, options()))[0]?.answer.source).toBe('samples');
  });
});

test('a kind that nobody answers is a gap that names what stays unknown', async () => {
  expect(await one(source('git', async () => Promise.reject(new Error('not asked')), ['history']))).toMatchObject({
    telemetry: {},
    gaps: [
      {
        reason: 'not-configured',
        detail: 'no source for logs is configured',
        unknown: expect.stringContaining('weather-app1'),
      },
    ],
  });
});

test('a source that ignores its deadline is a gap and does not hold the others up', async () => {
  const deaf = source('loki', () => new Promise(() => undefined));
  const [observation] = await collect([logs], [deaf, answering('log-files', ['b'])], options(hurriedClock));
  expect(observation?.answer).toMatchObject({
    source: 'log-files',
    gaps: [{ source: 'loki', reason: 'timeout', detail: 'loki did not answer in 100 ms', coveredBy: 'log-files' }],
  });
});

test('a source that heeds its deadline tells the gap itself, with its query', async () => {
  const gap = { source: 'loki', query: '{service="x"}', reason: 'timeout' as const, detail: 'own words', unknown: 'u' };
  const heeding = source(
    'loki',
    (_question, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          resolve({ source: 'loki', query: gap.query, telemetry: {}, gaps: [gap] }),
        ),
      ),
  );
  expect((await collect([logs], [heeding], options(hurriedClock)))[0]?.answer.gaps).toEqual([gap]);
});

test('a bug in a source is logged, becomes a gap, and costs no other answer', async () => {
  const asked = options();
  const broken = source('loki', () => Promise.reject(new TypeError('x is undefined')));
  const [observation] = await collect([logs], [broken, answering('log-files', ['b'])], asked);
  expect(observation?.answer.gaps).toMatchObject([
    { source: 'loki', detail: 'internal error in loki: x is undefined' },
  ]);
  expect(asked.errors).toEqual([
    ['A source failed with an internal error', expect.objectContaining({ source: 'loki', kind: 'logs' })],
  ]);
});

test('a source that throws at once is treated the same', async () => {
  const broken = source('loki', () => {
    throw new TypeError('at once');
  });
  expect((await one(broken))?.gaps).toMatchObject([{ detail: 'internal error in loki: at once' }]);
});

test('stopping the process rejects, so that nothing half seen is taken for the whole', async () => {
  const stop = new AbortController();
  const waiting = source('loki', (_question, signal) => {
    queueMicrotask(() => stop.abort(new Error('stopping')));
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await expect(collect([logs], [waiting], options(stoppedClock, stop.signal))).rejects.toThrow('stopping');
});

test('never more than 16 are asked at once', async () => {
  let underWay = 0;
  let most = 0;
  const counting = source('loki', async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return { source: 'loki', query: '', telemetry: {}, gaps: [] };
  });
  const questions = Array.from({ length: 50 }, () => ({ ...logs }));
  expect(await collect(questions, [counting], options())).toHaveLength(50);
  expect(most).toBe(16);
});

test('the order of arrival changes nothing', async () => {
  const questions = Array.from({ length: 6 }, (_, index) => ({ ...logs, maxLines: index + 1 }));
  const run = async (turns: readonly number[]) => {
    const waiting = source('loki', async (question) => {
      const index = question.kind === 'logs' ? question.maxLines : 0;
      for (let turn = turns[index] ?? 0; turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
      return { source: 'loki', query: String(index), telemetry: { logLines: [] }, gaps: [] };
    });
    return collect(questions, [waiting, answering('log-files', ['b'])], options());
  };
  const expected = await run([]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }), async (turns) => {
      expect(await run(turns)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});
