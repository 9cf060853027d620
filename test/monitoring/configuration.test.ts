/** Loki, Promtail, Alloy and Grafana are not at hand here: their files are held against what those versions know and did. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ALLOY_BLOCKS, readAlloy } from './alloy.ts';
import { LokiConfig, PromtailConfig } from './config-schemas.ts';
import { MONITORING, textOf, yamlFile } from './files.ts';
import { shippedStreams } from './shipping.ts';

const Recorded = z.object({ response: z.object({ status: z.number(), body: z.string() }) });
const recorded = (name: string): string =>
  Recorded.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'))).response.body;

test('Loki and Promtail know every key of their files', () => {
  expect(() => yamlFile('loki.yml', LokiConfig)).not.toThrow();
  expect(() => yamlFile('promtail.yml', PromtailConfig)).not.toThrow();
});
test.each([
  { says: 'a key of an older Loki', schema: LokiConfig, key: 'table_manager', content: { table_manager: {} } },
  { says: 'a misspelt key', schema: PromtailConfig, key: 'client', content: { client: {} } },
])('$says would be found', ({ schema, key, content }) => {
  expect(schema.safeParse(content).error?.issues.flatMap((issue) => ('keys' in issue ? issue.keys : []))).toEqual([
    key,
  ]);
});

test('what Loki keeps lies below the folder that is a volume', () => {
  const { common, compactor } = yamlFile('loki.yml', LokiConfig);
  const { chunks_directory, rules_directory } = common.storage.filesystem;
  for (const folder of [chunks_directory, rules_directory, compactor.working_directory])
    expect(folder).toMatch(new RegExp(`^${common.path_prefix}/`));
});

test('a real Loki that Promtail had shipped to knew the labels that our Promtail gives', () => {
  const Series = z.object({ data: z.array(z.record(z.string(), z.string())) });
  const series = Series.parse(JSON.parse(recorded('loki-series'))).data.find(
    ({ service }) => service === 'weather-app1',
  );
  const ours = shippedStreams().find(({ service }) => service === 'weather-app1');
  // `filename` comes from Promtail's file target, `service_name` from Loki.
  expect(series).toEqual({ ...ours, filename: expect.any(String), service_name: 'weather-app1' });
});
test('a real Loki could sum by the level that it guesses, although that is no label of a stream', () => {
  const Labels = z.object({ data: z.array(z.string()) });
  expect(Labels.parse(JSON.parse(recorded('loki-labels'))).data).not.toContain('detected_level');
  expect(recorded('loki-count-by')).toContain('"metric":{"detected_level":"error","service":"weather-app1"}');
});
test('Alloy has the components, attributes and wiring that its file needs', () => {
  const { blocks, references } = readAlloy(textOf('config.alloy'));
  expect(blocks.filter(({ path }) => !ALLOY_BLOCKS.has(path))).toEqual([]);
  for (const { path, attributes } of blocks)
    expect(
      attributes.filter((name) => !ALLOY_BLOCKS.get(path)?.includes(name)),
      path,
    ).toEqual([]);
  const components = new Set(blocks.flatMap(({ path, label }) => (label === undefined ? [] : [`${path}.${label}`])));
  expect(references.length).toBeGreaterThan(2);
  expect(references.filter((name) => !components.has(name))).toEqual([]);
});

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      ports: z.array(z.string()),
      volumes: z.array(z.string()),
      extra_hosts: z.array(z.string()).default([]),
      healthcheck: z.object({ test: z.array(z.string()) }),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

test('Prometheus and Grafana for the host: pinned, on loopback, with files that exist and volumes that are declared', () => {
  const { services, volumes } = yamlFile('docker-compose.yml', Compose);
  expect(Object.keys(services)).toEqual(['prometheus', 'grafana']);
  for (const [name, service] of Object.entries(services)) {
    expect(service.image, name).toMatch(/^[a-z/]+:v?\d+\.\d+\.\d+$/);
    for (const port of service.ports) expect(port, name).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    for (const mount of service.volumes) {
      const [source = ''] = mount.split(':');
      const isThere = source.startsWith('./') ? existsSync(join(MONITORING, source)) : Object.hasOwn(volumes, source);
      expect(isThere, `${name}: ${source}`).toBe(true);
    }
  }
});

test('every data source is a container of that file or the host', () => {
  const { services } = yamlFile('docker-compose.yml', Compose);
  const DataSources = z.object({ datasources: z.array(z.object({ url: z.url() })) });
  const { datasources } = yamlFile('grafana/provisioning/datasources/datasources.yml', DataSources);
  const reachable = new Set([
    ...Object.keys(services),
    ...(services.grafana?.extra_hosts ?? []).map((entry) => entry.replace(':host-gateway', '')),
  ]);
  expect(datasources.map(({ url }) => new URL(url).hostname).filter((host) => !reachable.has(host))).toEqual([]);
});

test('Grafana looks for the dashboards where the file mounts them', () => {
  const Providers = z.object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) });
  const { providers } = yamlFile('grafana/provisioning/dashboards/dashboards.yml', Providers);
  const { services } = yamlFile('docker-compose.yml', Compose);
  const mounted = services.grafana?.volumes.map((mount) => mount.split(':')[1]);
  expect(providers.map(({ options }) => options.path).filter((path) => !mounted?.includes(path))).toEqual([]);
});
