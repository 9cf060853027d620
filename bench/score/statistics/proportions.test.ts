import { expect, test } from 'vitest';
import { exactMcNemar, holm, wilson, Z_80_ONE_SIDED } from './proportions.ts';

test.each([
  { says: 'METHODS: 12 won, 3 lost is an improvement', wins: 12, losses: 3, p: 0.03515625 },
  { says: 'METHODS: 1 against 5 is undecided', wins: 1, losses: 5, p: 0.21875 },
  { says: 'five of five cannot reach .05', wins: 5, losses: 0, p: 0.0625 },
  { says: 'six of six can', wins: 6, losses: 0, p: 0.03125 },
  { says: 'as many won as lost is no difference', wins: 4, losses: 4, p: 1 },
  { says: 'nothing differs', wins: 0, losses: 0, p: 1 },
])('McNemar: $says', ({ wins, losses, p }) => {
  expect(exactMcNemar(wins, losses)).toBeCloseTo(p, 10);
  expect(exactMcNemar(losses, wins)).toBeCloseTo(p, 10);
});

test.each([
  // Newcombe (1998), table I: 81 of 263 and 0 of 20.
  { hits: 81, trials: 263, low: 0.2553, high: 0.3662 },
  { hits: 0, trials: 20, low: 0, high: 0.1611 },
  { hits: 0, trials: 0, low: 0, high: 1 },
])('Wilson: $hits of $trials', ({ hits, trials, low, high }) => {
  const interval = wilson(hits, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('the lower 80 % bound of 8 right of 10 is .675: too few for a precision of .7, and 9 are enough', () => {
  expect(wilson(8, 10, Z_80_ONE_SIDED).low).toBeCloseTo(0.6754, 4);
  expect(wilson(9, 10, Z_80_ONE_SIDED).low).toBeGreaterThan(0.7);
});

test('Holm multiplies the smallest p by their number, the next by one less, and never lets a larger p count less', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
