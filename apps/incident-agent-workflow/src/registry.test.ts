import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAgentError } from './domain/error.ts';
import { findService, Service } from './domain/service.ts';
import { readRegistry } from './registry.ts';

const APP_FOLDER = join(import.meta.dirname, '..');
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  path = join(folder, 'service_registry.json');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: unknown) {
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readRegistry(path);
}

async function mistakes(content: unknown): Promise<string> {
  const error: unknown = await read(content).catch((thrown: unknown) => thrown);
  return isAgentError(error) && error.code === 'invalid-input' ? error.message : `not refused: ${String(error)}`;
}

test.each(['service_registry.json', 'service_registry.docker.json'])('%s names all four services', async (file) => {
  const registry = await readRegistry(join(APP_FOLDER, file));
  expect(registry.services.map((service) => service.name)).toEqual([
    'incident-agent-workflow',
    'mongo-api-service',
    'notifier',
    'weather-app1',
  ]);
  for (const service of registry.services) expect(Service.parse(service)).toEqual(service);
  expect(findService(registry, 'mongo-api-service')?.dependsOn).toEqual(['mongodb']);
});

test('on the host the logs and the code lie beside the agent', async () => {
  const registry = await readRegistry(join(APP_FOLDER, 'service_registry.json'));
  expect(findService(registry, 'weather-app1')).toMatchObject({
    healthUrl: 'http://localhost:8000/',
    metricsUrl: 'http://localhost:8000/metrics',
    logPaths: { app: join(APP_FOLDER, '../weather-app1/logs/app.log') },
    repositoryPath: join(APP_FOLDER, '../weather-app1'),
  });
});

test('relative paths start at the file, absolute ones stay', async () => {
  const registry = await read({
    api: {
      health_url: 'http://localhost:1/up',
      metrics_url: 'http://localhost:2/m',
      log_paths: { a: 'logs/a.log', b: '/var/log/b.log' },
      repo_path: '../code',
      service_path: './apps/api/',
      deployed_revision: 'file:REVISION',
    },
  });
  expect(registry.services[0]).toMatchObject({
    metricsUrl: 'http://localhost:2/m',
    logPaths: { a: join(folder, 'logs/a.log'), b: '/var/log/b.log' },
    repositoryPath: join(folder, '../code'),
    servicePath: 'apps/api',
    deployedRevision: `file:${join(folder, 'REVISION')}`,
  });
});

test('an empty entry is a service of which only the name is known', async () => {
  const { services } = await read({ api: {} });
  expect(services).toEqual([{ name: 'api', logPaths: {}, dependsOn: [], runbooks: [], owners: [], labels: {} }]);
});

test('all mistakes are told at once, each with its path and cure', async () => {
  const told = await mistakes({
    api: { health_url: 'localhost:80', log_paths: { app: 7 }, depends_on: 'mongodb', labels: { 'a-b': 'x' } },
    web: { helth_url: 'http://x', service_path: '../../etc', repository: 'somewhere', source_path: 'app' },
    job: 'x',
    '': {},
  });
  const lines = told.replace(`${path}: `, '').split('\n');
  expect(lines).toEqual([
    'api.health_url: is no web address, write it like http://localhost:8000/health',
    'api.log_paths.app: must be text',
    'api.depends_on: must be a list of texts',
    'api.labels.a-b: is no valid name',
    'web.service_path: must be a folder inside the repository, e.g. apps/weather-app1',
    'web.source_path: must be absolute, e.g. /app',
    'web.repository: is neither github:owner/name nor a git URL',
    expect.stringMatching(/^web\.helth_url: is not known; known are health_url, /),
    'job: must be an object',
    '"": is no name of a service',
  ]);
});

test.each([
  { content: '{"api":', says: 'is no JSON' },
  { content: '[]', says: 'must be an object' },
  { content: 'null', says: 'must be an object' },
])('a file that $says is refused', async ({ content, says }) => {
  expect(await mistakes(content)).toContain(says);
});

test('a missing file names the setting', async () => {
  await expect(readRegistry(join(folder, 'none.json'))).rejects.toThrow(
    /none\.json: cannot be read .*SERVICE_REGISTRY_PATH/,
  );
});

test('any JSON is read or refused as invalid input, nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (content) => {
      const outcome: unknown = await read(content).catch((thrown: unknown) => thrown);
      expect(isAgentError(outcome) ? outcome.code : outcome).toSatisfy(
        (seen) => seen === 'invalid-input' || (typeof seen === 'object' && seen !== null && 'services' in seen),
      );
    }),
    { numRuns: 50 },
  );
});
