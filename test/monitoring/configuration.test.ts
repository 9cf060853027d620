/** Loki, Promtail, Alloy and Grafana are not at hand here: their files are held against what those versions know and did. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readCompose } from '../../scripts/containers/compose.ts';
import { ALLOY_BLOCKS, readAlloy } from './alloy.ts';
import { LokiConfig, PromtailConfig } from './config-schemas.ts';
import { ROOT, textOf, yamlFile } from './files.ts';
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

const COMPOSE_FILES = ['docker-compose.yml', 'monitoring/docker-compose.yml'].map((file) => ({
  file,
  services: readCompose(join(ROOT, file)).services,
}));

test.each(COMPOSE_FILES)('$file: every data source is a container of it, or the host', ({ services }) => {
  const DataSources = z.object({ datasources: z.array(z.object({ url: z.url() })) });
  const { datasources } = yamlFile('grafana/provisioning/datasources/datasources.yml', DataSources);
  const hosts = services.get('grafana')?.extra_hosts.map((entry) => entry.replace(':host-gateway', '')) ?? [];
  const reachable = new Set([...services.keys(), ...hosts]);
  expect(datasources.map(({ url }) => new URL(url).hostname).filter((host) => !reachable.has(host))).toEqual([]);
});

test.each(COMPOSE_FILES)('$file: Grafana looks for the dashboards where they are mounted', ({ services }) => {
  const Providers = z.object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) });
  const { providers } = yamlFile('grafana/provisioning/dashboards/dashboards.yml', Providers);
  const mounted = services.get('grafana')?.volumes.map((mount) => mount.split(':')[1]);
  expect(providers.map(({ options }) => options.path).filter((path) => !mounted?.includes(path))).toEqual([]);
});
