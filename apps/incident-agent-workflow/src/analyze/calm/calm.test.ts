import { describe, expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { checkAlert } from '../alert-check.ts';
import { alertSaying, counterOf, logAnswer, metricAnswer, seriesOf } from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { withCalm } from './nothing-wrong.ts';

const HEALTHY = probeAnswer('health', { httpStatus: 200 });
const FAILURE = '{"level":"error","msg":"the database is away"}';
const TALK = '{"level":"info","msg":"still here"}';
const USUAL = Array.from({ length: 100 }, (_none, index) => index * 3);

function up(isDown: (index: number) => boolean): Observation {
  return metricAnswer('up', [seriesOf('up', (index) => (isDown(index) ? 0 : 1))]);
}

function requests(failed: (index: number) => number, perSample = 30): Observation {
  const labels = { handler: '/items', method: 'GET' };
  return metricAnswer('http_requests_total', [
    counterOf('http_requests_total', (index) => perSample - failed(index), { ...labels, status: '2xx' }),
    counterOf('http_requests_total', failed, { ...labels, status: '5xx' }),
  ]);
}

function latency(meanAt: (index: number) => number): Observation[] {
  return [
    metricAnswer('http_request_duration_seconds_sum', [counterOf('s', (index) => 30 * meanAt(index))]),
    metricAnswer('http_request_duration_seconds_count', [counterOf('c', () => 30)]),
  ];
}

function between(from: number, to: number): (index: number) => boolean {
  return (index) => index >= from && index < to;
}

function check(alertname: string, observations: readonly Observation[], summary = '') {
  return checkAlert(sceneFrom(observations, { alerts: [alertSaying(alertname, summary)] }));
}

describe('trouble that is over', () => {
  test.each([
    {
      says: 'a restart that took a minute',
      alert: 'ServiceDown',
      seen: [up(between(288, 292)), HEALTHY],
      text: /^ServiceDown is over: the scrape metric up was 0 in the window/,
    },
    {
      says: 'a database that was away for a minute',
      alert: 'HighErrorRate',
      seen: [
        up(() => false),
        requests((index) => (between(288, 292)(index) ? 25 : 0)),
        logAnswer([...linesAt(USUAL, TALK), ...linesAt([288, 289, 290], FAILURE)]),
        HEALTHY,
      ],
      text: /^HighErrorRate is over: the (?:share|rate) of 5xx answers rose/,
    },
  ])('is not confirmed: $says', ({ alert, seen, text }) => {
    const checked = check(alert, seen, 'is not responding');
    expect(checked.state).toBe('not-confirmed');
    expect(checked.claim.text).toMatch(text);
    expect(checked.calm?.length).toBeGreaterThan(1);
  });

  test.each([
    { says: 'it lasted ten minutes', seen: [up(between(275, 314)), HEALTHY] },
    { says: 'it ended just now', seen: [up(between(312, 319)), HEALTHY] },
    {
      says: 'the health address does not answer',
      seen: [up(between(288, 292)), probeAnswer('health', { failure: 'refused' })],
    },
    {
      says: 'the readiness address answers 503',
      seen: [up(between(288, 292)), HEALTHY, probeAnswer('ready', { httpStatus: 503 })],
    },
    { says: 'errors go on', seen: [up(between(288, 292)), requests((index) => (isIncident(index) ? 25 : 0)), HEALTHY] },
    {
      says: 'the process ended with an error',
      seen: [
        up(between(288, 292)),
        logAnswer([...linesAt(USUAL, TALK), ...linesAt([289], 'supervisor: it ended: exit code 1')]),
        HEALTHY,
      ],
    },
    {
      says: 'a queue is longer than before',
      seen: [
        up(between(288, 292)),
        metricAnswer('mail_queue_depth', [
          seriesOf('mail_queue_depth', (index) => (isIncident(index) ? 3 * (index - 280) : 0)),
        ]),
        HEALTHY,
      ],
    },
  ])('is none where $says', ({ seen }) => {
    expect(check('ServiceDown', seen, 'is not responding').calm).toBeUndefined();
  });
});

describe('what only callers did wrong', () => {
  const refused = linesAt(
    [288, 290, 292, 300, 310],
    '2026-01-01 WARNING orders.http: POST /orders -> 422 (127.0.0.1, 0.2 ms)',
  );
  const restarted = metricAnswer('process_start_time_seconds', [
    seriesOf('process_start_time_seconds', (index) => 1_767_000_000 + (index < 286 ? 0 : 200_000)),
  ]);
  const seen = [up(() => false), requests(() => 0), logAnswer([...linesAt(USUAL, TALK), ...refused]), HEALTHY];
  test.each([
    { alert: 'HighErrorRate', more: [], state: 'not-confirmed' },
    { alert: 'NewLogErrors', more: [], state: 'not-confirmed' },
    // It may be that it refuses wrongly since then.
    { alert: 'HighErrorRate', more: [restarted], state: 'confirmed' },
  ])('$alert is $state', ({ alert, more, state }) => {
    expect(check(alert, [...seen, ...more]).state).toBe(state);
  });
});

function gaugeOf(metric: string, valueAt: (index: number) => number): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt)]);
}

function cpu(countAt: (index: number) => number): Observation {
  return metricAnswer('process_cpu_seconds_total', [counterOf('process_cpu_seconds_total', countAt)]);
}

