import { describe, expect, test } from 'vitest';
import type { Facts } from '../domain/facts.ts';
import type { Series } from '../domain/telemetry.ts';
import { plusSeconds } from '../lib/time.ts';
import { alertOf, investigate, jsonLine, NOW, ONSET, seriesOf, serviceOf, type World } from './world.test-helper.ts';

const SERVICE = serviceOf('items-api', { dependsOn: ['mongodb'] });
const UP = { 'items-api up': [seriesOf('up', { service: 'items-api' }, () => 1)] };
const WORLD: World = {
  service: SERVICE,
  registry: { services: [SERVICE, serviceOf('mongodb')] },
  alerts: [alertOf('Service5xxErrors', 'items-api', 'items-api answers with 5xx errors')],
  metrics: UP,
  probes: { 'items-api health': { httpStatus: 200 }, 'mongodb health': { httpStatus: 200 } },
  logs: [jsonLine('items-api', ONSET, 'INFO', 'GET /items/ -> 200 (3 ms)')],
  repository: undefined,
};

function gapsOf(world: World, ...sources: string[]): string[] {
  return investigate(world)
    .gaps.filter(({ source }) => sources.includes(source))
    .map(({ detail }) => detail);
}

function notChecked({ notChecked: list }: Facts): string {
  return list.map(({ what }) => what).join();
}

test('where each source holds something of the service there is no gap, whatever a neighbour has not', () => {
  expect(gapsOf(WORLD, 'prometheus', 'loki')).toEqual([]);
});

describe('a source that answers and holds nothing of the service', () => {
  test('metrics: an empty answer to every question is what a wrong label looks like', () => {
    const facts = investigate({ ...WORLD, metrics: {} });
    expect(facts.gaps).toContainEqual(
      expect.objectContaining({
        source: 'prometheus',
        reason: 'not-found',
        query: 'up{service="items-api"}',
        detail:
          'no metric of items-api in the window, not even up: it is not scraped, or its labels name the service otherwise',
      }),
    );
    expect(notChecked(facts)).toContain('what the metrics of items-api did');
  });

  test('metrics: one that is there is enough', () => {
    const metrics = { 'items-api build_info': [seriesOf('build_info', { service: 'items-api' }, () => 1)] };
    expect(gapsOf({ ...WORLD, metrics }, 'prometheus')).toEqual([]);
  });

  test('a log without a line', () => {
    const facts = investigate({ ...WORLD, logs: [] });
    expect(facts.gaps).toContainEqual(
      expect.objectContaining({
        source: 'loki',
        reason: 'not-found',
        detail: 'no log line of items-api in the window: it wrote none, or they are kept under another name',
      }),
    );
    expect(notChecked(facts)).toContain('what items-api logged');
  });

  test('a log that could not be read is one gap, not two', () => {
    expect(gapsOf({ ...WORLD, logs: undefined }, 'loki')).toEqual(['LOKI_URL is not set']);
  });
});

function minutesOld(minutes: number, [one]: readonly Series[]): Series[] {
  const older = one?.points.map((point) => ({ ...point, at: plusSeconds(point.at, -60 * minutes) }));
  return one && older ? [{ ...one, points: older }] : [];
}

test('of a dependency that is looked into it is said, too', () => {
  const orders = serviceOf('orders');
  const service = serviceOf('items-api', { dependsOn: ['orders'] });
  const world: World = {
    ...WORLD,
    service,
    registry: { services: [service, orders] },
    metrics: {
      ...UP,
      'items-api dependency_up': [
        seriesOf('dependency_up', { service: 'items-api', dependency: 'orders' }, (s) => (s < 0 ? 1 : 0)),
      ],
    },
    probes: { ...WORLD.probes, 'orders health': { failure: 'refused' } },
  };
  expect(gapsOf(world, 'prometheus', 'loki')).toEqual([
    'no metric of orders in the window, not even up: it is not scraped, or its labels name the service otherwise',
    'no log line of orders in the window: it wrote none, or they are kept under another name',
  ]);
});

describe('a source that is behind', () => {
  test('an hour: the newest sample of all is as old, and that is said with both times', () => {
    const metrics = { 'items-api up': minutesOld(60, UP['items-api up']) };
    expect(gapsOf({ ...WORLD, metrics }, 'prometheus')).toEqual([
      'the newest sample that prometheus holds is from 09:01:20, 60 min before this look: it has stopped taking samples, or its clock is behind',
    ]);
  });

  test('one service whose samples ended while those of others go on is gone: the source is well', () => {
    const mongo = [seriesOf('up', { service: 'mongodb' }, () => 1)];
    const metrics = { 'items-api up': minutesOld(20, UP['items-api up']), 'mongodb up': mongo };
    expect(gapsOf({ ...WORLD, metrics }, 'prometheus')).toEqual([]);
  });

  test('minutes are a slow scrape', () => {
    expect(gapsOf({ ...WORLD, metrics: { 'items-api up': minutesOld(4, UP['items-api up']) } }, 'prometheus')).toEqual(
      [],
    );
  });
});

function startingAt(startsAt: string): World {
  return { ...WORLD, alerts: WORLD.alerts.map((alert) => ({ ...alert, startsAt })) };
}

test('an alert that begins after the look comes from a clock that is ahead; a minute is no matter', () => {
  expect(gapsOf(startingAt(plusSeconds(NOW, 3_600)), 'incident-agent-workflow')).toEqual([
    "the alert says that it began at 2026-03-02T11:01:30.000Z, 60 min after this look: its sender's clock is ahead, and the time of the look was taken",
  ]);
  expect(gapsOf(startingAt(plusSeconds(NOW, 30)), 'incident-agent-workflow')).toEqual([]);
});

test('of an alert that names no service nothing is asked, and the source is not to blame', () => {
  const nobody = serviceOf('unknown service');
  const alerts = WORLD.alerts.map((alert) => ({ ...alert, labels: { alertname: 'Service5xxErrors' } }));
  const world = { ...WORLD, service: nobody, alerts, metrics: {}, logs: [] };
  expect(gapsOf(world, 'prometheus', 'loki', 'incident-agent-workflow')).toEqual([
    'the alert names no service, neither as service nor as exported_service or job: nothing could be asked about it; give its rule the label service',
  ]);
});
