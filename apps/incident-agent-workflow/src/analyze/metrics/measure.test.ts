import { expect, test } from 'vitest';
import { MEAN_LATENCY, REQUEST_RATE } from './families.ts';
import { measure } from './measure.ts';
import { quantity } from './quantity.ts';
import { autocorrelation, median, quantile } from './statistics.ts';

function samples(values: readonly number[]) {
  return values.map((value, index) => ({ atMilliseconds: index * 15_000, value }));
}

test('a latency of 41 ms with spread 1 that goes to 320 ms scores 136: the relative floor is its spread', () => {
  const seconds = [40, 42, 41, 39, 43, 40, 41, 42, 300, 320, 310].map((milliseconds) => milliseconds / 1_000);
  const measured = measure(samples(seconds), MEAN_LATENCY, 8 * 15_000, 15_000);
  expect(measured.baselineMedian).toBeCloseTo(0.041, 9);
  expect(measured.score).toBeCloseTo((0.32 - 0.041) / (0.05 * 0.041), 6);
  expect(measured).toMatchObject({
    direction: 'up',
    incidentMedian: 0.31,
    incidentExtreme: 0.32,
    onsetMilliseconds: 120_000,
  });
});

test.each([
  { says: 'too short a baseline is not judged', values: [1, 1, 1, 9, 9, 9], at: 3 },
  { says: 'a single sample is not judged', values: [1], at: 0 },
  {
    says: 'a move below three floors does not matter',
    values: [...Array(20).fill(0.001), 0.003, 0.003, 0.003],
    at: 20,
  },
])('$says', ({ values, at }) => {
  expect(measure(samples(values), MEAN_LATENCY, at * 15_000, 15_000)).toMatchObject({
    direction: 'flat',
    isAnomalous: false,
    onsetMilliseconds: undefined,
  });
});

test('latency that falls is no bad sign, traffic that falls is one', () => {
  const values = [...Array(30).fill(5), ...Array(10).fill(0.1)];
  expect(measure(samples(values), MEAN_LATENCY, 30 * 15_000, 15_000).direction).toBe('flat');
  expect(measure(samples(values), REQUEST_RATE, 30 * 15_000, 15_000)).toMatchObject({
    direction: 'down',
    onsetMilliseconds: 450_000,
  });
});

test.each([
  { value: 0.31, unit: '1', isShare: true, says: '31 %' },
  { value: 0.004, unit: '1', isShare: true, says: '0.4 %' },
  { value: 0.0405, unit: 's', isShare: false, says: '40.5 ms' },
  { value: 1.2, unit: 's', isShare: false, says: '1.2 s' },
  { value: 55_000_000, unit: 'bytes', isShare: false, says: '52.5 MiB' },
  { value: 5e15, unit: 'bytes', isShare: false, says: '4547 TiB' },
  { value: 1_234.5, unit: 'per second', isShare: false, says: '1235 per second' },
  { value: 0, unit: 's', isShare: false, says: '0 s' },
  { value: 7, unit: '1', isShare: false, says: '7' },
])('$value $unit reads $says', ({ value, unit, isShare, says }) => {
  expect(quantity(value, unit, isShare)).toBe(says);
});

test('order statistics of nothing, of one and of the huge', () => {
  expect([median([]), median([3]), median([1, 2]), quantile([1, 2, 3, 4, 5], 0.95)]).toEqual([undefined, 3, 1.5, 4.8]);
  expect(median([Number.MAX_VALUE, -Number.MAX_VALUE])).toBe(0);
  expect([autocorrelation([]), autocorrelation([1, 1, 1]), autocorrelation([1, -1, 1, -1])]).toEqual([0, 0, 0]);
});
