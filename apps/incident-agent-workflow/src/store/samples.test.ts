import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SampleStore } from '../ports.ts';
import { countRows, startTestDatabase, type TestDatabase } from './test-database.ts';
import { at, noQueue } from './test-rows.ts';
import { createUnitOfWork } from './unit-of-work.ts';

let testDatabase: TestDatabase;
let samples: SampleStore;
beforeAll(async () => {
  testDatabase = await startTestDatabase();
  ({ samples } = createUnitOfWork(testDatabase.database, () => noQueue).stores);
});
beforeEach(() => sql`TRUNCATE sample_series CASCADE`.execute(testDatabase.database));
afterAll(() => testDatabase.dispose());

const points = async (metric: string, labels = {}, from = at(-60), to = at(60)) =>
  (await samples.series('a', metric, labels, from, to)).map((series) => series.points.map(({ value }) => value));

test('scrapes become series with their points in order of time', async () => {
  for (const minute of [2, 0, 1]) {
    await samples.append('a', at(minute), [
      { metric: 'up', labels: {}, value: 1 },
      { metric: 'hits', labels: { status: '5xx', method: 'GET' }, value: minute },
      { metric: 'hits', labels: { status: '2xx', method: 'GET' }, value: 10 + minute },
    ]);
  }
  await samples.append('b', at(0), [{ metric: 'hits', labels: { status: '5xx' }, value: 99 }]);
  expect(await samples.series('a', 'hits', { status: '5xx' }, at(1), at(2))).toEqual([
    {
      metric: 'hits',
      labels: { method: 'GET', service: 'a', status: '5xx' },
      points: [
        { at: at(1), value: 1 },
        { at: at(2), value: 2 },
      ],
    },
  ]);
  expect(await points('hits', { method: 'GET' })).toEqual([
    [10, 11, 12],
    [0, 1, 2],
  ]);
  expect(await points('hits', { status: '404' })).toEqual([]);
  expect(await points('nothing')).toEqual([]);
  expect(await samples.names('a', at(0), at(2))).toEqual(['hits', 'up']);
  expect(await samples.names('b', at(1), at(2))).toEqual([]);
});

test('the same scrape twice is kept once, and the same series twice in a scrape too', async () => {
  const one = { metric: 'up', labels: {}, value: 1 };
  await samples.append('a', at(0), [one, { ...one, value: 2 }]);
  await samples.append('a', at(0), [one]);
  expect((await points('up')).flat()).toHaveLength(1);
});

test.each([
  { value: 0, kept: 0 },
  { value: -1.5e300, kept: -1.5e300 },
  { value: 5e-324, kept: 5e-324 },
  { value: 2 ** 53, kept: 2 ** 53 },
  { value: Number.NaN, kept: null },
  { value: Number.POSITIVE_INFINITY, kept: null },
  { value: null, kept: null },
])('$value is kept as $kept', async ({ value, kept }) => {
  await samples.append('a', at(0), [{ metric: 'm', labels: {}, value }]);
  expect(await points('m')).toEqual([[kept]]);
});

test.each([
  { says: 'NUL and half characters', labels: { 'a\0': '\ud800' } },
  { says: 'more than fits into an index', labels: { path: 'x'.repeat(100_000) } },
  { says: 'quotes', labels: { path: `"'\\}{` } },
])('labels may hold $says', async ({ labels }) => {
  await samples.append('a', at(0), [
    { metric: 'm', labels, value: 1 },
    { metric: 'n', labels: {}, value: 2 },
  ]);
  expect(await points('m', labels)).toEqual([[1]]);
  expect(await points('n')).toEqual([[2]]);
});

test('the last scrape says when and whether the service was up', async () => {
  expect(await samples.lastScrape('a')).toBeUndefined();
  await samples.append('a', at(2), [{ metric: 'up', labels: {}, value: 0 }]);
  await samples.append('a', at(1), [{ metric: 'up', labels: {}, value: 1 }]);
  expect(await samples.lastScrape('a')).toEqual({ at: at(2), up: 0 });
});

test('an empty scrape is no mistake', async () => {
  await samples.append('a', at(0), []);
  expect(await samples.lastScrape('a')).toBeUndefined();
});

test('what is older goes, and with its last sample a series', async () => {
  await samples.append('a', at(0), [
    { metric: 'gone', labels: {}, value: 1 },
    { metric: 'stays', labels: {}, value: 1 },
  ]);
  await samples.append('a', at(2), [{ metric: 'stays', labels: {}, value: 2 }]);
  await samples.prune(at(1));
  expect(await points('stays')).toEqual([[2]]);
  expect(await points('gone')).toEqual([]);
  expect(await countRows(testDatabase.database, 'SELECT 1 FROM sample_series')).toBe(1);
});

test('a scrape of 5,000 series is kept', async () => {
  const scrape = Array.from({ length: 5_000 }, (_, index) => ({
    metric: 'm',
    labels: { i: `${index}` },
    value: index,
  }));
  await samples.append('a', at(0), scrape);
  expect(await points('m', { i: '4999' })).toEqual([[4_999]]);
});
