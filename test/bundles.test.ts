/** A run of the real agent as a file: downloaded over HTTP, without the secrets it came by, and replayed byte for byte. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBundle } from '../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import { jsonRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/json.ts';
import { openBundle } from '../apps/incident-agent-workflow/src/adapters/sources/bundled.ts';
import { sha256 } from '../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { replay } from '../apps/incident-agent-workflow/src/cli/replay.ts';
import { listen } from '../demo/listen.ts';
import { choosePorts } from '../demo/ports.ts';
import { pause, startProgram, untilAnswers } from '../demo/processes.ts';

const APP = join(import.meta.dirname, '..', 'apps', 'incident-agent-workflow');
const LIMIT_MILLISECONDS = 120_000;
const SECRETS = ['hunter2-in-log', 'hunter2-in-url', 'hunter2-in-code', 'hunter2-in-alert', 'hunter2-in-command'];
const ALERT = {
  status: 'firing',
  labels: { alertname: 'Service5xxErrors', service: 'checkout' },
  annotations: { summary: 'checkout fails', description: 'password=hunter2-in-alert' },
};
const stops: (() => unknown)[] = [];
let scratch: string;
let agentUrl: string;
let settings: Record<string, string>;

/** A service with a log, a health address and a history, each with a secret in it. */
async function prepareService(): Promise<string> {
  const health = createServer((_request, response) => response.writeHead(500).end('password=hunter2-in-log'));
  const port = await listen(health);
  stops.push(() => health.close());
  const repository = join(scratch, 'repository');
  mkdirSync(join(repository, 'src'), { recursive: true });
  const code =
    'export function pay(order) {\n  const password = "hunter2-in-code";\n  return order.customer.card;\n}\n';
  writeFileSync(join(repository, 'src', 'pay.ts'), code);
  const identity = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com'];
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    [...identity, 'commit', '-q', '-m', 'pay: card of the customer'],
  ])
    execFileSync('git', ['-C', repository, ...words], { stdio: 'ignore' });
  const stack = `TypeError: Cannot read properties of undefined\n    at pay (${repository}/src/pay.ts:3:25)`;
  const lines = Array.from({ length: 40 }, (_, index) => ({
    time: new Date(Date.now() - 40_000 + index * 1_000).toISOString(),
    level: 'ERROR',
    message: `payment failed, token=hunter2-in-log ${index}`,
    stack,
  }));
  writeFileSync(join(scratch, 'app.log'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const entry = {
    health_url: `http://user:hunter2-in-url@127.0.0.1:${port}/health`,
    log_paths: { app: join(scratch, 'app.log') },
    repo_path: repository,
    test_command: 'DB_PASSWORD=hunter2-in-command npm test',
    owners: ['someone@example.com'],
  };
  writeFileSync(join(scratch, 'registry.json'), JSON.stringify({ checkout: entry }));
  return join(scratch, 'registry.json');
}

beforeAll(async () => {
  const parent = join(APP, '..', '..', '.data', 'test');
  mkdirSync(parent, { recursive: true });
  scratch = mkdtempSync(join(parent, 'bundles-'));
  stops.push(() => rmSync(scratch, { recursive: true, force: true }));
  const ports = await choosePorts('auto');
  agentUrl = `http://127.0.0.1:${ports.agent}`;
  settings = {
    PORT: String(ports.agent),
    DATA_DIR: join(scratch, 'data'),
    REPORTS_DIR: join(scratch, 'reports'),
    LOG_DIR: join(scratch, 'logs'),
    SERVICE_REGISTRY_PATH: await prepareService(),
    LLM_BASE_URL: 'off',
    NOTIFIER_URL: `http://127.0.0.1:${ports.notifier}/notify`,
  };
  const program = startProgram({
    name: 'agent',
    run: { file: join(APP, 'src', 'main.ts'), commandLine: ['serve'] },
    folder: APP,
    environment: settings,
    outputFile: join(scratch, 'agent.out'),
  });
  stops.push(() => program.stop());
  const output = join(scratch, 'agent.out');
  await untilAnswers(`${agentUrl}/health/ready`, program, output, LIMIT_MILLISECONDS, new AbortController().signal);
}, LIMIT_MILLISECONDS);
afterAll(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function incidentAgent(...commandLine: string[]) {
  const child = spawn(process.execPath, [join(APP, 'src', 'main.ts'), ...commandLine], {
    // No database, no registry, no address: a replay needs none of them. What is called is called in vain.
    env: { PATH: process.env.PATH, ...(commandLine[0] === 'replay' ? {} : settings) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, said] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  return { output, said, exitCode: await exited };
}

/** As the command does it, without a process of its own. */
function replayHere(path: string) {
  const clock = { milliseconds: () => performance.now() };
  const renderer = jsonRenderer();
  return replay({ path, readBundle, openBundle, renderer, clock, digest: sha256, agentVersion: '0.1.0' });
}

/** Resolves with the bundle once there is one; until then the answer says why not. */
async function bundleOf(id: string): Promise<Buffer> {
  for (;;) {
    const response = await fetch(`${agentUrl}/api/incidents/${id}/bundle.tar.gz`);
    if (response.headers.get('content-type') === 'application/gzip') return Buffer.from(await response.arrayBuffer());
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('under way') });
    await pause(100, AbortSignal.timeout(LIMIT_MILLISECONDS));
  }
}

/** The bundle and the report that is published, of one version: on a busy machine a second one follows upon the first insight. */
async function settled(id: string) {
  for (;;) {
    const bundle = await bundleOf(id);
    const published = await fetch(`${agentUrl}/api/incidents/${id}/report.json`);
    // Read later it also tells what was sent where by then.
    const { deliveries: _, ...told } = JSON.parse(await published.text());
    const inside = (await membersOf(bundle)).find(({ name }) => name === 'report.json')?.content.toString('utf8');
    if (inside === undefined || JSON.parse(inside).version === told.version) return { bundle, told };
    await pause(100, AbortSignal.timeout(LIMIT_MILLISECONDS));
  }
}

async function membersOf(bundle: Uint8Array) {
  const entries = await unpackTar(gunzipSync(bundle));
  return entries.map(({ header, data }) => ({ name: header.name, content: Buffer.from(data ?? []) }));
}
async function archiveOf(members: readonly { name: string; content: Buffer }[]): Promise<Buffer> {
  const entries = members.map(({ name, content }) => ({ header: { name, size: content.length }, body: content }));
  return gzipSync(await packTar(entries));
}

test('an incident is downloaded as a bundle; its report comes out again, byte for byte, wherever and whenever', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const accepted = await fetch(`${agentUrl}/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alerts: [ALERT] }),
  });
  const { incidents }: { incidents: [{ id: string }] } = JSON.parse(await accepted.text());
  const { bundle, told } = await settled(incidents[0].id);
  const members = await membersOf(bundle);
  expect(members.map(({ name }) => name)).toEqual([
    'bundle.json',
    'alerts.json',
    'registry.json',
    'questions.jsonl',
    'report.json',
  ]);
  const everything = Buffer.concat(members.map(({ content }) => content)).toString('utf8');
  expect(everything).toContain('payment failed');
  for (const secret of [...SECRETS, 'someone@example.com']) expect(everything).not.toContain(secret);

  const report = members.find(({ name }) => name === 'report.json')?.content ?? Buffer.alloc(0);
  expect(JSON.parse(report.toString('utf8'))).toEqual(told);
  expect(JSON.parse(report.toString('utf8')).evidence.length).toBeGreaterThan(3);

  const path = join(scratch, 'bundle.tar.gz');
  writeFileSync(path, bundle);
  const { output, said, exitCode } = await incidentAgent('replay', path, '--json');
  expect(said).toMatch(/^INC-\d+, run [0-9A-F]{8}, replayed in \d+ ms: identical with the report in the bundle\n$/);
  expect(exitCode).toBe(0);
  expect(output.equals(report)).toBe(true);
  for (const content of [bundle, await archiveOf(members.toReversed())]) {
    writeFileSync(path, content);
    const again = await replayHere(path);
    expect(again.lines).toMatchObject([expect.stringContaining('identical')]);
    expect(report.equals(again.output)).toBe(true);
  }
});

test('respond writes a bundle without a server; one whose logs are taken out is told apart', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  writeFileSync(join(scratch, 'alert.json'), JSON.stringify({ alerts: [ALERT] }));
  const path = join(scratch, 'responded.tar.gz');
  expect(await incidentAgent('respond', join(scratch, 'alert.json'), '--bundle', path)).toMatchObject({ exitCode: 0 });
  expect(await replayHere(path)).toMatchObject({ exitCode: 0, lines: [expect.stringContaining('identical')] });

  const members = await membersOf(readFileSync(path));
  const withoutLogs = members.map(({ name, content }) => {
    if (name !== 'questions.jsonl') return { name, content };
    const lines = content.toString('utf8').split('\n');
    return {
      name,
      content: Buffer.from(lines.filter((line) => !line.startsWith('{"question":{"kind":"logs"')).join('\n')),
    };
  });
  writeFileSync(path, await archiveOf(withoutLogs));
  const different = await incidentAgent('replay', path);
  expect(different.exitCode).toBe(3);
  expect(different.output.toString('utf8')).toMatch(/^# /);
  expect(different.said).toMatch(/differs from the report in the bundle in \d+ places\n {2}\S+: .* → /);
});

test('a file that is no bundle: exit code 1 and a sentence', { timeout: LIMIT_MILLISECONDS }, async () => {
  const path = join(scratch, 'damaged.tar.gz');
  writeFileSync(path, 'hello');
  const { output, said, exitCode } = await incidentAgent('replay', path, '--json');
  expect({ exitCode, output: output.length }).toEqual({ exitCode: 1, output: 0 });
  expect(said).toBe(`${path}: it is no .tar.gz, or it is damaged\n`);
  await expect(replayHere(join(scratch, 'missing.tar.gz'))).rejects.toThrow(/missing\.tar\.gz cannot be read/);
});

async function answer(path: string) {
  const response = await fetch(`${agentUrl}/api/incidents/${path}`);
  return { status: response.status, body: await response.json() };
}

test('there is none of an incident, or of a run, that does not exist', async () => {
  expect(await answer('INC-999/bundle.tar.gz')).toEqual({
    status: 404,
    body: { error: 'There is no incident INC-999' },
  });
  expect(await answer('INC-1/bundle.tar.gz?run=00000000')).toEqual({
    status: 404,
    body: { error: 'INC-1 has no report of run 00000000' },
  });
  expect(await answer('INC-1/bundle.tar.gz?run=x')).toMatchObject({ status: 400 });
});
