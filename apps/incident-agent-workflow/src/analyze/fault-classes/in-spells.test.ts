/** Slow now and then, and one request that asks another service for many things. */
import { describe, expect, test } from 'vitest';
import { type Service, unregisteredService } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import { alertSaying, counterOf, metricAnswer, SERVICE } from '../metrics/observations.test-helper.ts';
import { isIncident, sceneFrom } from '../scene.test-helper.ts';
import { asksFarMore, slowInSpells } from './in-spells.ts';
import type { Predicate } from './rule.ts';

const CALLED = unregisteredService('tariffs');
const service: Service = { ...SERVICE, dependsOn: [CALLED.name] };
const other: Service = { ...unregisteredService('till'), dependsOn: [CALLED.name] };

function isSeen(look: Predicate, seen: readonly Observation[], services: readonly Service[] = [service, CALLED]) {
  const scene = sceneFrom(seen, { alerts: [alertSaying('HighLatency')], service, registry: { services } });
  return typeof look(scene) !== 'string';
}

function counter(metric: string, countAt: (index: number) => number, of: Service): Observation {
  return metricAnswer(metric, [counterOf(metric, countAt, { handler: '/items', method: 'GET', status: '2xx' })], of);
}
function latency(meanAt: (index: number) => number): Observation[] {
  const metric = 'http_request_duration_seconds';
  return [
    counter(`${metric}_sum`, (index) => 30 * meanAt(index), service),
    counter(`${metric}_count`, () => 30, service),
  ];
}
const requests = (countAt: (index: number) => number, of: Service) => counter('http_requests_total', countAt, of);

describe('slow in spells', () => {
  /** Every so many samples since the onset. */
  const each = (step: number, slow = 1.4) =>
    latency((index) => (isIncident(index) && index % step === 0 ? slow : 0.03));
  const calls = [requests((index) => (isIncident(index) ? 300 : 10), CALLED), requests(() => 30, service)];
  test.each([
    { says: 'every third sample', seen: each(3), is: true },
    { says: 'two samples of half an hour', seen: each(13), is: false },
    { says: 'two samples, and the service that it calls is asked far more', seen: [...each(13), ...calls], is: true },
    { says: 'to what nobody notices', seen: each(3, 0.06), is: false },
    {
      says: 'as it always was now and then',
      seen: latency((index) => (index % 3 === 0 ? 1.4 : 0.03)),
      is: false,
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(isSeen(slowInSpells, seen)).toBe(is);
  });
});

describe('asks far more', () => {
  const more = (factor: number) => requests((index) => (isIncident(index) ? 10 * factor : 10), CALLED);
  const steady = requests(() => 30, service);
  test.each([
    { says: 'thirty times', seen: [more(30), steady], is: true },
    { says: 'twice', seen: [more(2), steady], is: false },
    {
      says: 'because it is asked more itself',
      seen: [more(30), requests((index) => (isIncident(index) ? 900 : 30), service)],
      is: false,
    },
    { says: 'maybe by another service', seen: [more(30), steady], services: [service, CALLED, other], is: false },
  ])('$says: $is', ({ seen, services, is }) => {
    expect(isSeen(asksFarMore, seen, services)).toBe(is);
  });
});
