/** `incident-agent doctor` as a program: Debian's Prometheus and Alertmanager, and a Loki that answers what a real one did. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { listen } from '../demo/listen.ts';
import { startScriptedModel } from '../demo/scripted-model/server.ts';
import { missingPrograms } from './programs.ts';
import { type Monitoring, startMonitoring } from './prometheus.ts';

const ROOT = join(import.meta.dirname, '..');
const MAIN = join(ROOT, 'apps', 'incident-agent-workflow', 'src', 'main.ts');
const LIMIT_MILLISECONDS = 90_000;
const missing = missingPrograms('prometheus', 'prometheus-alertmanager');
const Examined = z.object({
  schema: z.literal('doctor/1'),
  ok: z.boolean(),
  findings: z.array(
    z.object({
      check: z.string(),
      state: z.string(),
      what: z.string(),
      shows: z.string().optional(),
      mend: z.string().optional(),
    }),
  ),
});

let scratch = '';
let settings: Record<string, string> = {};
beforeAll(() => {
  mkdirSync(join(ROOT, '.data', 'test'), { recursive: true });
  scratch = mkdtempSync(join(ROOT, '.data', 'test', 'doctor-'));
  writeFileSync(
    join(scratch, 'registry.json'),
    JSON.stringify({ 'weather-app1': {}, 'mongo-api-service': {}, payments: {} }),
  );
  settings = {
    DATA_DIR: join(scratch, 'data'),
    REPORTS_DIR: join(scratch, 'reports'),
    LOG_DIR: join(scratch, 'logs'),
    SERVICE_REGISTRY_PATH: join(scratch, 'registry.json'),
    NOTIFIER_URL: 'http://127.0.0.1:1/notify',
    LLM_BASE_URL: 'off',
  };
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function doctor(more: Record<string, string>, ...words: string[]) {
  const child = spawn(process.execPath, [MAIN, 'doctor', ...words], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, said };
}
async function examined(more: Record<string, string>) {
  const { code, out, said } = await doctor(more, '--json');
  expect(said).toBe('');
  return { code, ...Examined.parse(JSON.parse(out)) };
}

const Recorded = z.object({ response: z.object({ status: z.number(), body: z.string() }) });
function recorded(name: string): z.infer<typeof Recorded>['response'] {
  return Recorded.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')))
    .response;
}
/** `names`: instead of the recorded values of the label service. */
async function startLoki(names?: readonly string[]): Promise<{ url: string; server: Server }> {
  return startAnswering((path) => {
    if (path === '/loki/api/v1/status/buildinfo') return recorded('loki-buildinfo');
    if (path !== '/loki/api/v1/label/service/values') return recorded('loki-label-none');
    return names === undefined
      ? recorded('loki-label-service')
      : { status: 200, body: JSON.stringify({ status: 'success', data: names }) };
  });
}
async function startAnswering(
  answer: (path: string) => { status: number; body: string },
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const { status, body } = answer(new URL(request.url ?? '/', 'http://x').pathname);
    response.writeHead(status).end(body);
  });
  return { server, url: `http://127.0.0.1:${await listen(server)}` };
}

/** Two services that answer, one that does not, and alerts that go to the agent's port. */
async function startStack(agentUrl: string): Promise<{ monitoring: Monitoring; stop(): Promise<void> }> {
  const { server, url } = await startAnswering(() => ({ status: 200, body: 'a_total 1\n' }));
  const address = new URL(url).host;
  const monitoring = await startMonitoring({
    folder: mkdtempSync(join(scratch, 'stack-')),
    targets: { 'weather-app1': address, payments: address, 'mongo-api-service': '127.0.0.1:1' },
    agentUrl,
  });
  const targets = z.object({ data: z.object({ activeTargets: z.array(z.object({ health: z.string() })) }) });
  for (;;) {
    const { data } = targets.parse(await (await fetch(`${monitoring.prometheusUrl}/api/v1/targets`)).json());
    if (data.activeTargets.length === 3 && data.activeTargets.every(({ health }) => health !== 'unknown')) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    monitoring,
    async stop() {
      await monitoring.stop();
      server.close();
    },
  };
}

test('a running stack: labels that do not agree, a target that is down, rules and routes that are well', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ skip }) => {
  if (missing) skip(missing);
  const loki = await startLoki();
  const stack = await startStack('http://127.0.0.1:9100');
  try {
    const { code, ok, findings } = await examined({
      PROMETHEUS_URL: stack.monitoring.prometheusUrl,
      ALERTMANAGER_URL: stack.monitoring.alertmanagerUrl,
      LOKI_URL: loki.url,
      PORT: '9100',
    });
    expect({ code, ok }).toEqual({ code: 4, ok: false });
    expect(findings).toContainEqual({
      check: 'labels',
      state: 'failing',
      what: 'Prometheus knows service "payments", Loki has no such label value.',
      shows: 'alerts about payments arrive, and their logs are missing',
      mend: expect.stringContaining('service: payments'),
    });
    const said = findings.map(({ state, what }) => `${state}: ${what}`);
    expect(said).toContainEqual(expect.stringMatching(/^failing: The target mongo-api-service is DOWN: .*refused/));
    expect(said).toContainEqual(expect.stringMatching(/^fine: \d+ alert rules call the agent: .*ServiceDown/));
    expect(said).toContainEqual(expect.stringMatching(/^fine: alerts go to http:\/\/127\.0\.0\.1/));
    expect(said).toContainEqual('fine: the receiver incident-agent sends to this agent');
    expect(said).toContainEqual('warning: Loki knows service "push-demo", Prometheus does not');
    expect(said).toContainEqual('fine: this clock and that of Prometheus agree');
    expect(said.filter((one) => /weather-app1.*(?:no such label|DOWN)/.test(one))).toEqual([]);
  } finally {
    await stack.stop();
    loki.server.close();
  }
});

