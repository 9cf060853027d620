/** One name a service: where metrics, logs and registry disagree, the alert arrives and its logs are missing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT, yamlFile } from './files.ts';
import { alloyTargets, promtailTargets } from './shipping.ts';

const APPS = join(ROOT, 'apps');
const Registry = z.record(
  z.string(),
  z.object({ health_url: z.url(), log_paths: z.record(z.string(), z.string()), repo_path: z.string() }),
);
const Targets = z.array(
  z.object({
    targets: z.array(z.string()).length(1),
    labels: z.strictObject({ service: z.string(), env: z.string() }),
  }),
);

function registry(file: string): z.infer<typeof Registry> {
  return Registry.parse(JSON.parse(readFileSync(join(APPS, 'incident-agent-workflow', file), 'utf8')));
}
const inContainers = registry('service_registry.docker.json');
const onHost = registry('service_registry.json');
const logFiles = Object.entries(inContainers).flatMap(([service, { log_paths }]) =>
  Object.values(log_paths).map((path) => `${service} ${path}`),
);

test('both registries know the same services', () => {
  expect(Object.keys(inContainers).length).toBeGreaterThan(3);
  expect(new Set(Object.keys(onHost))).toEqual(new Set(Object.keys(inContainers)));
});

test.each([
  { file: 'targets.docker.yml', env: 'local-docker', hostOf: (service: string) => service, services: inContainers },
  { file: 'targets.yml', env: 'local', hostOf: () => 'localhost', services: onHost },
  { file: 'targets.host.yml', env: 'local', hostOf: () => 'host.docker.internal', services: onHost },
])(
  '$file scrapes the services of the registry, by their names and at their ports',
  ({ file, env, hostOf, services }) => {
    const scraped = yamlFile(file, Targets).map(
      ({ targets, labels }) => `${labels.service} ${targets[0]} ${labels.env}`,
    );
    const registered = Object.entries(services).map(
      ([service, { health_url }]) => `${service} ${hostOf(service)}:${new URL(health_url).port} ${env}`,
    );
    expect(new Set(scraped)).toEqual(new Set(registered));
  },
);

test.each([
  { says: 'Promtail', targets: promtailTargets() },
  { says: 'Alloy', targets: alloyTargets() },
])('$says ships the log files of the registry, by the names and the env that Prometheus has', ({ targets }) => {
  expect(new Set(targets.map(({ service, __path__ }) => `${service} ${__path__}`))).toEqual(new Set(logFiles));
  const [scraped] = yamlFile('targets.docker.yml', Targets);
  for (const { job, env } of targets) expect({ job, env }).toEqual({ job: 'app-logs', env: scraped?.labels.env });
});

test('a path in a container and its path on the host are the same file of the same app', () => {
  for (const [service, { log_paths }] of Object.entries(inContainers))
    for (const [name, path] of Object.entries(log_paths)) {
      const there = onHost[service]?.log_paths[name] ?? '';
      const [, app, file] = /^\/var\/log\/apps\/([\w-]+)\/(.+)$/.exec(path) ?? [];
      expect(join(APPS, 'incident-agent-workflow', there)).toBe(join(APPS, app ?? '', 'logs', file ?? ''));
    }
});

test('a rotated log is not shipped a second time: every path is one file, not a pattern', () => {
  for (const { __path__ } of promtailTargets()) expect(__path__).toMatch(/^\/[\w/-]+\.log$/);
});
