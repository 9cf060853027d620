import { expect, test } from 'vitest';
import type { Series } from '../../domain/telemetry.ts';
import { instantAt, seriesOf } from './observations.test-helper.ts';
import { increasesOf, isCounter, readingTimes, summed } from './rates.ts';

function counter(values: readonly (number | null | undefined)[], labels: Record<string, string> = {}): Series {
  return seriesOf('requests_total', (index) => values[index], labels);
}

function amounts(...series: Series[]): number[][] {
  return increasesOf(series).map(({ increases }) => increases.map(({ amount }) => amount));
}

test.each([
  { says: 'each step is what was added', values: [5, 8, 8, 12], rises: [3, 0, 4] },
  {
    says: 'a fall is a restart at zero: what stands there was added since',
    values: [100, 110, 4, 9],
    rises: [10, 4, 5],
  },
  { says: 'the first sample says nothing about before', values: [1_000], rises: [] },
  { says: 'a sample that is no number is as if missing', values: [1, null, 4], rises: [3] },
  {
    says: 'a pause of up to three steps is bridged',
    values: [1, 2, 3, undefined, undefined, 9, 10],
    rises: [1, 1, 6, 1],
  },
  { says: 'a longer pause is a gap', values: [1, 2, 3, undefined, undefined, undefined, 9, 10], rises: [1, 1, 1] },
  { says: 'nothing gives nothing', values: [], rises: [] },
])('$says', ({ values, rises }) => {
  expect(amounts(counter(values))).toEqual([rises]);
});

test('a status class born at 3 beside siblings that were counted before began at zero', () => {
  const siblings = counter([10, 20, 30, 40], { instance: 'a', status: '2xx' });
  const born = counter([undefined, undefined, 3, 5], { instance: 'a', status: '5xx' });
  expect(amounts(siblings, born)[1]).toEqual([3, 2]);
});

test('a series that is the first of its instance may have counted for days', () => {
  const other = counter([10, 20, 30, 40], { instance: 'a' });
  const late = counter([undefined, undefined, 7_000, 7_002], { instance: 'b' });
  expect(amounts(other, late)[1]).toEqual([2]);
});

test('series are summed where they were read, instances within half a step together', () => {
  const one = counter([0, 15, 30, 45], { instance: 'a' });
  const shifted: Series = {
    ...counter([0, 30, 60, 90], { instance: 'b' }),
    points: counter([0, 30, 60, 90]).points.map(({ at, value }) => ({
      at: new Date(Date.parse(at) + 4_000).toISOString(),
      value,
    })),
  };
  const counted = increasesOf([one, shifted]);
  const intervals = summed(counted, readingTimes(counted));
  expect(intervals.map(({ amount, perSecond }) => [amount, perSecond])).toEqual([
    [45, 3],
    [45, 3],
    [45, 3],
  ]);
});

test('a counter falls only to begin anew', () => {
  expect(isCounter('requests_total', [counter([1, 5, 9, 2, 4])])).toBe(true);
  expect(isCounter('connections_count', [counter([10, 9, 10, 8, 9])])).toBe(false);
  expect(isCounter('temperature', [counter([1, 2, 3])])).toBe(false);
});

test('instants are those of the samples', () => {
  const counted = increasesOf([counter([0, 1, 2])]);
  expect(readingTimes(counted).map((at) => new Date(at).toISOString())).toEqual([instantAt(1), instantAt(2)]);
});
