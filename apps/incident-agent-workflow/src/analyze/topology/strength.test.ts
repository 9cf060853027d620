import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { counterKind, gaugeKind, MEAN_LATENCY } from '../metrics/families.ts';
import { type NodeSeries, strengthOf } from './strength.ts';

const MINUTE = 60_000;

function series(values: readonly number[], changes: Partial<NodeSeries> = {}): NodeSeries {
  const samples = values.map((value, index) => ({ atMilliseconds: index * MINUTE, value }));
  return { node: 'n', metric: 'm', kind: MEAN_LATENCY, samples, ...changes };
}

test('a full baseline is scored as every metric is: 40 ms and then 300 ms are 136 spreads', () => {
  const baseline = [40, 42, 41, 39, 43, 40, 41, 42, 41, 40, 42, 41].map((value) => value / 1_000);
  const strength = strengthOf(series([...baseline, 0.3, 0.32, 0.31]), 12 * MINUTE);
  expect(strength?.score).toBeCloseTo((0.32 - 0.041) / (0.05 * 0.041), 0);
  expect(strength).toMatchObject({ isAnomalous: true, isThin: false, onsetMilliseconds: 12 * MINUTE });
  expect(strength?.strength).toBeCloseTo(Math.log(1 + 136), 1);
});

test.each([
  {
    says: 'one sample of baseline is judged against the floors',
    values: [0.04, 0.3, 0.32],
    onset: 1,
    isAnomalous: true,
  },
  {
    says: 'the samples up to the departure are the baseline',
    values: [0.04, 0.041, 0.3, 0.32],
    onset: 2,
    isAnomalous: true,
  },
  {
    says: 'one wild sample between quiet ones is no departure',
    values: [0.04, 0.9, 0.04, 0.041],
    onset: undefined,
    isAnomalous: false,
  },
  { says: 'what stays is not anomalous', values: [0.04, 0.041, 0.04, 0.041], onset: undefined, isAnomalous: false },
  { says: 'less than the floors is no move', values: [0.001, 0.004, 0.005], onset: undefined, isAnomalous: false },
  { says: 'faster is not worse', values: [0.3, 0.04, 0.03], onset: undefined, isAnomalous: false },
])('of a handful of samples: $says', ({ values, onset, isAnomalous }) => {
  const strength = strengthOf(series(values), 2 * MINUTE);
  expect(strength).toMatchObject({ isAnomalous, isThin: true });
  expect(strength?.onsetMilliseconds).toBe(onset === undefined ? undefined : onset * MINUTE);
});

test('a longer quiet time says how far it moves by itself, not where it stands', () => {
  const restless = [0.5, 0.9, 0.5, 0.9, 0.5, 0.9, 0.5, 0.9, 0.5, 0.9];
  expect(strengthOf(series([0.04, 0.3, 0.32]), MINUTE)?.isAnomalous).toBe(true);
  expect(strengthOf(series([0.04, 0.3, 0.32], { usual: restless }), MINUTE)?.isAnomalous).toBe(false);
  // Another season, another level, and just as calm.
  expect(strengthOf(series([0.04, 0.3, 0.32], { usual: [2, 2, 2, 2] }), MINUTE)?.isAnomalous).toBe(true);
});

test('a resource that becomes idle is a weaker sign than one that runs full', () => {
  const kind = { ...gaugeKind('pool_in_use'), badDirection: 'both' as const };
  expect(kind.family).toBe('saturation');
  const full = strengthOf(series([2, 20, 20], { kind: gaugeKind('pool_in_use') }), MINUTE);
  expect(full).toMatchObject({ isAnomalous: true, from: 2, to: 20 });
  expect(strengthOf(series([20, 2, 2], { kind: gaugeKind('pool_in_use') }), MINUTE)?.isAnomalous).toBe(false);
});

test.each([
  ['p99_latency_ms', 'latency', 'ms', 'up', 2],
  ['evaluate_rpc_p99', 'latency', '1', 'up', 1],
  ['gc_pause_ms_max', 'latency', 'ms', 'up', 2],
  ['error_rate_pct', 'errors', '%', 'up', 0.2],
  ['edge_5xx_rate', 'errors', '1', 'up', 1],
  ['node_mem_available_mb', 'saturation', '1', 'down', 1],
  ['cpu_util_pct', 'saturation', '%', 'up', 0.5],
  ['http_request_duration_seconds', 'latency', 's', 'up', 0.002],
])('%s measures %s in %s', (metric, family, unit, badDirection, floor) => {
  expect(gaugeKind(metric)).toMatchObject({ family, unit, badDirection, floor });
});

test('a counter of pauses keeps its own unit', () => {
  expect(counterKind('nodejs_gc_duration_seconds_sum')).toMatchObject({ family: 'latency', unit: '1' });
});

test('whatever the samples, nothing is thrown and the score is bounded', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY, -0, 1e308, -1e308));
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 40 }),
      fc.option(fc.array(value), { nil: undefined }),
      fc.nat(50),
      (values, usual, at) => {
        const finite = usual?.filter((one) => Number.isFinite(one));
        const strength = strengthOf(series(values, finite === undefined ? {} : { usual: finite }), at * MINUTE);
        if (strength === undefined) return;
        expect(strength.score).toBeGreaterThanOrEqual(0);
        expect(strength.score).toBeLessThanOrEqual(1_000);
        expect(Number.isFinite(strength.strength)).toBe(true);
      },
    ),
  );
});

test('samples that arrive in another order say the same', () => {
  const values = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, (list) => {
      const one = series(list);
      const other = { ...one, samples: one.samples.toReversed() };
      expect(strengthOf(other, 5 * MINUTE)).toEqual(strengthOf(one, 5 * MINUTE));
    }),
  );
});
