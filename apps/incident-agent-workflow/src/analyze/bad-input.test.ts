/** One incident, told through damaged telemetry: nothing throws, what can still be said is said, what was lost is a gap. */
import { afterAll, describe, expect, test } from 'vitest';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { LogLine, Series } from '../domain/telemetry.ts';
import { cutText } from '../lib/clean-text.ts';
import { plusSeconds } from '../lib/time.ts';
import { CRASH_LINE_CHANGED, type Crash, ITEMS, itemsRepository, regressionWorld } from './scenarios.test-helper.ts';
import { FROM, investigate, NOW, ONSET, type World } from './world.test-helper.ts';

const CRASH: Crash = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading '0')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`, `/srv/repo/${ITEMS}:21:29`],
};
const repository = itemsRepository(CRASH_LINE_CHANGED);
afterAll(() => repository.remove());
const guilty = repository.hashes[5];
const whole = regressionWorld(repository, CRASH);

/** A bound that a person would notice, far above what is needed: a test for what would never end. */
const MANY_SECONDS = 60_000;

function blamed({ hypotheses }: Facts): string | null | undefined {
  const [first] = hypotheses;
  return first && first.confidence >= 0.66 ? first.cause.commit : undefined;
}

function withMetrics(change: (series: Series) => Series): World {
  const metrics = Object.fromEntries(
    Object.entries(whole.metrics ?? {}).map(([name, list]) => [name, list.map((series) => change(series))]),
  );
  return { ...whole, metrics };
}

function withLogs(change: (line: LogLine, index: number) => LogLine): World {
  return { ...whole, logs: (whole.logs ?? []).map((line, index) => change(line, index)) };
}

/** The line says another time than the store that took it in. */
function withOwnClock(minutes: number): World {
  return withLogs((line) => {
    const own = JSON.stringify(plusSeconds(line.at ?? ONSET, minutes * 60));
    return { ...line, text: line.text.replace(/"time":"[^"]*"/, `"time":${own}`) };
  });
}

test('undamaged, the commit is named', () => {
  const facts = investigate(whole);
  expect(blamed(facts)).toBe(guilty);
  expect(facts.gaps.map(({ detail }) => detail).join()).not.toContain('log store');
});

describe('metrics', () => {
  test.each<{ says: string; change: (series: Series) => Series; gap?: string }>([
    {
      says: 'windows without a sample',
      change: (series) => ({ ...series, points: [] }),
      gap: 'up, http_requests_total and process_start_time_seconds of items-api: no sample in the window',
    },
    {
      says: 'one sample',
      change: (series) => ({ ...series, points: series.points.slice(-1) }),
      gap: 'up, http_requests_total and process_start_time_seconds of items-api: one sample in the window, which shows no movement',
    },
    {
      says: 'nothing but NaN',
      gap: 'up, http_requests_total and process_start_time_seconds of items-api: no number in the window, only NaN or infinity',
      change: (series) => ({ ...series, points: series.points.map(({ at }) => ({ at, value: null })) }),
    },
    {
      says: 'constant series',
      change: (series) => ({ ...series, points: series.points.map(({ at }) => ({ at, value: 7 })) }),
    },
    {
      says: 'numbers at the end of the range',
      change: (series) => ({ ...series, points: series.points.map(({ at }) => ({ at, value: Number.MAX_VALUE })) }),
    },
    {
      says: 'every second sample missing, and the rest twice',
      change: (series) => ({
        ...series,
        points: series.points.filter((_point, index) => index % 2 === 0).flatMap((point) => [point, point]),
      }),
    },
  ])(
    '$says: the trace still tells the commit, no metric is said to have moved that did not, and a loss is a gap',
    ({ change, gap }) => {
      const facts = investigate(withMetrics(change));
      expect(facts.hypotheses[0]?.cause).toMatchObject({ class: 'code-error', commit: guilty, file: ITEMS });
      const moved = evidenceOfKind(facts.evidence, 'metric').filter(({ data }) => data.direction !== 'flat');
      const still = moved.filter(({ data }) => data.points.every(({ value }) => value === data.points[0]?.value));
      expect(still.map(({ title }) => title)).toEqual([]);
      expect(facts.gaps.filter(({ source }) => source === 'prometheus').map(({ detail }) => detail)).toEqual(
        gap ? [gap] : [],
      );
    },
  );

  test('no window at all: the alert came in the second of the look', () => {
    const now = { ...whole, alerts: whole.alerts.map((alert) => ({ ...alert, startsAt: NOW })) };
    expect(investigate(now).hypotheses[0]?.cause.class).toBe('code-error');
  });
});

describe('clocks', () => {
  test.each([60, -60, 330])(
    'a service whose clock is %i minutes off is read by the clock of the store, and that is said',
    (minutes) => {
      const facts = investigate(withOwnClock(minutes));
      expect(blamed(facts)).toBe(guilty);
      const trace = facts.evidence.find(({ kind }) => kind === 'stack-trace');
      expect(trace?.data).toMatchObject({ firstAt: plusSeconds(ONSET, 2) });
      const way = minutes > 0 ? 'ahead of' : 'behind';
      expect(facts.gaps).toContainEqual(
        expect.objectContaining({
          source: 'loki',
          reason: 'malformed',
          detail: expect.stringContaining(`are ${Math.abs(minutes)} minutes ${way} those of the log store`),
        }),
      );
    },
  );

  test('a shipper that is seconds late is no wrong clock: the own time of the line is the better one', () => {
    const facts = investigate(withOwnClock(-0.5));
    expect(facts.gaps.map(({ detail }) => detail).join()).not.toContain('log store');
    expect(facts.evidence.find(({ kind }) => kind === 'stack-trace')?.data).toMatchObject({
      firstAt: plusSeconds(ONSET, -28),
    });
  });

  test('commits dated in the future are no reason to fail', () => {
    const facts = investigate({ ...whole, alerts: whole.alerts.map((alert) => ({ ...alert, startsAt: FROM })) });
    expect(facts.hypotheses.length).toBeGreaterThan(0);
  });
});

describe('log lines', () => {
  test(
    'one of 10 MB among them',
    () => {
      const [first, ...rest] = whole.logs ?? [];
      const huge = { ...first!, text: `${first?.text.slice(0, -2)}${'x'.repeat(10 * 1024 * 1024)}"}` };
      const facts = investigate({ ...whole, logs: [huge, ...rest] });
      expect(blamed(facts)).toBe(guilty);
      expect(JSON.stringify(facts.evidence).length).toBeLessThan(1024 * 1024);
      expect(facts.gaps.map(({ detail }) => detail).join()).toMatch(
        /a log line of items-api has 10,485,\d{3} characters: only the first 262,144 were read/,
      );
    },
    MANY_SECONDS,
  );

  test('one that its source cut already: the gap counts what the line had', () => {
    const [first, ...rest] = whole.logs ?? [];
    const text = cutText(`${first?.text.slice(0, -2)}${'x'.repeat(10 * 1024 * 1024)}"}`, 65_536);
    const facts = investigate({ ...whole, logs: [{ ...first!, text }, ...rest] });
    expect(blamed(facts)).toBe(guilty);
    expect(facts.gaps.map(({ detail }) => detail).join()).toMatch(
      /a log line of items-api has 10,485,\d{3} characters: only the first 65,536 were read/,
    );
  });

  test('binary between them', () => {
    const noise = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const logs = (whole.logs ?? []).flatMap((line) => [line, { ...line, text: noise.repeat(4) }]);
    const facts = investigate({ ...whole, logs });
    expect(blamed(facts)).toBe(guilty);
    expect(facts.gaps).toContainEqual(
      expect.objectContaining({
        source: 'loki',
        reason: 'malformed',
        detail: `${whole.logs?.length} log lines of items-api hold bytes that are no text, shown as \ufffd`,
      }),
    );
  });

  test('in colours', () => {
    const facts = investigate(
      withLogs((line) => ({
        ...line,
        text: `\u001b[31m${line.text.replace('ERROR', '\u001b[1mERROR\u001b[0m')}\u001b[0m`,
      })),
    );
    expect(facts.hypotheses[0]?.cause).toMatchObject({ class: 'code-error', file: ITEMS, line: 15 });
    expect(facts.gaps.filter(({ source }) => source === 'loki')).toEqual([]);
  });

  test('with the line ends of Windows', () => {
    const facts = investigate(
      withLogs((line) => ({ ...line, text: `${line.text.replaceAll(String.raw`\n`, String.raw`\r\n`)}\r` })),
    );
    expect(blamed(facts)).toBe(guilty);
  });
});

describe('traces', () => {
  test(
    'of 5,000 frames, all of them one recursion',
    () => {
      const frames = Array.from({ length: 5_000 }, () => `describeItem (/srv/repo/${ITEMS}:15:38)`);
      const deep = { ...CRASH, type: 'RangeError', message: 'Maximum call stack size exceeded', frames };
      const facts = investigate(regressionWorld(repository, deep));
      expect(facts.hypotheses[0]?.cause).toMatchObject({ file: ITEMS, line: 15 });
      expect(facts.gaps.map(({ detail }) => detail).join()).toMatch(/frames/);
    },
    MANY_SECONDS,
  );

  test('at a revision that history was forced away from', () => {
    const facts = investigate({ ...whole, repository: { ...repository, deployed: repository.hashes[0] ?? '' } });
    expect(facts.hypotheses[0]?.cause.class).toBe('code-error');
  });
});
