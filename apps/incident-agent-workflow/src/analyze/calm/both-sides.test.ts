import { describe, expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import { checkAlert } from '../alert-check.ts';
import { alertSaying, counterOf, logAnswer, metricAnswer, seriesOf } from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { withCalm } from './nothing-wrong.ts';

const HEALTHY = probeAnswer('health', { httpStatus: 200 });
const USUAL = Array.from({ length: 100 }, (_none, index) => index * 3);
const QUIET_LOG = logAnswer(linesAt(USUAL, '{"level":"info","msg":"still here"}'));

function between(from: number, to: number): (index: number) => boolean {
  return (index) => index >= from && index < to;
}

function gauge(metric: string, valueAt: (index: number) => number): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt)]);
}

function up(isDown: (index: number) => boolean = () => false): Observation {
  return gauge('up', (index) => (isDown(index) ? 0 : 1));
}

function requests(failed: (index: number) => number, perSample: (index: number) => number = () => 30): Observation {
  const labels = { handler: '/items', method: 'GET' };
  return metricAnswer('http_requests_total', [
    counterOf('http_requests_total', (index) => perSample(index) - failed(index), { ...labels, status: '2xx' }),
    counterOf('http_requests_total', failed, { ...labels, status: '5xx' }),
  ]);
}

function latency(meanAt: (index: number) => number): Observation[] {
  return [
    metricAnswer('http_request_duration_seconds_sum', [counterOf('s', (index) => 30 * meanAt(index))]),
    metricAnswer('http_request_duration_seconds_count', [counterOf('c', () => 30)]),
  ];
}

function cpu(processorsAt: (index: number) => number): Observation {
  const name = 'process_cpu_seconds_total';
  return metricAnswer(name, [counterOf(name, (index) => 15 * processorsAt(index))]);
}

function memory(mebibytesAt: (index: number) => number): Observation {
  return gauge('process_resident_memory_bytes', (index) => mebibytesAt(index) * 1024 * 1024);
}

function isCalm(alertname: string, seen: readonly Observation[]): boolean {
  return checkAlert(sceneFrom([...seen, HEALTHY], { alerts: [alertSaying(alertname)] })).calm !== undefined;
}

const depth = (top: number, grows: (index: number) => number) =>
  gauge('mail_queue_depth', (i) => Math.max(0, Math.min(top, grows(i))));

function sure(seen: readonly Observation[]) {
  const scene = sceneFrom(seen, { alerts: [alertSaying('ServiceDown', 'is not responding')] });
  const [calm] = withCalm(() => [], checkAlert(scene), scene);
  if (calm?.cause.kind !== 'none') throw new Error('it is calm');
  return calm;
}

describe('what is high still is not over, however much a restart looks like the trouble', () => {
  const restarted = up(between(286, 288));
  test.each([
    { says: 'a processor that is busy since', alert: 'HighCpu', seen: [cpu((i) => (isIncident(i) ? 0.7 : 0.07))] },
    {
      says: 'memory that rose by half, which is little in bytes',
      alert: 'HighMemory',
      seen: [memory((i) => (isIncident(i) ? 68 + (i - 288) * 1.3 : 70))],
    },
  ])('$says', ({ alert, seen }) => {
    expect(isCalm(alert, [restarted, ...seen])).toBe(false);
  });

  test.each([
    {
      says: 'a processor that was busy for the start',
      alert: 'HighCpu',
      seen: [cpu((i) => (between(288, 292)(i) ? 0.9 : 0.07))],
    },
    {
      says: 'memory that is a little more than before',
      alert: 'HighMemory',
      seen: [memory((i) => (isIncident(i) ? 76 : 70))],
    },
  ])('but $says is', ({ alert, seen }) => {
    expect(isCalm(alert, [restarted, ...seen])).toBe(true);
  });

  test('nor does little in bytes contradict an alert that means it', () => {
    const seen = [memory((i) => (isIncident(i) ? 68 + (i - 288) * 1.3 : 70)), up(), HEALTHY];
    expect(checkAlert(sceneFrom(seen, { alerts: [alertSaying('HighMemory')] })).state).not.toBe('not-confirmed');
  });
});

describe('a restart well before the trouble', () => {
  const earlier = up(between(266, 268));
  test('is another story: what came later was brief', () => {
    expect(isCalm('HighErrorRate', [earlier, requests((i) => (between(288, 294)(i) ? 20 : 0))])).toBe(true);
  });
  test('is its beginning where requests fail since then', () => {
    expect(isCalm('HighErrorRate', [earlier, requests((i) => (between(268, 294)(i) ? 20 : 0))])).toBe(false);
  });
});

