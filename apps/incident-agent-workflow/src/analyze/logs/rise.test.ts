import { expect, test } from 'vitest';
import { binCounts, risen, riseOf } from './rise.ts';

const QUIET = Array.from({ length: 30 }, () => 0);

test('thirty bins of none and then 4 6 3 5 2 are no chance', () => {
  const rise = riseOf(QUIET, [4, 6, 3, 5, 2]);
  expect(rise.probability).toBeLessThan(1e-7);
  expect(rise.ratio).toBeGreaterThan(100);
});

test.each([
  { says: 'the same counts', before: [3, 4, 2, 5, 3, 4], after: [3, 4, 3] },
  { says: 'fewer than before', before: [9, 8, 9, 10, 9, 8], after: [0, 0, 0] },
  { says: 'all the same', before: QUIET, after: [0, 0, 0] },
  { says: 'no bins before', before: [], after: [5, 5] },
  { says: 'no bins after', before: [1, 2], after: [] },
])('$says are no rise', ({ before, after }) => {
  expect(riseOf(before, after).probability).toBeGreaterThan(0.2);
});

test('bursts as large as those before are no rise', () => {
  const bursty = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? 40 : 1));
  expect(risen([riseOf(bursty, [40, 1, 1, 1, 40])])).toEqual([false]);
});

test('the more is looked at, the less is believed', () => {
  const weak = { probability: 0.03, ratio: 3 };
  expect(risen([weak])).toEqual([true]);
  expect(risen([weak, ...Array.from({ length: 20 }, () => ({ probability: 0.9, ratio: 1 }))])[0]).toBe(false);
  expect(risen([{ probability: 0.001, ratio: 1.5 }])).toEqual([false]);
  expect(risen([])).toEqual([]);
});

test('events are counted in bins, those outside in none', () => {
  expect(binCounts([0, 5, 10, 29, 30, -1], 0, 30, 10)).toEqual([2, 1, 1]);
  expect(binCounts([1], 30, 0, 10)).toEqual([]);
});
