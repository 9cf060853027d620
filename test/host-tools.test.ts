/** `watch-logs`, `monitor` and `report` as programs: real log files, a real agent, and the Word files read back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  documentXml,
  wordsOf,
} from '../apps/incident-agent-workflow/src/adapters/renderers/word-document.test-helper.ts';
import { listen } from '../demo/listen.ts';
import { choosePorts } from '../demo/ports.ts';
import { type Program, pause, startProgram, untilAnswers } from '../demo/processes.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'apps', 'incident-agent-workflow');
const MAIN = join(FOLDER, 'src', 'main.ts');
const LIMIT_MILLISECONDS = 90_000;

let scratch = '';
let agentUrl = '';
let agent: Program | undefined;
let environment: Record<string, string> = {};
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  const parent = join(ROOT, '.data', 'test');
  mkdirSync(parent, { recursive: true });
  scratch = mkdtempSync(join(parent, 'host-tools-'));
  const ports = await choosePorts('auto');
  agentUrl = `http://127.0.0.1:${ports.agent}`;
  writeRegistry('agent', {});
  environment = {
    PORT: String(ports.agent),
    DATA_DIR: join(scratch, 'agent'),
    REPORTS_DIR: join(scratch, 'reports'),
    LOG_DIR: join(scratch, 'agent-logs'),
    SERVICE_REGISTRY_PATH: join(scratch, 'agent.json'),
    NOTIFIER_URL: `http://127.0.0.1:${ports.notifier}/notify`,
    LLM_BASE_URL: 'off',
    MONITOR_SCRAPE_SECONDS: '1',
    MONITOR_FOR_SECONDS: '1',
  };
  agent = await startAgent();
}, LIMIT_MILLISECONDS);
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});
afterAll(async () => {
  await agent?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function startAgent(): Promise<Program> {
  const outputFile = join(scratch, 'agent.out');
  const started = startProgram({
    name: 'agent',
    run: { file: MAIN, commandLine: ['serve'] },
    folder: FOLDER,
    environment,
    outputFile,
  });
  await untilAnswers(`${agentUrl}/health/ready`, started, outputFile, 60_000, new AbortController().signal);
  return started;
}

function writeRegistry(name: string, services: Record<string, object>): string {
  const path = join(scratch, `${name}.json`);
  writeFileSync(path, JSON.stringify(services));
  return path;
}

/** A service of its own for each test, with an empty log. */
function serviceWithLog(name: string, more: object = {}) {
  const log = join(scratch, 'logs', name, 'app.log');
  mkdirSync(join(log, '..'), { recursive: true });
  writeFileSync(log, '');
  const registry = writeRegistry(name, { [name]: { log_paths: { app: log }, ...more } });
  const output = join(scratch, 'word', name);
  return { name, log, registry, output };
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}
async function run(commandLine: string[], settings: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...commandLine], {
    cwd: scratch,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, said };
}

function startMonitor(service: { name: string; registry: string; output: string }, ...more: string[]): Program {
  const monitor = startProgram({
    name: 'monitor',
    run: {
      file: MAIN,
      commandLine: ['monitor', '--interval', '1', '--output-dir', service.output, '--agent-url', agentUrl, ...more],
    },
    folder: FOLDER,
    environment: { ...environment, SERVICE_REGISTRY_PATH: service.registry },
    outputFile: join(scratch, `${service.name}.out`),
  });
  stops.push(() => monitor.stop());
  return monitor;
}

const Alerts = z.array(
  z.object({ status: z.string(), labels: z.record(z.string(), z.string()), startsAt: z.string() }),
);
const Listed = z.object({ items: z.array(z.object({ id: z.string() })) });
const Detail = z.object({ incident: z.object({ status: z.string() }), alerts: Alerts, report: z.unknown() });

async function api<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
  return schema.parse(await (await fetch(`${agentUrl}${path}`)).json());
}
async function alertsOf(service: string): Promise<z.infer<typeof Alerts>> {
  const { items } = await api(`/api/incidents?service=${service}`, Listed);
  const details = await Promise.all(items.map(({ id }) => api(`/api/incidents/${id}`, Detail)));
  return details.flatMap(({ alerts }) => alerts);
}
async function templatesOf(service: string): Promise<string[]> {
  const alerts = await alertsOf(service);
  return alerts.map(({ labels }) => labels.template ?? labels.alertname ?? '').toSorted();
}
async function until(holds: () => Promise<boolean> | boolean, signal: AbortSignal): Promise<void> {
  while (!(await holds())) await pause(100, signal);
}
function wordFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.docx'))
      .toSorted()
      .map((name) => wordsOf(documentXml(readFileSync(join(folder, name)))));
  } catch {
    return [];
  }
}
const now = (): string => new Date().toISOString();

