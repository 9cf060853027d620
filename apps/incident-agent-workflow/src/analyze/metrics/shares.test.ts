import { expect, test } from 'vitest';
import { isRise, shareScore, sharesAround, totalOf } from './shares.ts';

test.each([
  { says: '3 of 3,000 to 12 of 120', before: { failed: 3, all: 3_000 }, after: { failed: 12, all: 120 }, rise: true },
  { says: 'one failed request is no rise', before: { failed: 0, all: 500 }, after: { failed: 1, all: 3 }, rise: false },
  { says: 'the same share is no rise', before: { failed: 30, all: 300 }, after: { failed: 4, all: 40 }, rise: false },
  {
    says: 'all requests of the first ones ever',
    before: { failed: 0, all: 0 },
    after: { failed: 9, all: 9 },
    rise: true,
  },
  { says: 'no requests', before: { failed: 0, all: 0 }, after: { failed: 0, all: 0 }, rise: false },
  { says: 'fewer than before', before: { failed: 90, all: 300 }, after: { failed: 0, all: 300 }, rise: false },
  {
    says: 'three of four after 500 good ones',
    before: { failed: 0, all: 500 },
    after: { failed: 3, all: 4 },
    rise: true,
  },
])('$says: $rise', ({ before, after, rise }) => {
  expect(isRise(before, after)).toBe(rise);
});

test('the score is that of two proportions, and few requests can only whisper', () => {
  // p = (2 + 12 + 0.5) / (2000 + 120 + 1) = 0.00684; the long baseline is weighed as 2,000 requests.
  expect(shareScore({ failed: 3, all: 3_000 }, { failed: 12, all: 120 })).toBeCloseTo(12.78, 1);
  expect(shareScore({ failed: 0, all: 5_000 }, { failed: 9, all: 9 })).toBe(6);
  expect(shareScore({ failed: 0, all: 0 }, { failed: 9, all: 9 })).toBeUndefined();
});

test('shares have twenty requests each and never straddle the onset', () => {
  const outcomes = Array.from({ length: 20 }, (_, index) => ({
    atMilliseconds: index * 15_000,
    failed: index < 12 ? 0 : 4,
    all: 8,
    failedPerSecond: 0,
  }));
  const shares = sharesAround(outcomes, 12 * 15_000);
  expect(shares.map(({ atMilliseconds, value }) => [atMilliseconds / 15_000, value])).toEqual([
    [0, 0],
    [3, 0],
    [6, 0],
    [9, 0],
    [12, 0.5],
    [15, 0.5],
  ]);
  expect(totalOf(outcomes)).toEqual({ failed: 32, all: 160 });
});