describe('an alert that is right about a figure', () => {
  const served = [up(() => false), requests(() => 0), HEALTHY];
  const memory = (valueAt: (index: number) => number) => gaugeOf('process_resident_memory_bytes', valueAt);
  const fast = latency(() => 0.01);
  test.each([
    {
      says: 'the processor had more to do for a while',
      alert: 'HighCpu',
      seen: [...fast, cpu((index) => (between(286, 298)(index) ? 8 : 0.5))],
      is: true,
    },
    {
      says: 'the processor has more to do, and nobody waits',
      alert: 'HighCpu',
      seen: [...fast, cpu((index) => (isIncident(index) ? 5 : 0.5))],
      is: true,
    },
    {
      says: 'the processor is used up',
      alert: 'HighCpu',
      seen: [...fast, cpu((index) => (isIncident(index) ? 14 : 0.5))],
      is: false,
    },
    {
      says: 'memory rose and found its level',
      alert: 'HighMemory',
      seen: [...fast, memory((index) => (isIncident(index) ? 190e6 : 120e6))],
      is: true,
    },
    {
      says: 'memory rises on',
      alert: 'HighMemory',
      seen: [...fast, memory((index) => 120e6 + Math.max(0, index - 288) * 4e6)],
      is: false,
    },
    {
      says: 'a rush in a queue was worked off',
      alert: 'QueueBacklog',
      seen: [...fast, gaugeOf('mail_queue_depth', (index) => (between(288, 300)(index) ? 60 : 0))],
      is: true,
    },
    {
      says: 'a queue stays',
      alert: 'QueueBacklog',
      seen: [...fast, gaugeOf('mail_queue_depth', (index) => (isIncident(index) ? 60 : 0))],
      is: false,
    },
    {
      says: 'requests take three times as long, which nobody notices',
      alert: 'HighLatency',
      seen: [...latency((index) => (isIncident(index) ? 0.03 : 0.01))],
      is: true,
    },
    {
      says: 'requests take long',
      alert: 'HighLatency',
      seen: [...latency((index) => (isIncident(index) ? 0.9 : 0.01))],
      is: false,
    },
    { says: 'of what it speaks of nothing is measured', alert: 'QueueBacklog', seen: fast, is: false },
    {
      says: 'the processor has more to do, and errors are logged',
      alert: 'HighCpu',
      seen: [
        ...fast,
        cpu((index) => (isIncident(index) ? 5 : 0.5)),
        logAnswer([...linesAt(USUAL, TALK), ...linesAt([290, 300, 310, 318], FAILURE)]),
      ],
      is: false,
    },
  ])('$says: $is', ({ alert, seen, is }) => {
    const checked = check(alert, [...served, ...seen]);
    expect([checked.state, (checked.calm?.length ?? 0) > 0]).toEqual(
      is ? ['not-confirmed', true] : [checked.state, false],
    );
  });
});

test('a mean that leaps now and then, as it always did, is no trouble that goes on', () => {
  const leaping = latency((index) => (index % 9 === 0 ? 0.12 : 0.0005));
  const seen = [up(between(288, 292)), ...leaping, HEALTHY];
  expect(check('ServiceDown', seen, 'is not responding').calm?.length).toBeGreaterThan(1);
});

describe('an alert that says what is not so', () => {
  test.each([
    { alert: 'HighLatency', seen: [...latency(() => 0.03)], text: 'the time per request stayed where it was' },
    {
      alert: 'HighMemory',
      seen: [metricAnswer('process_resident_memory_bytes', [seriesOf('m', () => 120e6)])],
      text: 'process_resident_memory_bytes stayed where it was',
    },
    {
      alert: 'HighCpu',
      seen: [metricAnswer('process_cpu_seconds_total', [counterOf('c', () => 1)])],
      text: 'process_cpu_seconds_total stayed where it was',
    },
    {
      alert: 'QueueBacklog',
      seen: [metricAnswer('mail_queue_depth', [seriesOf('mail_queue_depth', () => 2)])],
      text: 'mail_queue_depth stayed where it was',
    },
    { alert: 'NewLogErrors', seen: [logAnswer(linesAt(USUAL, TALK))], text: 'no error of a new kind was logged' },
  ])('is contradicted: $alert', ({ alert, seen, text }) => {
    const checked = check(alert, [...seen, up(() => false), HEALTHY]);
    expect(checked.state).toBe('not-confirmed');
    expect(checked.claim.text).toBe(`${alert} is not confirmed: ${text}.`);
  });

  test('is confirmed where the metric rose', () => {
    const checked = check('HighLatency', [...latency((index) => (isIncident(index) ? 0.9 : 0.03)), HEALTHY]);
    expect(checked.state).toBe('confirmed');
  });
});

describe('"nothing is wrong" as a hypothesis', () => {
  const scene = sceneFrom([up(between(288, 292)), HEALTHY], {
    alerts: [alertSaying('ServiceDown', 'is not responding')],
  });

  test('is as sure as what was seen allows, and takes it from what would explain trouble', () => {
    const checked = checkAlert(scene);
    const [calm] = withCalm(() => [], checked, scene);
    expect(calm?.cause).toMatchObject({ kind: 'none', commit: null });
    expect(calm?.confidence).toBeGreaterThan(0.6);
    const rival = { ...calm!, id: 'H1', cause: { ...calm!.cause, kind: 'code' as const }, confidence: 0.8 };
    const rank = (weight: number) => [{ ...rival, confidence: rival.confidence * weight }];
    const [first, second] = withCalm(rank, checked, scene);
    expect(first?.cause.kind).toBe('none');
    expect(second?.confidence).toBeLessThan(0.3);
  });

  test('fewer signs, less sure', () => {
    const bare = sceneFrom([up(between(288, 292))], { alerts: [alertSaying('ServiceDown', 'is not responding')] });
    const [calm] = withCalm(() => [], checkAlert(scene), scene);
    const [less] = withCalm(() => [], checkAlert(bare), bare);
    expect(less!.confidence).toBeLessThan(calm!.confidence);
  });
});