test('watch-logs flags, has the agent investigate, and writes a Word report; nothing of it on stderr but progress', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const shop = serviceWithLog('shop');
  const calm = Array.from({ length: 600 }, (_none, index) => `${now()} INFO calm ${index}`);
  writeFileSync(
    shop.log,
    [
      `${now()} ERROR too old to be seen`,
      ...calm,
      `${now()} ERROR order 17 lost`,
      `${now()} ERROR order 18 lost`,
      `${now()} INFO GET /cart -> 404 (2 ms)`,
      '',
    ].join('\n'),
  );
  const { code, out, said } = await run(['watch-logs', '--output-dir', shop.output, '--agent-url', agentUrl], {
    SERVICE_REGISTRY_PATH: shop.registry,
  });
  expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
  expect(out).toContain('2 findings in 500 lines of 1 log');
  expect(out).toContain('ERROR    shop');
  expect(out).toContain('2 ×  ERROR order <*> lost');
  expect(said).toContain('Investigating 2/2');
  expect(await templatesOf('shop')).toEqual(['ERROR order <*> lost', 'INFO GET /cart -> 404 (<*> ms)']);
  const [words, ...others] = wordFiles(shop.output);
  expect(others).toEqual([]);
  for (const part of [
    'Log report',
    '▲ Error',
    'ERROR order 17 lost',
    `${shop.log}, line 602`,
    'calm 599',
    '1 incident',
    'Summary:',
    'INC-',
  ])
    expect(words).toContain(part);
  expect(words).not.toContain('too old to be seen');
});

test('watch-logs investigates by itself only where no agent answers; --no-pipeline investigates nothing', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const lone = serviceWithLog('lone');
  writeFileSync(lone.log, `${now()} ERROR alone\n`);
  const settings = { SERVICE_REGISTRY_PATH: lone.registry };
  const alone = await run(
    ['watch-logs', '--output-dir', lone.output, '--agent-url', 'http://127.0.0.1:1', '--json'],
    settings,
  );
  expect(alone.code === 0 ? '' : alone.said).toBe('');
  const found: unknown = JSON.parse(alone.out);
  expect(found).toMatchObject({
    look: { findings: [{ service: 'lone', template: 'ERROR alone' }] },
    incidents: [{ schema: 'incident-report/1', incident: { service: 'lone' } }],
  });
  expect(wordFiles(lone.output)[0]).toContain('No agent answered at http://127.0.0.1:1');
  const quiet = await run(
    [
      'watch-logs',
      '--no-pipeline',
      '--service',
      'lone',
      '--output-dir',
      join(scratch, 'word', 'quiet'),
      '--agent-url',
      agentUrl,
    ],
    settings,
  );
  expect(quiet.out).toContain('1 finding');
  expect(await templatesOf('lone')).toEqual([]);
  expect(wordFiles(join(scratch, 'word', 'quiet'))[0]).toContain('0 incidents');
});

test.each([
  {
    says: 'a service that is not registered',
    commandLine: ['watch-logs', '--service', 'bogus'],
    code: 1,
    said: 'known are gone',
  },
  { says: 'no log at all', commandLine: ['watch-logs'], code: 1, said: 'does the service write it?' },
  { says: 'a tail that is no number', commandLine: ['watch-logs', '--tail', 'x'], code: 2, said: 'whole number' },
  { says: 'an address that is none', commandLine: ['monitor', '--agent-url', 'here'], code: 2, said: 'web address' },
  {
    says: 'a format that is none',
    commandLine: ['report', 'INC-1', '--format', 'xls'],
    code: 2,
    said: 'pdf, docx, md, json',
  },
  { says: 'an id that is none', commandLine: ['report', 'banana'], code: 1, said: 'it looks like INC-147' },
])('$says: the exit code and the last line say so', async ({ commandLine, code, said }) => {
  const gone = serviceWithLog('gone');
  rmSync(gone.log);
  const ran = await run(commandLine, { SERVICE_REGISTRY_PATH: gone.registry, MONITOR_AGENT_URL: agentUrl });
  expect(ran.code).toBe(code);
  expect(ran.said).toContain(said);
});

const monitorSaid = (): string => readFileSync(join(scratch, 'kept.out'), 'utf8');

test('monitor tells each new error once, through rotation, truncation, kill -9 and an agent that is away', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ signal }) => {
  const kept = serviceWithLog('kept');
  appendFileSync(kept.log, `${now()} ERROR first\n`);
  const before = startMonitor(kept);
  await until(async () => (await templatesOf('kept')).length === 1, signal);
  appendFileSync(kept.log, `${now()} ERROR first\n${now()} ERROR second\n`);
  await until(async () => (await templatesOf('kept')).length === 2, signal);
  // Its Word report comes last, and is not made up for when the monitor is killed before it.
  await until(() => wordFiles(kept.output).some((words) => words.includes('Error in kept: ERROR second')), signal);
  await before.kill();
  // All while nobody looks: rotation, then a file that is emptied.
  appendFileSync(kept.log, `${now()} ERROR before rotation\n`);
  renameSync(kept.log, `${kept.log}.1`);
  writeFileSync(kept.log, `${now()} ERROR after rotation\n${now()} ERROR first\n`);
  const after = startMonitor(kept);
  await until(async () => (await templatesOf('kept')).length === 4, signal);
  truncateSync(kept.log);
  appendFileSync(kept.log, `${now()} ERROR after truncation ${'x'.repeat(200)}\n`);
  await until(async () => (await templatesOf('kept')).length === 5, signal);
  await agent?.stop();
  appendFileSync(kept.log, `${now()} ERROR while the agent was away\n`);
  await until(() => monitorSaid().includes('wait for the agent'), signal);
  await after.kill();
  agent = await startAgent();
  const last = startMonitor(kept);
  await until(async () => (await templatesOf('kept')).length === 6, signal);
  await last.stop();
  expect(await templatesOf('kept')).toEqual([
    'ERROR after rotation',
    expect.stringContaining('ERROR after truncation'),
    'ERROR before rotation',
    'ERROR first',
    'ERROR second',
    'ERROR while the agent was away',
  ]);
  const words = wordFiles(kept.output);
  expect(words.length).toBeGreaterThanOrEqual(4);
  expect(words.filter((one) => /Error in kept: ERROR second/.test(one))).toHaveLength(1);
  expect(last.exit()).toBe('exit code 0');
});

