/** The compose files against Compose's own schema, our code's settings, the Dockerfiles and the files they mount. */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { expect, test } from 'vitest';
import { mountsOf, readCompose } from '../scripts/containers/compose.ts';
import { breachesOf } from '../scripts/containers/compose-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const FILES = globSync(['docker-compose.yml', 'apps/*/docker-compose.yml', 'monitoring/docker-compose.yml'], {
  cwd: ROOT,
});
const stack = readCompose(join(ROOT, 'docker-compose.yml'));

const GOOD = `
name: good
services:
  a:
    image: x/a:1.0
    restart: unless-stopped
    logging: { driver: json-file, options: { max-size: 1m, max-file: '3' } }
    read_only: true
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    pids_limit: 9
    mem_limit: 1g
    user: '1:1'
    ports: ['127.0.0.1:1:1']
    env_file: [{ path: .env, required: false }]
    volumes: ['data:/data']
    healthcheck: { test: [CMD, 'true'], interval: 1s, timeout: 1s, retries: 1, start_period: 1s }
    depends_on: {}
volumes:
  data:
`;

test('the files are there, and the stack has every part on its documented port', () => {
  expect(FILES).toContain('docker-compose.yml');
  expect(FILES).toContain(join('apps', 'mongo-api-service', 'docker-compose.yml'));
  const ports = [...stack.services].flatMap(([name, { ports: published }]) =>
    published.map((port) => `${name} ${port}`),
  );
  expect(ports).toEqual([
    'weather-app1 127.0.0.1:8000:8000',
    'mongo 127.0.0.1:27017:27017',
    'mongo-api-service 127.0.0.1:9000:9000',
    'notifier 127.0.0.1:8002:8002',
    'incident-agent-workflow 127.0.0.1:9100:9100',
    'alertmanager 127.0.0.1:9093:9093',
    'prometheus 127.0.0.1:9090:9090',
    'loki 127.0.0.1:3100:3100',
    'grafana 127.0.0.1:3000:3000',
    'mailpit 127.0.0.1:8025:8025',
    'mailpit 127.0.0.1:1025:587',
    'alloy 127.0.0.1:12345:12345',
  ]);
});

test.each(FILES)('%s is what the schema of Compose allows, and no port of it is open to other machines', (file) => {
  const rules = {
    'no-version-field': 2,
    'no-duplicate-exported-ports': 2,
    'no-unbound-port-interfaces': 2,
    'service-image-require-explicit-tag': 2,
    'require-project-name-field': 2,
  } as const;
  const off = [
    'no-build-and-image',
    'no-duplicate-container-names',
    'no-quotes-in-volumes',
    'require-quotes-in-ports',
    'service-container-name-regex',
    'service-dependencies-alphabetical-order',
    'service-keys-order',
    'service-ports-alphabetical-order',
    'services-alphabetical-order',
    'top-level-properties-order',
  ];
  const linter = new DCLinter({
    rules: { ...rules, ...Object.fromEntries(off.map((name) => [name, 0 as const])) },
    quiet: true,
    debug: false,
    exclude: [],
  });
  const found = linter.lintFiles([join(ROOT, file)], false);
  expect(found).toHaveLength(1);
  expect(found[0]?.messages).toEqual([]);
});

test.each(FILES)(
  'every service of %s is held, is nobody special, is pinned, starts in order and mounts what is there',
  (file) => {
    expect(breachesOf(readCompose(join(ROOT, file)))).toEqual([]);
  },
);

test.each([
  { of: 'mem_limit: 1g', by: '', says: 'a: has no mem_limit' },
  { of: 'pids_limit: 9', by: '', says: 'a: has no pids_limit' },
  { of: 'max-size: 1m, ', by: '', says: 'a: keeps its output for ever' },
  { of: 'read_only: true', by: '', says: 'a: may write to its own root' },
  { of: 'cap_drop: [ALL]', by: '', says: 'a: keeps rights of root' },
  { of: "security_opt: ['no-new-privileges:true']", by: '', says: 'a: may gain rights' },
  { of: 'unless-stopped', by: 'always', says: 'a: restart: always' },
  { of: "user: '1:1'", by: '', says: 'a: runs as whoever the image says' },
  { of: "user: '1:1'", by: 'user: root', says: 'a: runs as root' },
  { of: "user: '1:1'", by: "user: '1:1'\n    cap_add: [SYS_ADMIN]", says: 'a: asks for SYS_ADMIN' },
  { of: 'x/a:1.0', by: 'x/a:latest', says: 'a: image x/a:latest' },
  { of: 'x/a:1.0', by: 'x/a', says: 'a: image x/a has no version' },
  { of: /healthcheck:.*/, by: '', says: 'a: is never asked' },
  { of: '127.0.0.1:1:1', by: '1:1', says: 'a: port 1:1 is open' },
  {
    of: 'depends_on: {}',
    by: 'depends_on: { b: { condition: service_started } }',
    says: 'a: waits for b, which there is not',
  },
  { of: 'data:/data', by: 'other:/data', says: 'a: volume other is not declared' },
  { of: 'data:/data', by: './nowhere:/data:ro', says: 'is not there to mount' },
  { of: 'data:/data', by: './:/data', says: 'a: may write to' },
  { of: '.env, required: false', by: '.env', says: 'a: .env is not there' },
])('the rules see "$by" in place of "$of"', ({ of, by, says }) => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    const path = join(folder, 'docker-compose.yml');
    writeFileSync(join(folder, '.env.example'), '');
    writeFileSync(path, GOOD);
    expect(breachesOf(readCompose(path))).toEqual([]);
    writeFileSync(path, GOOD.replace(of, by));
    expect(breachesOf(readCompose(path)).join('\n')).toContain(says);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  { file: 'docker-compose.yml', owned: ['notifier-receipts', 'promtail-positions', 'ollama-models'] },
  { file: 'apps/mongo-api-service/docker-compose.yml', owned: [] },
])('in $file whatever our services write to is given to them first', ({ file, owned }) => {
  const compose = readCompose(join(ROOT, file), { RUN_AS: '1234:5678' });
  const folders = compose.services.get('folders');
  expect(folders?.command).toEqual(['chown', '-Rh', '1234:5678', '/owned']);
  const given = folders ? mountsOf(compose, folders).map(({ source }) => source) : [];
  const written = [...compose.services.values()]
    .filter(({ user }) => user === '1234:5678')
    .flatMap((service) =>
      mountsOf(compose, service)
        .filter(({ isReadOnly }) => !isReadOnly)
        .map(({ source }) => source),
    );
  expect(new Set(given)).toEqual(new Set(written));
  expect(given.filter((source) => compose.volumes.includes(source))).toEqual(owned);
});

