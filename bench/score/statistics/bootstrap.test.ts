import { expect, test } from 'vitest';
import { clusterBootstrap } from './bootstrap.ts';

function family(cluster: string, ...values: number[]) {
  return values.map((value) => ({ cluster, value }));
}

test('where every family gains the same, so does every resample', () => {
  const change = clusterBootstrap([...family('a', 0.5, 0.5), ...family('b', 0.5), ...family('c', 0.5)]);
  expect(change).toEqual({ mean: 0.5, low: 0.5, high: 0.5, p: 0 });
});

test('a gain in one family only is not sure, however many cases it has', () => {
  const gains = Array.from({ length: 50 }, () => 1);
  const change = clusterBootstrap([...family('a', ...gains), ...family('b', 0), ...family('c', 0)]);
  expect(change?.low).toBe(0);
  expect(change?.p).toBeGreaterThan(0.5);
});

test('the interval of independent cases is that of the mean: ±1.96 standard errors', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : 0));
  const change = clusterBootstrap(values.map((value, index) => ({ cluster: `t${index}`, value })));
  expect(change?.mean).toBe(0.5);
  expect(change?.low).toBeCloseTo(0.5 - 1.96 * 0.05, 1);
  expect(change?.high).toBeCloseTo(0.5 + 1.96 * 0.05, 1);
});

test('the order of the cases does not matter, and nothing gives nothing', () => {
  const list = [...family('a', 1, 0), ...family('b', 0, -1), ...family('c', 1)];
  expect(clusterBootstrap(list)).toEqual(clusterBootstrap(list.toReversed()));
  expect(clusterBootstrap([])).toBeUndefined();
});
