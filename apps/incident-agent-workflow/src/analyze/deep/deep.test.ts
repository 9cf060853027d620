import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Facts } from '../../domain/facts.ts';
import type { LogLine } from '../../domain/telemetry.ts';
import { plusSeconds } from '../../lib/time.ts';
import { checkClaims } from '../../verify/check-claims.ts';
import {
  CRASH_LINE_CHANGED,
  type Crash,
  ITEMS,
  itemsRepository,
  logsOf,
  regressionWorld,
} from '../scenarios.test-helper.ts';
import {
  alertOf,
  FROM,
  investigate,
  jsonLine,
  ONSET,
  observe,
  type Repository,
  requestsOf,
  seriesOf,
  serviceOf,
  type World,
} from '../world.test-helper.ts';

const CRASH: Crash = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading '0')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`, `/srv/repo/${ITEMS}:21:29`],
};
const UP = { httpStatus: 200 } as const;

let repository: Repository & { remove(): void };
beforeAll(() => {
  repository = itemsRepository(CRASH_LINE_CHANGED);
});
afterAll(() => repository.remove());

/** What a caller logs when it is answered so: an error of its own client, with the answer in its words. */
function failuresOf(service: string, message: string, from = 2): LogLine[] {
  const quiet = Array.from({ length: 58 }, (_line, minute) =>
    jsonLine(service, plusSeconds(FROM, minute * 60), 'INFO', 'GET /shop/ -> 200', { status: 200 }),
  );
  const failing = Array.from({ length: 12 }, (_line, index) =>
    jsonLine(service, plusSeconds(ONSET, from + index * 15), 'ERROR', 'GET /shop/ failed', {
      method: 'GET',
      path: '/shop/',
      stack: `UpstreamError: ${message}\n    at call (/srv/shop/src/client.ts:12:11)`,
    }),
  );
  return [...quiet, ...failing];
}

/** `shop` alerts and depends on `items-api`, whose program is at fault since its last start. */
function victimWorld(change: Partial<World> = {}): World {
  const items = regressionWorld(repository, CRASH);
  const shop = serviceOf('shop', { dependsOn: ['items-api'] });
  return {
    ...items,
    service: shop,
    registry: { services: [items.service, shop] },
    alerts: [alertOf('Service5xxErrors', 'shop', 'shop answers with 5xx')],
    metrics: {
      ...items.metrics,
      'shop up': [seriesOf('up', { service: 'shop' }, () => 1)],
      'shop http_requests_total': requestsOf('shop', '/shop/', 4, 0.3),
    },
    probes: { ...items.probes, 'shop health': UP },
    logs: failuresOf('shop', 'items-api answered 500 to GET /items/: {"detail":"internal error"}'),
    logsOfOthers: { 'items-api': items.logs ?? [] },
    repositoryOf: 'items-api',
    ...change,
  };
}

const QUIET = {
  'items-api up': [seriesOf('up', { service: 'items-api' }, () => 1)],
  'items-api http_requests_total': requestsOf('items-api', '/items/', 4, 0),
};
function withoutItems(world: World): World['metrics'] {
  return Object.fromEntries(Object.entries(world.metrics ?? {}).filter(([name]) => !name.startsWith('items-api ')));
}

function askedOf(world: World, service: string): string[] {
  return observe(world).flatMap(({ question }) => (question.service.name === service ? [question.kind] : []));
}

function first(facts: Facts) {
  const [best] = facts.hypotheses;
  if (!best) throw new Error('nothing was found');
  return best;
}

describe('the fault lies in a service that the alerting one depends on', () => {
  let facts: Facts;
  beforeAll(() => {
    facts = investigate(victimWorld());
  });

  test('it is found there, with its commit and its line', () => {
    expect(first(facts).cause).toMatchObject({
      class: 'code-error',
      service: 'items-api',
      commit: repository.hashes[5],
      file: ITEMS,
      line: 15,
    });
  });

  test('the sentence says whose trouble it is, and all of it is borne out by what it cites', () => {
    const { statement, supporting } = first(facts);
    expect(statement.text).toMatch(/^shop fails because items-api does: commit [0-9a-f]{7} /);
    const checked = checkClaims([statement, ...supporting], facts.evidence, facts.gaps, ['shop', 'items-api']);
    expect(checked.filter(({ result }) => result !== 'supported')).toEqual([]);
  });

  test('whoever depends on it suffers, the alerting service among them', () => {
    expect(facts.dependents).toEqual(['shop']);
    expect(facts.timeline.map(({ kind }) => kind)).toContain('commit');
  });

  test('what the alerting service would be blamed for comes after it', () => {
    const own = facts.hypotheses.filter(({ cause }) => cause.service === 'shop');
    expect(own.every(({ confidence }) => confidence < 0.4)).toBe(true);
  });
});

test('it is found two calls away', () => {
  const world = victimWorld();
  const web = serviceOf('web', { dependsOn: ['shop'] });
  const facts = investigate({
    ...world,
    service: web,
    registry: { services: [...world.registry.services, web] },
    alerts: [alertOf('Service5xxErrors', 'web', 'web answers with 5xx')],
    metrics: {
      ...world.metrics,
      'web up': [seriesOf('up', { service: 'web' }, () => 1)],
      'web http_requests_total': requestsOf('web', '/', 4, 0.3),
    },
    probes: { ...world.probes, 'web health': UP },
    logs: failuresOf('web', 'shop answered 502 to GET /shop/: {"detail":"items-api answered 500"}'),
    logsOfOthers: { ...world.logsOfOthers, shop: world.logs ?? [] },
  });
  expect(first(facts).cause).toMatchObject({ class: 'code-error', service: 'items-api', file: ITEMS });
  expect(first(facts).statement.text).toMatch(/^web fails because items-api does: /);
});

test('what is well is not looked into', () => {
  const world = victimWorld();
  const own = { ...CRASH, frames: ['handle (/srv/shop/src/handle.ts:4:9)'] };
  const healthy: World = {
    ...world,
    metrics: { ...withoutItems(world), ...QUIET },
    logs: logsOf('shop', own, '/shop/'),
    logsOfOthers: {},
  };
  expect(askedOf(healthy, 'items-api')).not.toContain('logs');
  expect(first(investigate(healthy)).cause.service).toBe('shop');
});

test('one that only its caller cannot reach is not blamed: it answers, and nothing fails there', () => {
  const world = victimWorld();
  const unreached: World = {
    ...world,
    metrics: { ...withoutItems(world), ...QUIET },
    logs: failuresOf('shop', 'items-api could not be reached for GET /items/: connect ECONNREFUSED 10.0.0.7:9000'),
    logsOfOthers: {},
  };
  expect(askedOf(unreached, 'items-api')).toContain('logs');
  const facts = investigate(unreached);
  expect(first(facts).cause).toMatchObject({ class: 'dependency-refused', service: 'shop', dependency: 'items-api' });
  expect(facts.ruledOut.map(({ what }) => what)).toContain('trouble of items-api itself');
});

/** A process that was started anew just before the onset. */
function startOf(service: string, at: number) {
  return [seriesOf('process_start_time_seconds', { service }, (seconds) => (seconds < -5 ? at - 86_000 : at))];
}

describe('it runs and answers, but otherwise than before', () => {
  const REFUSAL = 'items-api answered 422 to GET /items/?limit=100: {"detail":"limit: must be at most 40"}';
  const started = Date.parse(plusSeconds(ONSET, -10)) / 1_000;
  function refusingWorld(restartOfShop?: number): World {
    const world = victimWorld();
    return {
      ...world,
      metrics: {
        ...withoutItems(world),
        ...QUIET,
        'items-api process_start_time_seconds': startOf('items-api', started),
        ...(restartOfShop === undefined ? {} : { 'shop process_start_time_seconds': startOf('shop', restartOfShop) }),
      },
      logs: failuresOf('shop', REFUSAL),
      logsOfOthers: {},
    };
  }

  test('since its start its caller fails on it: the error is its own', () => {
    const { cause, supporting } = first(investigate(refusingWorld()));
    expect(cause).toMatchObject({ class: 'code-error', service: 'items-api' });
    expect(supporting.map(({ text }) => text).join(' ')).toContain('fails on what items-api answers');
  });

  test('the caller was started at the same time: then it is either of them, and it is not said', () => {
    const { hypotheses } = investigate(refusingWorld(started));
    expect(hypotheses.some(({ cause, confidence }) => cause.service === 'items-api' && confidence >= 0.4)).toBe(false);
  });
});

describe('its caller says that it cannot be reached, since it was started anew', () => {
  const GONE = 'items-api could not be reached for GET /items/';
  const REFUSED = `${GONE}: connect ECONNREFUSED 10.0.0.7:9000`;
  const away = [seriesOf('up', { service: 'items-api' }, (at) => (at >= -30 && at < 0 ? 0 : 1))];
  test.each([
    { says: 'it is asked as often as before', share: 1, start: -10, guilty: 'code-error of items-api' },
    { says: 'and from when it stopped', share: 1, start: -2, from: -28, away, guilty: 'code-error of items-api' },
    { says: 'and before it stopped', share: 1, start: -2, from: -28, guilty: 'dependency-refused of shop' },
    { says: 'nothing of it arrives', share: 0.2, start: -10, guilty: 'dependency-refused of shop' },
    { says: 'it was started long before', share: 1, start: -1_500, guilty: 'dependency-refused of shop' },
  ])('$says: $guilty', ({ share, start, from, away: gone, guilty }) => {
    const world = victimWorld();
    const metrics = {
      ...withoutItems(world),
      'items-api up': gone ?? QUIET['items-api up'],
      'items-api http_requests_total': requestsLeft(share),
      'items-api process_start_time_seconds': startsAt('items-api', start),
    };
    const logs = failuresOf('shop', guilty.startsWith('code') ? GONE : REFUSED, from);
    const { cause } = first(investigate({ ...world, metrics, logs, logsOfOthers: {} }));
    expect(`${cause.class} of ${cause.service}`).toBe(guilty);
  });
});

/** Requests of items-api, of which `share` still come since the onset. */
function requestsLeft(share: number) {
  const labels = { service: 'items-api', handler: '/items/', method: 'GET', status: '2xx' };
  const counted = (at: number) => Math.floor((at + 7200) * 4 - Math.max(0, at) * 4 * (1 - share));
  return [seriesOf('http_requests_total', labels, counted)];
}

function restartAt(seconds: number): number {
  return Date.parse(plusSeconds(ONSET, seconds)) / 1_000;
}

function startsAt(service: string, seconds: number) {
  return [seriesOf('process_start_time_seconds', { service }, (at) => restartAt(at < seconds ? -90_000 : seconds))];
}

function thrown(shop: number, items: number, change: Partial<World> = {}) {
  const world = victimWorld(change);
  const starts = {
    'shop process_start_time_seconds': startsAt('shop', shop),
    'items-api process_start_time_seconds': startsAt('items-api', items),
  };
  return first(investigate({ ...world, metrics: { ...world.metrics, ...starts } })).cause;
}

describe('it throws at what it is asked', () => {
  const withoutHistory = { repositoryOf: 'nobody' };
  test.each([
    { says: 'since its caller was started anew: the caller asks otherwise', shop: -10, items: -7_200, guilty: 'shop' },
    { says: 'since its caller was, having run well itself', shop: -10, items: -300, guilty: 'shop' },
    { says: 'since it was started itself', shop: -7_200, items: -10, guilty: 'items-api' },
    { says: 'and both were started', shop: -10, items: -12, guilty: 'items-api' },
    { says: 'and its caller was started long before', shop: -900, items: -7_200, guilty: 'items-api' },
  ])('$says: $guilty', ({ shop, items, guilty }) => {
    expect(thrown(shop, items, withoutHistory)).toMatchObject({ class: 'code-error', service: guilty });
  });

  test('where a change of its own wrote the line that fails, it is its own fault all the same', () => {
    expect(thrown(-10, -300)).toMatchObject({ class: 'code-error', service: 'items-api' });
  });
});

test.each([
  { says: 'the clock of the service that answers is behind', now: plusSeconds(ONSET, -4_500), guilty: 'items-api' },
  { says: 'it names the right time: whose clock is off is not known', now: plusSeconds(ONSET, 2), guilty: 'shop' },
])('$says', ({ now, guilty }) => {
  const world = victimWorld();
  const answer = `items-api answered 401 to GET /items/: {"error":"token is not yet valid: issued at ${ONSET}, now ${now}"}`;
  const facts = investigate({
    ...world,
    metrics: { ...withoutItems(world), ...QUIET },
    logs: failuresOf('shop', answer),
    logsOfOthers: {},
  });
  expect(first(facts).cause).toMatchObject({ class: 'clock-skew', service: guilty });
});

test('load travels the other way: who was asked three times as much before it failed is not where it began', () => {
  const world = victimWorld();
  const pressed: World = {
    ...world,
    metrics: {
      ...withoutItems(world),
      ...QUIET,
      'items-api http_requests_total': [
        seriesOf(
          'http_requests_total',
          { service: 'items-api', handler: '/items/', method: 'GET', status: '2xx' },
          (s) => Math.floor((s + 7200) * 4 + Math.max(0, s + 60) * 12),
        ),
        seriesOf(
          'http_requests_total',
          { service: 'items-api', handler: '/items/', method: 'GET', status: '5xx' },
          (s) => Math.max(0, Math.floor(s * 2)),
        ),
      ],
    },
    repository: undefined,
  };
  const { hypotheses } = investigate(pressed);
  expect(hypotheses.filter(({ cause }) => cause.service === 'items-api')).toEqual([]);
});
