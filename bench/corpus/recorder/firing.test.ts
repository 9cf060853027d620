import { expect, test } from 'vitest';
import { templates } from '../templates/all.ts';
import { firedIn } from './firing.ts';
import { DEFAULT_SEED, planCases } from './plan.ts';
import type { Watched } from './rules.ts';
import type { RecordedSeries } from './scrapes.ts';

const SCRAPES = 60;
const ONSET = 30;
const toldAt = Array.from({ length: SCRAPES }, (_none, index) => Date.UTC(2026, 1, 3, 10, 0, 15 * index));
const [plan] = planCases(templates.filter(({ alerting }) => alerting === 'orders').slice(0, 1), DEFAULT_SEED);

function series(metric: string, labels: Record<string, string>, valueAt: (index: number) => number): RecordedSeries {
  return { service: 'orders', metric, labels, values: new Map(toldAt.map((_at, index) => [index, valueAt(index)])) };
}
function alertsOf(watched: Partial<Watched>, from = ONSET) {
  if (!plan) throw new Error('There is no template that alerts at orders');
  const one = { service: 'orders', series: [], newErrors: toldAt.map(() => 0), ...watched };
  return firedIn([one], toldAt, from, plan).map(({ rule, index }) => `${rule.name} at ${index}`);
}
/** Falls to zero once: a restart. */
function restarted(perScrape: number): (index: number) => number {
  return (index) => perScrape * (index >= 40 ? index - 40 : index);
}
function answers(handler: string, status: string, valueAt: (index: number) => number): RecordedSeries {
  return series('http_requests_total', { handler, status }, valueAt);
}
function used(share: number): RecordedSeries {
  return series('process_cpu_seconds_total', {}, (index) => share * index);
}
const after = (value: number, otherwise: number) => (index: number) => (index >= ONSET ? value : otherwise);

test('a service that is down fires after 75 seconds, one that is back earlier does not', () => {
  expect(alertsOf({ series: [series('up', {}, after(0, 1))] })).toEqual([`ServiceDown at ${ONSET + 5}`]);
  expect(alertsOf({ series: [series('up', {}, (index) => (index >= ONSET && index < ONSET + 4 ? 0 : 1))] })).toEqual(
    [],
  );
});

test('what began while alerts were silenced counts from the end of the silence', () => {
  expect(alertsOf({ series: [series('up', {}, after(0, 1))] }, ONSET + 10)).toEqual([`ServiceDown at ${ONSET + 15}`]);
});

test('one failing request in ten fires, and a restart in between is no fall', () => {
  const failing = answers('/orders', '5xx', (index) => (index < ONSET ? 0 : 2 * (index - ONSET)));
  expect(alertsOf({ series: [answers('/orders', '2xx', restarted(18)), failing] })).toEqual([
    expect.stringMatching(/^Service5xxErrors at 3\d$/),
  ]);
  expect(alertsOf({ series: [answers('/orders', '2xx', restarted(18)), answers('/orders', '5xx', () => 0)] })).toEqual(
    [],
  );
});

test('probes and scrapes that fail are no users that suffer', () => {
  expect(
    alertsOf({
      series: [answers('/health', '5xx', (index) => 5 * index), answers('/health', '2xx', (index) => index)],
    }),
  ).toEqual([]);
});

test('a processor that is used up fires: its seconds are stretched as time is', () => {
  expect(alertsOf({ series: [used(0.95)] })).toEqual([`HighCpu at ${ONSET + 4}`]);
  expect(alertsOf({ series: [used(0.4)] })).toEqual([]);
});

test('a log rule is what tells where nothing else does', () => {
  expect(alertsOf({ newErrors: toldAt.map((_at, index) => (index >= ONSET ? 9 : 0)) })).toEqual([
    `NewLogErrors at ${ONSET + 2}`,
  ]);
});
