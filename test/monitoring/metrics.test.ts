/** What monitoring/README.md says of metrics is what the services show, both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpMetrics, declareBuildInfo, declareDependency } from '@incident-agent/service-kit/metrics';
import { expect, test } from 'vitest';
import { prometheusMeter } from '../../apps/incident-agent-workflow/src/adapters/meters/prometheus-meter.ts';
import { ROOT, textOf } from './files.ts';

/** Metric → its labels, of all services; those of the process are left out. */
function declared(): Map<string, string> {
  const { registry } = createHttpMetrics();
  declareBuildInfo(registry, 'abc');
  declareDependency(registry, 'service', 'dependency');
  prometheusMeter(registry, {
    openIncidents: async () => 0,
    listOpenIncidents: async () => [],
    incidentUrl: (id) => id,
    queueDepth: async () => 0,
  });
  const ours = registry.getMetricsAsArray().filter(({ name }) => !/^(process|nodejs)_/.test(name));
  return new Map([...ours.map((metric) => [metric.name, labelsOf(metric)] as const), notifierMetric()]);
}

/** prom-client keeps them beside the metric, but its types do not say so. */
function labelsOf(metric: object): string {
  const names: unknown = Reflect.get(metric, 'labelNames');
  return Array.isArray(names) ? names.filter((name) => name !== 'le').join(', ') : '';
}

/** It is declared where the notifier is composed, which cannot be imported without starting it. */
function notifierMetric(): readonly [string, string] {
  const text = readFileSync(join(ROOT, 'apps/notifier/src/main.ts'), 'utf8');
  const [, name = '', labels = ''] = /name: '(notifier_\w+)',.*?labelNames: \[([^\]]*)\]/s.exec(text) ?? [];
  return [name, labels.replaceAll("'", '')];
}

test('every metric is listed with its labels, and no other', () => {
  const rows = [
    ...textOf('README.md').matchAll(/^\| `([a-z_]+)` \| ([^|]*?) ?\| (?:every|services|agent|notifier|mongo)/gm),
  ];
  const listed = new Map(rows.map(([, name = '', labels = '']) => [name, labels.replace(/ \(.*\)/, '')]));
  const known = declared();
  expect(known.size).toBeGreaterThan(15);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(known));
});