test('a running stack whose Alertmanager calls somebody else, and whose labels are only spelt wrongly', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ skip }) => {
  if (missing) skip(missing);
  const loki = await startLoki(['weather-app1', 'mongo-api-service', 'Payments_']);
  const stack = await startStack('http://127.0.0.1:9999');
  try {
    const { findings } = await examined({
      PROMETHEUS_URL: stack.monitoring.prometheusUrl,
      ALERTMANAGER_URL: stack.monitoring.alertmanagerUrl,
      LOKI_URL: loki.url,
    });
    const said = findings.map(({ state, what }) => `${state}: ${what}`);
    expect(said).toContainEqual('failing: No receiver of Alertmanager leads to this agent (port 9100, path /alerts)');
    expect(said).toContainEqual(
      'failing: Prometheus knows service "payments", Loki has no such label value. It has "Payments_": one of the two is spelt wrongly.',
    );
  } finally {
    await stack.stop();
    loki.server.close();
  }
});

test('a Prometheus that scrapes nothing, has no rules, no Alertmanager and a clock of its own', async () => {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const data = {
      '/api/v1/status/buildinfo': { version: '2.42.0' },
      '/api/v1/targets': { activeTargets: [] },
      '/api/v1/rules': { groups: [] },
      '/api/v1/alertmanagers': { activeAlertmanagers: [] },
    }[path];
    response
      .writeHead(200, { date: new Date(Date.now() - 300_000).toUTCString() })
      .end(JSON.stringify({ status: 'success', data }));
  });
  const { findings } = await examined({ PROMETHEUS_URL: `http://127.0.0.1:${await listen(server)}` });
  server.close();
  const said = findings.filter(({ state }) => state === 'failing').map(({ what }) => what);
  expect(said).toContain('Prometheus scrapes nothing');
  expect(said).toContain('No alert rule has the label workflow: incident-agent');
  expect(said).toContain('Prometheus knows no Alertmanager');
  expect(said).toContainEqual(
    expect.stringMatching(/^The clock of Prometheus’ machine is (?:299|300|301) s behind this one$/),
  );
});

test('everything away: each is named with its cure, on the terminal troubles come first', async () => {
  const { code, out, said } = await doctor({
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    LOKI_URL: 'http://127.0.0.1:1',
    ALERTMANAGER_URL: 'http://127.0.0.1:1',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  });
  expect({ code, said }).toEqual({ code: 4, said: '' });
  for (const name of ['prometheus', 'loki', 'alertmanager', 'database', 'notifier'])
    expect(out).toMatch(new RegExp(`^FAILING ${name} +.*\\n +shows: .+\\n +mend: {2}docker compose up -d `, 'm'));
  expect(out.lastIndexOf('FAILING')).toBeLessThan(out.indexOf('ok      '));
  expect(out.trimEnd().split('\n').at(-1)).toMatch(/^\d+ failing, \d+ warnings, \d+ not known, \d+ well\.$/);
});

test('the model that the settings mean: what it takes, or the command that fetches it', async () => {
  await using model = await startScriptedModel({ answer: () => '{"ok":true}', models: ['qwen3:8b'] });
  const found = async (more: Record<string, string>) =>
    (await examined({ LLM_BASE_URL: model.url, ...more })).findings.filter(({ check }) => check === 'model');
  expect(await found({ LLM_MODEL: 'qwen3:8b' })).toEqual([
    {
      check: 'model',
      state: 'fine',
      what: `qwen3:8b at ${model.origin} answers; takes a JSON schema; reads 32,768 tokens; costs nothing`,
    },
  ]);
  expect(await found({})).toMatchObject([
    { state: 'failing', mend: 'ollama pull mistral-nemo   or set LLM_MODEL to one of: qwen3:8b' },
  ]);
});

test('settings and a registry that are wrong are troubles too, and the other checks run all the same', async () => {
  writeFileSync(join(scratch, 'wrong.json'), JSON.stringify({ shop: { health_url: 'here', bogus: 1 } }));
  const { code, findings } = await examined({
    PORT: 'x',
    HOST: '0.0.0.0',
    SERVICE_REGISTRY_PATH: join(scratch, 'wrong.json'),
  });
  expect(code).toBe(4);
  const said = findings.filter(({ state }) => state === 'failing').map(({ check, what }) => `${check} ${what}`);
  expect(said).toContainEqual(expect.stringMatching(/^configuration PORT: is not a whole number/));
  expect(said).toContainEqual(
    expect.stringMatching(/^configuration HOST: 0\.0\.0\.0 can be reached from other machines but no token is set/),
  );
  expect(said).toContainEqual(expect.stringMatching(/^registry .*shop\.health_url/));
  expect(said).toContainEqual(expect.stringMatching(/^registry shop\.bogus: is not known/));
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['node', 'disk', 'pdf', 'access', 'notifier']),
  );
});