test.each([
  { name: 'alertmanager', target: '/alertmanager', argument: '--storage.path=/alertmanager' },
  { name: 'prometheus', target: '/prometheus', argument: '--storage.tsdb.path=/prometheus' },
  { name: 'alloy', target: '/var/lib/alloy/data', argument: '--storage.path=/var/lib/alloy/data' },
  { name: 'loki', target: '/loki', argument: '' },
  { name: 'promtail', target: '/var/lib/promtail', argument: '' },
  { name: 'grafana', target: '/var/lib/grafana', argument: '' },
  { name: 'mongo', target: '/data/db', argument: '' },
  // From 18 on; up to 17 it was /var/lib/postgresql/data.
  { name: 'postgres', target: '/var/lib/postgresql', argument: '' },
])('what $name knows outlives it', ({ name, target, argument }) => {
  const service = stack.services.get(name)!;
  const kept = mountsOf(stack, service).filter(({ isNamedVolume }) => isNamedVolume);
  expect(kept.map((mount) => mount.target)).toContain(target);
  expect(['', ...(service.command ?? [])]).toContain(argument);
});

test('every volume is used', () => {
  for (const file of FILES) {
    const compose = readCompose(join(ROOT, file));
    const used = [...compose.services.values()].flatMap((service) =>
      mountsOf(compose, service).map(({ source }) => source),
    );
    expect(compose.volumes.filter((volume) => !used.includes(volume))).toEqual([]);
  }
});

