/** What the compose files set is what the services' own configuration takes, and it leads where it should. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { readConfig as readAgentConfig } from '../apps/incident-agent-workflow/src/config.ts';
import { configurationOf as mongoConfigurationOf } from '../apps/mongo-api-service/src/configuration.ts';
import { readConfig as readNotifierConfig } from '../apps/notifier/src/config.ts';
import { configurationOf as weatherConfigurationOf } from '../apps/weather-app1/src/configuration.ts';
import { mountsOf, readCompose } from '../scripts/containers/compose.ts';
import { environmentOf, imageEnvironment } from '../scripts/containers/container-environment.ts';
import { parseDockerfile } from '../scripts/containers/dockerfile.ts';

const ROOT = join(import.meta.dirname, '..');
/** No `.env` lies here, whoever runs this. */
const APP = (name: string): string => `/app/apps/${name}`;
const stack = readCompose(join(ROOT, 'docker-compose.yml'));
const alone = readCompose(join(ROOT, 'apps/mongo-api-service/docker-compose.yml'));
const service = (name: string, compose = stack) => compose.services.get(name)!;
const environment = (name: string, compose = stack) => environmentOf(compose, service(name, compose));
const writable = (name: string): string[] =>
  mountsOf(stack, service(name))
    .filter(({ isReadOnly }) => !isReadOnly)
    .map(({ target }) => target);
/** Of node and git, not of ours. */
const NOT_OURS = ['NODE_ENV', 'NODE_OPTIONS', 'GIT_CONFIG_COUNT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0'];

test.each([
  {
    name: 'incident-agent-workflow',
    file: 'config.ts',
    sources: ['PROMETHEUS_URL', 'LOKI_URL', 'ALERTMANAGER_URL', 'GRAFANA_URL'],
  },
  { name: 'notifier', file: 'config.ts', sources: [] },
  { name: 'mongo-api-service', file: 'configuration.ts', sources: [] },
  { name: 'weather-app1', file: 'configuration.ts', sources: [] },
])('$name is set nothing that it does not know', ({ name, file, sources }) => {
  const code = readFileSync(join(ROOT, 'apps', name, 'src', file), 'utf8');
  const known = [...code.matchAll(/^ {2,4}([A-Z][A-Z_]+):/gm)].map(([, setting]) => setting);
  const set = Object.keys(environment(name)).filter((setting) => !NOT_OURS.includes(setting));
  expect(set.length).toBeGreaterThan(3);
  expect(set.filter((setting) => ![...known, ...sources].includes(setting))).toEqual([]);
});

test('the agent takes it, is open on purpose, and asks the containers that there are', () => {
  const app = APP('incident-agent-workflow');
  const config = readAgentConfig(environment('incident-agent-workflow'), app);
  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 9100,
    publicUrl: 'http://localhost:9100',
    auth: { isRequired: false, ownNames: 'any' },
    prometheus: { url: 'http://prometheus:9090' },
    loki: { url: 'http://loki:3100' },
    grafanaUrl: 'http://localhost:3000',
    model: { baseUrl: 'http://host.docker.internal:11434/v1', apiKey: 'ollama', name: 'mistral-nemo' },
    registryPath: `${app}/service_registry.docker.json`,
    logFile: `${app}/logs/workflow.log`,
    reportsFolder: `${app}/reports`,
    dataFolder: '/tmp',
  });
  expect(service('incident-agent-workflow').extra_hosts).toContain('host.docker.internal:host-gateway');
  expect(writable('incident-agent-workflow')).toEqual([`${app}/logs`, `${app}/reports`]);
});

test('a token of the .env is not undone by the defaults for containers, once AUTH says that it counts', () => {
  const given = { ...environment('incident-agent-workflow'), API_TOKEN: 'x', AUTH: 'required' };
  expect(readAgentConfig(given, APP('incident-agent-workflow')).auth).toMatchObject({
    isRequired: true,
    apiToken: 'x',
  });
});

test('the image of the agent alone refuses to start open', () => {
  const file = readFileSync(join(ROOT, 'apps/incident-agent-workflow/Dockerfile'), 'utf8');
  expect(() => readAgentConfig(imageEnvironment(parseDockerfile(file)), APP('incident-agent-workflow'))).toThrow(
    /HOST: .*AUTH=off/,
  );
});

test('every address that the agent is given is a container that listens on that port', () => {
  const { DATABASE_URL, PROMETHEUS_URL, LOKI_URL, NOTIFIER_URL } = environment('incident-agent-workflow');
  const asked = [DATABASE_URL, PROMETHEUS_URL, LOKI_URL, NOTIFIER_URL].map((url) => new URL(url ?? ''));
  expect(asked.map(({ host, pathname }) => `${host}${pathname}`)).toEqual([
    'postgres:5432/incidents',
    'prometheus:9090/',
    'loki:3100/',
    'notifier:8002/notify',
  ]);
  for (const { hostname, port } of asked.slice(1))
    expect(stack.services.get(hostname)?.ports.join(), hostname).toMatch(new RegExp(`:${port}$`));
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = environment('postgres');
  const database = asked[0]!;
  expect([database.username, database.password, database.pathname]).toEqual([
    POSTGRES_USER,
    POSTGRES_PASSWORD,
    `/${POSTGRES_DB}`,
  ]);
});

test('the notifier takes it, and its mails go where the mail catcher listens', () => {
  const app = APP('notifier');
  const config = readNotifierConfig(app, environment('notifier'));
  expect(config).toMatchObject({ host: '0.0.0.0', port: 8002, dataFolder: `${app}/.data`, logFolder: `${app}/logs` });
  expect(writable('notifier')).toEqual([`${app}/logs`, `${app}/.data`]);
  const smtp = config.email?.smtp;
  expect(smtp?.host).toBe('mailpit');
  expect(environment('mailpit').MP_SMTP_BIND_ADDR).toBe(`0.0.0.0:${smtp?.port}`);
  expect(service('mailpit').ports).toContain(`127.0.0.1:1025:${smtp?.port}`);
});

