import { describe, expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { contextOf, counterOf, instantAt, metricAnswer, ONSET_INDEX } from './observations.test-helper.ts';
import { observeMetrics } from './observe-metrics.ts';

const METRIC = 'http_request_duration_seconds_bucket';
const BOUNDS = [0.05, 0.1, 0.5, 1, Number.POSITIVE_INFINITY];

/** Requests per sample that take so long, by seconds. */
function histogram(
  takingAt: (index: number) => Readonly<Record<string, number>>,
  metric = METRIC,
  perSecond = 1,
): Observation {
  return metricAnswer(
    metric,
    BOUNDS.map((bound) =>
      counterOf(
        metric,
        (index) =>
          Object.entries(takingAt(index)).reduce(
            (sum, [seconds, count]) => sum + (Number(seconds) <= bound ? count : 0),
            0,
          ),
        { handler: '/items', le: Number.isFinite(bound) ? String(bound * perSecond) : '+Inf' },
      ),
    ),
  );
}

function seen(observation: Observation) {
  return observeMetrics([observation], contextOf());
}

const isIncident = (index: number) => index >= ONSET_INDEX;

function slowTenth(index: number): Record<string, number> {
  return isIncident(index) ? { 0.04: 27, 0.8: 3 } : { 0.04: 30 };
}

describe('the time that the slowest requests take', () => {
  test('rises where a tenth of them is slow, which the mean would hide', () => {
    const [item] = seen(histogram((index) => (isIncident(index) ? { 0.04: 27, 0.8: 3 } : { 0.04: 30 })));
    expect(item?.title).toBe('p95 latency of weather-app1 rose from 47.5 ms to 750 ms at 03:12:05');
    expect(item).toMatchObject({
      kind: 'metric',
      data: { family: 'latency', unit: 's', direction: 'up', onset: instantAt(ONSET_INDEX) },
    });
    expect(item?.kind === 'metric' && item.data.points.length).toBeGreaterThan(10);
  });

  test('is told in seconds where the buckets are of milliseconds', () => {
    const [item] = seen(histogram(slowTenth, 'http_server_duration_milliseconds_bucket', 1_000));
    expect(item?.title).toBe('p95 latency of weather-app1 rose from 47.5 ms to 750 ms at 03:12:05');
  });

  test('beyond the last bound it is told as at least that', () => {
    const [item] = seen(histogram((index) => (isIncident(index) ? { 0.04: 20, 7: 10 } : { 0.04: 30 })));
    expect(item?.title).toBe('p95 latency of weather-app1 rose from 47.5 ms to 1 s at 03:12:05, or more');
  });

  test('with half of the requests it is the ninth tenth', () => {
    const [item] = seen(histogram((index) => (isIncident(index) ? { 0.04: 3, 0.8: 2 } : { 0.04: 5 })));
    expect(item?.title).toMatch(/^p90 latency of weather-app1 rose from 45 ms to 8/);
  });

  test.each([
    { says: 'it stays where it was', takes: () => ({ 0.04: 30 }), metric: METRIC },
    {
      says: 'there are too few requests',
      takes: (index: number) => (isIncident(index) ? { 0.8: 2 } : { 0.04: 2 }),
      metric: METRIC,
    },
    { says: 'one request of a hundred was always slow', takes: () => ({ 0.04: 99, 0.8: 1 }), metric: METRIC },
    {
      says: 'it is what the service waits for itself',
      takes: (index: number) => (isIncident(index) ? { 0.8: 30 } : { 0.04: 30 }),
      metric: 'upstream_request_duration_seconds_bucket',
    },
  ])('is not told where $says', ({ takes, metric }) => {
    expect(seen(histogram(takes, metric))).toEqual([]);
  });
});
