import { expect, test } from 'vitest';
import type { Evidence } from '../../domain/evidence.ts';
import { type Service, unregisteredService } from '../../domain/service.ts';
import type { AnalysisContext } from '../context.ts';
import { alertSaying, contextOf, FROM, SERVICE, TO } from '../metrics/observations.test-helper.ts';
import { blameOfState, dependentsOf, topologyVerdict } from './verdict.ts';

function service(name: string, dependsOn: string[]): Service {
  return { ...unregisteredService(name), dependsOn };
}
const OWN = service(SERVICE.name, ['db', 'mail']);
const CONTEXT: AnalysisContext = contextOf({
  alerts: [alertSaying('SlowAnswers', 'latency is high')],
  service: OWN,
  registry: { services: [OWN, service('db', ['disk']), service('mail', [])] },
});
const FRAME = { source: 'prometheus', query: 'q', window: { from: FROM, to: TO }, digest: 'd' };

function latency(id: string, name: string, score: number): Evidence {
  const data = {
    metric: 'latency',
    family: 'latency' as const,
    unit: 's',
    points: [],
    baselineMedian: 0.04,
    incidentMedian: 0.4,
    incidentExtreme: 0.4,
    score,
    direction: score >= 4 ? ('up' as const) : ('flat' as const),
    onset: null,
    lastValue: 0.4,
  };
  return { ...FRAME, id, kind: 'metric', title: `mean latency of ${name} rose`, service: name, data };
}

test.each([
  { says: 'nothing is off', scores: [0, 0], verdict: undefined },
  {
    says: 'its dependency is as slow as it is',
    scores: [50, 60],
    verdict: { kind: 'dependency', node: 'db' },
  },
  { says: 'its dependency is well', scores: [50, 0], verdict: { kind: 'own', node: SERVICE.name } },
  {
    says: 'its dependency moved too little to explain it',
    scores: [900, 5],
    verdict: { kind: 'own', node: SERVICE.name },
  },
])('$says', ({ scores: [own = 0, db = 0], verdict }) => {
  const evidence = [latency('E1', SERVICE.name, own), latency('E2', 'db', db)];
  const found = topologyVerdict({ context: CONTEXT, evidence, dependencies: [] });
  expect(found && { kind: found.kind, node: found.node }).toEqual(verdict);
});

test('it says where it could not look further', () => {
  const evidence = [latency('E1', SERVICE.name, 50), latency('E2', 'db', 60)];
  const found = topologyVerdict({ context: CONTEXT, evidence, dependencies: [] });
  expect(found?.words).toBe(
    `mean latency of db rose, which ${SERVICE.name} depends on, the deepest that is watched on the way to disk`,
  );
});

const seen = (answers: boolean | undefined) => ({ name: 'mail', isUp: false, answers, cites: ['E9'] });

test('a dependency that the service cannot reach and that does not speak for itself is the origin; one that answers is not', () => {
  const evidence = [latency('E1', SERVICE.name, 50)];
  const found = (answers: boolean | undefined) =>
    topologyVerdict({ context: CONTEXT, evidence, dependencies: [seen(answers)] });
  expect(found(undefined)).toMatchObject({ kind: 'dependency', node: 'mail', cites: ['E9', 'E1'] });
  expect(found(true)).toMatchObject({ kind: 'own' });
  expect(blameOfState(seen(true))).toBe('way');
});

test('who depends on the service through others is at risk too', () => {
  const services = [OWN, service('shop', [OWN.name]), service('page', ['shop']), service('mail', [])];
  expect(dependentsOf(contextOf({ service: OWN, registry: { services } }))).toEqual(['page', 'shop']);
});