test('an .env with another mail server needs no port undone', () => {
  const gmail = {
    SMTP_HOST: 'smtp.example.com',
    SMTP_SECURE: 'true',
    EMAIL_SENDER: 'a@example.com',
    EMAIL_RECEIVER: 'b@example.com',
    EMAIL_APP_PASSWORD: 'x',
  };
  const { email } = readNotifierConfig(APP('notifier'), { ...environment('notifier'), ...gmail });
  expect(email?.smtp).toMatchObject({ host: 'smtp.example.com', port: 465, secure: true });
});

test.each([
  { says: 'in the stack', compose: stack },
  { says: 'alone', compose: alone },
])('mongo-api-service takes it $says, and finds its database', ({ compose }) => {
  const app = APP('mongo-api-service');
  const config = mongoConfigurationOf(app, environment('mongo-api-service', compose));
  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 9000,
    mongoUri: 'mongodb://mongo:27017',
    databaseName: 'servicedb',
    logFile: `${app}/logs/service.log`,
    deployedRevision: undefined,
  });
  expect(compose.services.get('mongo')?.ports).toEqual(['127.0.0.1:27017:27017']);
  expect(mountsOf(compose, service('mongo-api-service', compose))).toEqual([
    {
      source: join(ROOT, 'apps/mongo-api-service/logs'),
      target: `${app}/logs`,
      isReadOnly: false,
      isNamedVolume: false,
    },
  ]);
});

test('weather-app1 takes it', () => {
  const app = APP('weather-app1');
  expect(weatherConfigurationOf(app, environment('weather-app1'))).toMatchObject({
    host: '0.0.0.0',
    port: 8000,
    openMeteoUrl: 'https://api.open-meteo.com',
    logFile: `${app}/logs/app.log`,
  });
  expect(writable('weather-app1')).toEqual([`${app}/logs`]);
});

test.each(['weather-app1', 'mongo-api-service'])('%s tells the revision that it was built from', (name) => {
  const built = readCompose(join(ROOT, 'docker-compose.yml'), { REVISION: '1f3c9ab' });
  expect(environmentOf(built, built.services.get(name)!).DEPLOYED_REVISION).toBe('1f3c9ab');
});

test('every program is given a configuration that is there', () => {
  const named = [...stack.services.values()].flatMap((one) =>
    (one.command ?? []).flatMap((word) => /\/etc\/monitoring\/(.+)$/.exec(word)?.[1] ?? []),
  );
  expect(named.toSorted()).toEqual(['alertmanager.yml', 'config.alloy', 'loki.yml', 'prometheus.yml', 'promtail.yml']);
  for (const name of named) expect(readFileSync(join(ROOT, 'monitoring', name), 'utf8')).not.toBe('');
});

test.each([
  { file: 'promtail.yml', says: 'filename: /var/lib/promtail/', by: 'promtail', target: '/var/lib/promtail' },
  { file: 'loki.yml', says: 'path_prefix: /loki', by: 'loki', target: '/loki' },
  {
    file: 'grafana/provisioning/dashboards/dashboards.yml',
    says: 'path: /etc/grafana/dashboards',
    by: 'grafana',
    target: '/etc/grafana/dashboards',
  },
])('$by finds at $target what $file means', ({ file, says, by, target }) => {
  expect(readFileSync(join(ROOT, 'monitoring', file), 'utf8')).toContain(says);
  expect(mountsOf(stack, service(by)).map((mount) => mount.target)).toContain(target);
});

/** As it is shipped, and with everything in it that has a value taken out of its comment. */
function exampleOf(name: string, isAllWanted: boolean): Record<string, string> {
  const text = readFileSync(join(ROOT, 'apps', name, '.env.example'), 'utf8');
  const written = Object.entries(parseEnv(isAllWanted ? text.replaceAll(/^# ?(?=[A-Z_]+=.)/gm, '') : text));
  return Object.fromEntries(written.flatMap(([setting, value]) => (value ? [[setting, value]] : [])));
}

/** `.env` stands over `compose.env` and below `environment:`. */
function withExample(name: string, isAllWanted: boolean): Record<string, string> {
  return { ...environment(name), ...exampleOf(name, isAllWanted), ...service(name).environment };
}

test.each([false, true])(
  '.env.example copied, all of it wanted: %s, still finds database, folders and port',
  (isAll) => {
    const mongo = mongoConfigurationOf(APP('mongo-api-service'), withExample('mongo-api-service', isAll));
    expect(mongo).toEqual(mongoConfigurationOf(APP('mongo-api-service'), environment('mongo-api-service')));
    const notifier = readNotifierConfig(APP('notifier'), withExample('notifier', isAll));
    expect(notifier).toMatchObject({ host: '0.0.0.0', port: 8002, dataFolder: `${APP('notifier')}/.data` });
    const wanted = withExample('incident-agent-workflow', isAll);
    const agent = readAgentConfig({ ...wanted, AUTH: 'off' }, APP('incident-agent-workflow'));
    const plain = readAgentConfig(environment('incident-agent-workflow'), APP('incident-agent-workflow'));
    for (const name of [
      'host',
      'port',
      'databaseUrl',
      'prometheus',
      'loki',
      'notifierUrl',
      'registryPath',
      'logFile',
      'reportsFolder',
    ] as const)
      expect(agent[name], name).toEqual(plain[name]);
  },
);