function away(index: number): number {
  return between(288, 293)(index) ? 0 : 1;
}

test('several that were away at once, without a process that ended, are not well for being back', () => {
  const other = metricAnswer('up', [seriesOf('up', away)], unregisteredService('orders'));
  expect(isCalm('ServiceDown', [gauge('up', away)])).toBe(true);
  expect(isCalm('ServiceDown', [gauge('up', away), other])).toBe(false);
});

describe('a queue', () => {
  test.each([
    { says: 'filled up and was worked off', is: true, filled: 283, full: 300, empty: 306 },
    { says: 'filled up for longer than anybody may wait', is: false, filled: 276, full: 300, empty: 306 },
    { says: 'is worked off still', is: false, filled: 283, full: 300, empty: 330 },
    { says: 'was empty a moment ago', is: false, filled: 283, full: 300, empty: 317 },
  ])('that $says: calm is $is', ({ is, filled, full, empty }) => {
    const grows = (i: number) => (i <= full ? (i - filled) * 6 : ((empty - i) / (empty - full)) * (full - filled) * 6);
    expect(isCalm('QueueBacklog', [up(), depth(1_000, grows)])).toBe(is);
  });

  test('whose oldest entry waits a blink now and then is well', () => {
    const oldest = gauge('mail_queue_oldest_seconds', (i) => {
      if (between(288, 300)(i)) return i - 287;
      return i % 6 === 0 ? 0.02 : 0;
    });
    expect(isCalm('QueueBacklog', [up(), oldest])).toBe(true);
  });
});

describe('a mean over a request or two', () => {
  const failed = requests((i) => (between(288, 291)(i) ? 20 : 0));
  test.each([
    { says: 'leaps now and then', is: true, at: (i: number) => (i > 281 && i % 9 === 0 ? 0.13 : 0.002) },
    {
      says: 'is that high from one sample to the next',
      is: false,
      at: (i: number) => (i > 281 && i % 9 < 2 ? 0.2 : 0.002),
    },
    { says: 'leaps to what nobody waits for', is: false, at: (i: number) => (i > 281 && i % 9 === 0 ? 2 : 0.002) },
  ])('that $says: calm is $is', ({ is, at }) => {
    expect(isCalm('HighErrorRate', [up(), failed, ...latency(at)])).toBe(is);
  });

  test('is what an alert about slow answers means, leap by leap', () => {
    const leaping = latency((i) => (i > 291 && i % 3 === 0 ? 0.3 : 0.002));
    expect(isCalm('HighLatency', [up(between(286, 288)), ...leaping])).toBe(false);
  });
});

describe('more to do than in the night', () => {
  const busier = requests(
    () => 0,
    (i) => (isIncident(i) ? 40 : 3),
  );
  const held = memory((i) => (isIncident(i) ? 200 : 120));
  test.each([
    {
      says: 'what it holds rises at once, and stays',
      is: true,
      seen: [held, ...latency((i) => (isIncident(i) ? 0.05 : 0.02))],
    },
    { says: 'visitors wait', is: false, seen: [held, ...latency((i) => (isIncident(i) ? 0.4 : 0.02))] },
    {
      says: 'what it holds rises on',
      is: false,
      seen: [memory((i) => (isIncident(i) ? 150 + (i - 288) * 4 : 120)), ...latency(() => 0.02)],
    },
  ])('$says: calm is $is', ({ is, seen }) => {
    expect(isCalm('HighMemory', [up(), busier, ...seen])).toBe(is);
  });
});

describe('how sure it is that nothing is wrong', () => {
  const brief = [up(between(288, 292)), requests(() => 0), HEALTHY];
  test('depends on what was looked at', () => {
    expect(sure(brief).confidence).toBeLessThan(sure([...brief, QUIET_LOG]).confidence);
  });

  test('is less where something piles up, and that is told', () => {
    const threads = gauge('jvm_threads_current', (i) => (isIncident(i) ? 20 + (i - 288) * 10 : 20));
    const doubted = sure([...brief, QUIET_LOG, threads]);
    expect(doubted.confidence).toBeLessThan(sure([...brief, QUIET_LOG]).confidence);
    expect(doubted.contradicting.map(({ text }) => text)).toEqual(['jvm_threads_current is high still.']);
  });

  test('is no less for a few more than before', () => {
    const threads = gauge('jvm_threads_current', (i) => (isIncident(i) ? 26 : 20));
    expect(sure([...brief, QUIET_LOG, threads]).contradicting).toEqual([]);
  });
});
