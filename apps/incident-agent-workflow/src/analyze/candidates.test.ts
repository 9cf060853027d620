import { expect, test } from 'vitest';
import { unregisteredService } from '../domain/service.ts';
import type { Commit, Observation } from '../domain/telemetry.ts';
import { candidatesOf } from './candidates.ts';
import { commitOf, ONSET, replacing } from './commits/commit.test-helper.ts';
import { contextOf } from './metrics/observations.test-helper.ts';

const SERVICE = { ...unregisteredService('weather'), repositoryPath: '/shop', servicePath: 'services/weather' };

function historyOf(commits: readonly Commit[]): Observation {
  const repository = {
    root: '/shop',
    head: 'h',
    deployedRevision: 'h',
    deployedFrom: 'metric' as const,
    servicePath: 'services/weather',
    shallow: false,
  };
  return {
    question: { kind: 'history', service: SERVICE, scope: 'repository', since: ONSET, until: ONSET, maxCommits: 50 },
    answer: { source: 'git', query: '', telemetry: { commits: [...commits], repository }, gaps: [] },
  };
}

test.each([
  { says: 'in its own folder', path: 'services/weather/src/a.ts', nearness: 1 },
  { says: 'in what lies around all services', path: 'compose.yml', nearness: 1 },
  { says: 'in the folder of another program beside it', path: 'services/shop/stock.json', nearness: 0.3 },
])('the newest commit of a deploy, $says, is as near as $nearness', ({ path, nearness }) => {
  const commit = commitOf(1, path, replacing(3, 'one', 'two'));
  const deploy = {
    at: ONSET,
    kind: 'deploy' as const,
    service: SERVICE.name,
    revision: commit.hash,
    previousRevision: undefined,
    name: 'v2',
  };
  const context = contextOf({ service: SERVICE, registry: { services: [SERVICE] } });
  const own = { ...historyOf([commit]), question: { ...historyOf([]).question, scope: undefined } } as Observation;
  expect(candidatesOf([own], context, [deploy])?.nearness.get(commit.hash)).toBe(nearness);
});