test('everything that a reader of logs sees lies where the registry for containers says', () => {
  const registry: Record<string, { log_paths: Record<string, string>; repo_path: string }> = JSON.parse(
    readFileSync(join(ROOT, 'apps/incident-agent-workflow/service_registry.docker.json'), 'utf8'),
  );
  for (const reader of ['incident-agent-workflow', 'promtail', 'alloy']) {
    const mounts = mountsOf(stack, stack.services.get(reader)!);
    for (const [service, { log_paths }] of Object.entries(registry))
      for (const path of Object.values(log_paths)) {
        const mount = mounts.find(({ target }) => path.startsWith(`${target}/`));
        expect(mount, `${reader}: ${path}`).toMatchObject({
          source: join(ROOT, 'apps', service, 'logs'),
          isReadOnly: true,
        });
      }
  }
  const repository = mountsOf(stack, stack.services.get('incident-agent-workflow')!).find(
    ({ target }) => target === '/repo',
  );
  expect(repository).toMatchObject({ source: ROOT, isReadOnly: true });
  for (const { repo_path } of Object.values(registry))
    expect(existsSync(repo_path.replace(/^\/repo/, ROOT))).toBe(true);
});

test('an .env beside the stack reaches what it is meant to reach', () => {
  const set = readCompose(join(ROOT, 'docker-compose.yml'), {
    POSTGRES_PASSWORD: 'p1',
    PROMTAIL_REPLICAS: '0',
    LLM_MODEL: 'small',
    REVISION: 'abc',
    GRAFANA_PASSWORD: 'g1',
  });
  expect(set.services.get('postgres')?.environment.POSTGRES_PASSWORD).toBe('p1');
  expect(set.services.get('incident-agent-workflow')?.environment.DATABASE_URL).toBe(
    'postgres://agent:p1@postgres:5432/incidents',
  );
  expect(set.services.get('promtail')?.scale).toBe(0);
  expect(set.services.get('ollama-model')?.command).toEqual(['small']);
  expect(set.services.get('weather-app1')?.build?.args.REVISION).toBe('abc');
  expect(set.services.get('grafana')?.environment.GF_SECURITY_ADMIN_PASSWORD).toBe('g1');
  expect(stack.services.get('grafana')?.environment).toMatchObject({
    GF_SECURITY_ADMIN_USER: 'admin',
    GF_SECURITY_ADMIN_PASSWORD: 'admin',
  });
});

function byName(list: readonly { name: string }[]): { name: string }[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

test('docs/compose.md tells the image, the addresses and the volumes of every service, and of no other', () => {
  const page = readFileSync(join(ROOT, 'docs/compose.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([\w, -]+)(?: \([^)]*\))? \| ([^|]*) \| (own|`[^|]+`) \| ([^|]*)\|$/gm)];
  const told = rows.flatMap(([, names = '', address = '', image = '', kept = '']) =>
    names.split(', ').map((name) => ({
      name,
      image: image.replaceAll('`', ''),
      ports: [...address.matchAll(/\b(\d{4,5})\b/g)].map(([, port]) => port),
      volumes: [...kept.matchAll(/`([a-z-]+-(?:data|config|receipts|positions|models))`/g)].map(([, volume]) => volume),
    })),
  );
  const real = [...stack.services].map(([name, service]) => ({
    name,
    image: service.build ? 'own' : service.image,
    ports: service.ports.map((port) => port.split(':')[1]),
    // Those that `folders` sees are the others'.
    volumes:
      name === 'folders'
        ? []
        : mountsOf(stack, service).flatMap(({ source, isNamedVolume }) => (isNamedVolume ? [source] : [])),
  }));
  expect(byName(told)).toEqual(byName(real));
});

test('docs/compose.md tells every variable that an .env beside the stack may set', () => {
  const page = readFileSync(join(ROOT, 'docs/compose.md'), 'utf8');
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const asked = new Set([...text.matchAll(/\$\{(\w+):-/g)].map(([, name]) => name));
  const rows = [...page.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  );
  expect(new Set(rows)).toEqual(asked);
});
