/** What strangers' installations expose, from the alert's labels to the cause: the class and the service, and no commit blamed. */
import { describe, expect, test } from 'vitest';
import { serviceFinder } from '../../domain/alert-service.ts';
import { ABSTAIN_BELOW } from '../../domain/hypothesis.ts';
import { findService, type Service, unregisteredService } from '../../domain/service.ts';
import { fitting, waysToKnow } from '../../domain/service-labels.ts';
import type { Series } from '../../domain/telemetry.ts';
import { verifyFacts } from '../../verify/findings.ts';
import { buildRepository, investigate, type World } from '../world.test-helper.ts';
import { FURTHER } from './further.test-helper.ts';
import { OTHERS } from './hosts.test-helper.ts';
import { KUBERNETES } from './kubernetes.test-helper.ts';
import { PROGRAMS } from './programs.test-helper.ts';
import { alertWith, type Installation, linesOf, REGISTRY } from './world.test-helper.ts';

const repository = buildRepository(
  [
    { message: 'first', hoursAgo: 300, change: () => ({ 'src/main.ts': 'export const a = 1;\n', 'README.md': 'x\n' }) },
    { message: 'tidy', hoursAgo: 30, change: (tree) => ({ ...tree, 'src/main.ts': 'export const b = 1;\n' }) },
    { message: 'words', hoursAgo: 2, change: (tree) => ({ ...tree, 'README.md': 'y\n' }) },
  ],
  '',
);

/** As the sources ask: by the service's own name, and where that brings nothing by what exporters tell whose it is. */
function seriesOf(service: Service, metric: string, series: readonly Series[]): Series[] {
  const all = series.filter((one) => one.metric === metric);
  const own = all.filter(({ labels }) => labels.service === service.name || labels.exported_service === service.name);
  const ways = waysToKnow(service, metric);
  return own.length > 0 ? own : all.filter(({ labels }) => ways.some((way) => fitting(way)(labels[way.label] ?? '')));
}

const serviceOf = serviceFinder(REGISTRY);

function worldOf(row: Installation): World {
  const alert = alertWith(row);
  const name = serviceOf(alert) ?? 'unknown';
  const metrics: Record<string, Series[]> = {};
  for (const service of REGISTRY.services)
    for (const metric of new Set(row.series.map((one) => one.metric))) {
      const own = seriesOf(service, metric, row.series);
      if (own.length > 0) metrics[`${service.name} ${metric}`] = own;
    }
  const probes: Record<string, object> = {};
  for (const { name: service, healthUrl } of REGISTRY.services)
    if (healthUrl) probes[`${service} health`] = row.health?.[service] ?? { httpStatus: 200 };
  return {
    service: findService(REGISTRY, name) ?? unregisteredService(name),
    registry: REGISTRY,
    alerts: [alert],
    metrics,
    probes,
    logs: linesOf(name, row.logs?.[name] ?? []),
    logsOfOthers: Object.fromEntries(Object.entries(row.logs ?? {}).map(([s, t]) => [s, linesOf(s, t)])),
    repository,
  };
}

const ALL = [...KUBERNETES, ...OTHERS, ...PROGRAMS, ...FURTHER];

/** Named, not merely thought of; and whatever is said is borne out by what it cites. */
function look(row: Installation) {
  const facts = investigate(worldOf(row));
  const named = facts.hypotheses.filter(({ confidence }) => confidence >= ABSTAIN_BELOW);
  const names = REGISTRY.services.map(({ name }) => name);
  const unsupported = verifyFacts(facts, names).checked.filter(({ result }) => result !== 'supported');
  return { facts, named, unsupported: unsupported.map(({ text, reason }) => `${text} (${reason})`) };
}

describe.each(ALL.filter(({ classes }) => classes.length > 0))('$alert.alertname: $says', (row) => {
  test(`is ${row.classes.join(' or ')} of ${row.service}`, () => {
    const { facts, named, unsupported } = look(row);
    const [first] = named;
    expect(row.classes).toContain(first?.cause.class);
    expect([facts.service, first?.cause.service]).toEqual([row.service, row.service]);
    expect(named.filter(({ cause }) => cause.commit !== null)).toEqual([]);
    expect(facts.alertConfirmed).toBe('confirmed');
    expect(unsupported).toEqual([]);
  });
});

describe.each(ALL.filter(({ classes }) => classes.length === 0))('$alert.alertname: $says', (row) => {
  test('is no fault', () => {
    const { facts, named, unsupported } = look(row);
    expect(facts.service).toBe(row.service);
    expect(named.filter(({ cause }) => cause.class !== null || cause.commit !== null)).toEqual([]);
    expect(facts.alertConfirmed).not.toBe('confirmed');
    expect(unsupported).toEqual([]);
  });
});
