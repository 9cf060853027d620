/** The alerting service fails on what another one asks: it was neither changed nor started, the other was. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogLine } from '../../domain/telemetry.ts';
import { plusSeconds } from '../../lib/time.ts';
import { checkClaims } from '../../verify/check-claims.ts';
import { logsOf } from '../scenarios.test-helper.ts';
import {
  alertOf,
  buildRepository,
  FROM,
  investigate,
  jsonLine,
  ONSET,
  type Repository,
  requestsOf,
  seriesOf,
  serviceOf,
  type World,
} from '../world.test-helper.ts';

const CLIENT = 'src/prices-client.ts';
const before = `export async function quote(articles: { sku: string; count: number }[]) {
  const body = { articles };
  return call('prices', '/quotes', body);
}
`;
const after = before.replace('{ articles }', '{ articles: articles.map(({ sku, count }) => [sku, count]) }');

let repository: Repository & { remove(): void };
beforeAll(() => {
  repository = buildRepository(
    [
      {
        message: 'till: a start',
        hoursAgo: 900,
        change: () => ({ [CLIENT]: before, 'src/port.ts': 'export const port = 1;\n' }),
      },
      {
        message: 'till: another port',
        hoursAgo: 90,
        change: (tree) => ({ ...tree, 'src/port.ts': 'export const port = 2;\n' }),
      },
      { message: 'prices client: shorter bodies', hoursAgo: 1, change: (tree) => ({ ...tree, [CLIENT]: after }) },
    ],
    '',
  );
});
afterAll(() => repository.remove());

const CRASH = {
  type: 'AttributeError',
  message: "'list' object has no attribute 'get'",
  frames: ['read (/srv/prices/read.py:48:9)'],
};
const UP = { httpStatus: 200 } as const;

function unixSeconds(ofOnset: number): number {
  return Date.parse(plusSeconds(ONSET, ofOnset)) / 1_000;
}

function startOf(service: string, at: number | undefined) {
  if (at === undefined) return {};
  const series = seriesOf('process_start_time_seconds', { service }, (now) => unixSeconds(now < at ? -90_000 : at));
  return { [`${service} process_start_time_seconds`]: [series] };
}

const NAMES = 'UpstreamError: prices answered 500 to POST /quotes';
const SILENT = 'TypeError: the sum is missing';

/** What the one that asks logs of it. */
function heardBy(says: string): LogLine[] {
  const quiet = Array.from({ length: 58 }, (_line, minute) =>
    jsonLine('till', plusSeconds(FROM, minute * 60), 'INFO', 'POST /pay -> 200', { status: 200 }),
  );
  const failing = Array.from({ length: 12 }, (_line, index) =>
    jsonLine('till', plusSeconds(ONSET, 2 + index * 15), 'ERROR', 'POST /pay failed', {
      stack: `${says}\n    at quote (/srv/till/${CLIENT}:3:10)`,
    }),
  );
  return [...quiet, ...failing];
}

interface Told {
  readonly till?: number;
  readonly prices?: number;
  readonly porter?: number;
  readonly says?: string;
  readonly dependsOn?: string[];
  readonly without?: boolean;
}

/** `prices` alerts; `till` calls it, whether the registry knows of that or not. */
function world({ till, prices, porter, says: heard = NAMES, dependsOn = [], without = false }: Told): World {
  const asked = serviceOf('prices');
  const others = [serviceOf('till', { dependsOn }), serviceOf('porter')];
  const failing = without ? 0 : 0.3;
  return {
    service: asked,
    registry: { services: [asked, ...others] },
    alerts: [alertOf('Service5xxErrors', 'prices', 'prices answers with 5xx')],
    metrics: {
      'prices up': [seriesOf('up', { service: 'prices' }, () => 1)],
      'prices http_requests_total': requestsOf('prices', '/quotes', 4, failing),
      'till up': [seriesOf('up', { service: 'till' }, () => 1)],
      ...startOf('till', till),
      ...startOf('prices', prices),
      ...startOf('porter', porter),
    },
    probes: { 'prices health': UP, 'till health': UP },
    logs: logsOf('prices', without ? undefined : CRASH, '/quotes'),
    logsOfOthers: { till: heardBy(heard) },
    repository,
    repositoryOf: 'till',
  };
}

describe('it throws at what it is asked', () => {
  test.each<Told & { when: string; is: string }>([
    { when: 'since a caller of which nobody knew was started', till: -20, is: 'till' },
    { when: 'since a caller was that is known', till: -20, dependsOn: ['prices'], says: SILENT, is: 'till' },
    { when: 'and the caller was started long before', till: -900, is: 'prices' },
    { when: 'and the caller was not started at all', is: 'prices' },
    { when: 'and the caller was started after it', till: 60, is: 'prices' },
    { when: 'and was started itself', till: -20, prices: -18, is: 'prices' },
    { when: 'and had run well for long', till: -20, prices: -900, is: 'till' },
    { when: 'and the other neither names it nor is known to call it', till: -20, says: SILENT, is: 'prices' },
    { when: 'and several were started, nobody known to call it', till: -20, porter: -25, is: 'prices' },
    { when: 'and one of several is known to call it', till: -20, porter: -25, dependsOn: ['prices'], is: 'till' },
  ])('$when: $is', ({ is, ...told }) => {
    const [best] = investigate(world(told)).hypotheses;
    expect(best?.cause).toMatchObject({ class: 'code-error', service: is });
  });

  test('its commit is named, and all of it is borne out by what it cites', () => {
    const facts = investigate(world({ till: -20 }));
    const [best] = facts.hypotheses;
    expect(best?.cause).toMatchObject({ commit: repository.hashes[2], file: CLIENT });
    expect(best?.statement.text).toContain('prices fails on what till asks');
    expect(facts.dependents).toContain('prices');
    const claims = best ? [best.statement, ...best.supporting] : [];
    const checked = checkClaims(claims, facts.evidence, facts.gaps, ['prices', 'till', 'porter']);
    expect(checked.filter(({ result }) => result !== 'supported')).toEqual([]);
  });

  test('where nothing fails nobody is said to ask otherwise', () => {
    expect(investigate(world({ till: -20, without: true })).hypotheses.map(({ cause }) => cause.service)).not.toContain(
      'till',
    );
  });
});