const flakyAlerts = () => alertsOf('flaky');

test('monitor raises API down once and clears it, also when the service comes back while the monitor is gone', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ signal }) => {
  const [port, server] = await startService();
  const flaky = serviceWithLog('flaky', {
    health_url: `http://127.0.0.1:${port}/health`,
    metrics_url: `http://127.0.0.1:${port}/metrics`,
  });
  const first = startMonitor(flaky);
  await closed(server);
  await until(async () => (await flakyAlerts()).length > 0, signal);
  await until(() => wordFiles(flaky.output).some((words) => words.includes('API down')), signal);
  await first.kill();
  const [, again] = await startService(port);
  stops.push(() => closed(again));
  startMonitor(flaky);
  await until(async () => (await flakyAlerts())[0]?.status === 'resolved', signal);
  expect((await flakyAlerts()).map(({ labels }) => labels.alertname)).toEqual(['ServiceDown']);
  await until(() => wordFiles(flaky.output).some((words) => words.includes('Over')), signal);
  expect(wordFiles(flaky.output).filter((words) => words.includes('API down'))).toHaveLength(1);
});

test('a health address that fails while the metrics can be read is API down', { timeout: LIMIT_MILLISECONDS }, async ({
  signal,
}) => {
  let status = 503;
  const [port, server] = await startService(0, () => status);
  stops.push(() => closed(server));
  const sick = serviceWithLog('sick', {
    health_url: `http://127.0.0.1:${port}/health`,
    metrics_url: `http://127.0.0.1:${port}/metrics`,
  });
  startMonitor(sick, '--no-report');
  await until(async () => (await templatesOf('sick')).includes('ApiDown'), signal);
  status = 200;
  await until(async () => (await alertsOf('sick'))[0]?.status === 'resolved', signal);
  expect(wordFiles(sick.output)).toEqual([]);
});

test('report gives every format from the agent, and from the database where no agent answers', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const told = serviceWithLog('told');
  writeFileSync(told.log, `${now()} ERROR told\n`);
  await run(['watch-logs', '--output-dir', told.output, '--agent-url', agentUrl], {
    SERVICE_REGISTRY_PATH: told.registry,
  });
  const { items } = await api('/api/incidents?service=told', Listed);
  const id = items[0]?.id ?? '';
  const path = join(scratch, 'one.docx');
  expect(await run(['report', id, '--format', 'docx', '--output', path, '--agent-url', agentUrl])).toMatchObject({
    code: 0,
    out: `${path}\n`,
  });
  for (const part of [id, 'Post-mortem', 'Action items', 'Blameless', 'What made it harder', 'Owner'])
    expect(wordsOf(documentXml(readFileSync(path)))).toContain(part);
  expect((await run(['report', id, '--agent-url', agentUrl])).out).toBe(`${join(scratch, `${id}.pdf`)}\n`);
  expect(
    readFileSync(join(scratch, `${id}.pdf`))
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const overHttp = () => run(['report', id, '--format', 'json', '--agent-url', agentUrl]);
  // A delivery that is being tried changes between two reads: those are compared between which nothing did.
  for (let before = await overHttp(), tries = 0; ; tries += 1) {
    const fromDatabase = await run(['report', id, '--format', 'json', '--agent-url', 'http://127.0.0.1:1']);
    const after = await overHttp();
    if (before.out !== after.out && tries < 10) {
      before = after;
      continue;
    }
    expect(fromDatabase).toMatchObject({ code: 0, out: after.out });
    break;
  }
  expect((await run(['report', id, '--format', 'md', '--agent-url', agentUrl])).out).toContain(id);
  expect(await run(['report', 'INC-999999', '--agent-url', agentUrl])).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no incident INC-999999'),
  });
});

async function startService(port = 0, health: () => number = () => 200): Promise<[number, Server]> {
  const server = createServer((request, response) => {
    response
      .writeHead(request.url === '/health' ? health() : 200, { connection: 'close' })
      .end(request.url === '/metrics' ? 'a_total 1\n' : '{}');
  });
  return [await listen(server, port), server];
}
async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close').catch(() => undefined);
}
