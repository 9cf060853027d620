import { readdir, readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { createLogger } from '@incident-agent/service-kit/logging';
import { createHttpMetrics } from '@incident-agent/service-kit/metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { alertmanager } from '../adapters/alert-formats/alertmanager.ts';
import { writeBundle } from '../adapters/bundles/bundle-file.ts';
import { prometheusMeter } from '../adapters/meters/prometheus-meter.ts';
import { sha256, systemChance, systemClock } from '../adapters/system/clock.ts';
import { portLog } from '../adapters/system/log.ts';
import { createIntake } from '../intake/intake.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrations.ts';
import { startTestDatabase } from '../store/test-database.ts';
import { newReport } from '../store/test-rows.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { startBoss } from '../workflow/boss.ts';
import { createQueue } from '../workflow/queue.ts';
import { createAgentServer } from './agent-server.ts';
import type { AuthOptions } from './auth.ts';

const OPEN: AuthOptions = {
  isRequired: false,
  apiToken: undefined,
  alertsToken: undefined,
  ownNames: ['agent.example'],
};
const GUARDED: AuthOptions = { isRequired: true, apiToken: 'api-secret', alertsToken: 'alerts-secret', ownNames: [] };
const FIXTURES = join(import.meta.dirname, '..', 'adapters', 'alert-formats', 'fixtures');
const Accepted = z.object({
  status: z.literal('accepted'),
  alerts_received: z.number(),
  incidents: z.array(z.object({ id: z.string(), url: z.string(), status: z.string(), new: z.boolean() })),
  rejected: z.array(z.object({ index: z.number(), field: z.string(), reason: z.string() })).optional(),
});

async function startAgent(auth: AuthOptions) {
  const testDatabase = await startTestDatabase();
  const logger = createLogger({ service: 'test', level: 'silent', stdout: false });
  const log = portLog(logger);
  const database = openDatabase({ url: testDatabase.url, log, poolSize: 8 });
  await migrate(database);
  const boss = await startBoss({ url: testDatabase.url, log, isWorker: false });
  const unitOfWork = createUnitOfWork(database, (on) => createQueue(boss, on));
  const { stores } = unitOfWork;
  const metrics = createHttpMetrics();
  const meter = prometheusMeter(metrics.registry, {
    openIncidents: () => stores.incidents.countOpen(),
    listOpenIncidents: (limit) => stores.incidents.listOpen(limit),
    incidentUrl: (id) => `http://agent/incidents/${id}`,
    queueDepth: () => stores.queue.depth(),
  });
  const server = await createAgentServer({
    service: 'incident-agent-workflow',
    logger,
    metrics,
    auth,
    checks: {
      database: async () => {
        await unitOfWork.ping();
        return 'answers';
      },
      loki: async () => {
        throw new Error('connection refused');
      },
    },
    versions: { agent: '0.1.0', rules: '1' },
    model: async () => ({
      name: 'off (LLM_BASE_URL=off)',
      state: 'off',
      capabilities: null,
      failure: null,
      price: null,
    }),
    modelLimits: { runUsd: undefined, dayUsd: 5, runSeconds: 120 },
    formats: [alertmanager({ digest: sha256 })],
    intake: createIntake({
      unitOfWork,
      clock: systemClock,
      chance: systemChance,
      log,
      meter,
      ownService: 'incident-agent-workflow',
    }),
    clock: systemClock,
    chance: systemChance,
    meter,
    incidentUrl: (id) => `http://agent/incidents/${id}`,
    stores,
    unitOfWork,
    renderers: [],
    files: { read: async () => undefined, write: async () => '' },
    writeBundle,
    log,
    registry: { services: [] },
  });
  let isBroken = false;
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    stores,
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers, redirect: 'manual' }),
    async breakStore() {
      isBroken = true;
      await testDatabase.dispose();
    },
    async close() {
      await server.close();
      await boss.stop({ graceful: false });
      await database.destroy();
      if (!isBroken) await testDatabase.dispose();
    },
  };
}

let agent: Awaited<ReturnType<typeof startAgent>>;
beforeAll(async () => {
  agent = await startAgent(OPEN);
});
afterAll(() => agent.close());

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

let counter = 0;
function freshAlert(change: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  return {
    status: 'firing',
    labels: { alertname: 'ServiceDown', service: `service-${counter}` },
    annotations: { summary: 'down' },
    ...change,
  };
}
async function accepted(response: Response): Promise<z.infer<typeof Accepted>> {
  expect(response.status).toBe(202);
  return Accepted.parse(await response.json());
}

describe('alerts', () => {
  test('an alert becomes an incident and a queued run before the 202', async () => {
    const { incidents } = await accepted(await agent.post('/alerts', { alerts: [freshAlert()] }));
    expect(incidents).toMatchObject([{ status: 'investigating', new: true }]);
    const id = incidents[0]!.id;
    expect(await agent.stores.runs.ofIncident(id)).toMatchObject([{ status: 'queued', reason: 'alert' }]);
    expect(await agent.stores.queue.depth()).toBeGreaterThan(0);
  });
  test('the same webhook twice changes nothing', async () => {
    const body = { alerts: [freshAlert({ startsAt: '2026-01-01T00:00:00Z' })] };
    const first = await accepted(await agent.post('/alerts', body));
    const second = await accepted(await agent.post('/alerts', body));
    expect(second.incidents).toEqual([{ ...first.incidents[0], new: false }]);
    expect(await agent.stores.runs.ofIncident(first.incidents[0]!.id)).toHaveLength(1);
  });
  test('one bad alert among good ones costs only itself', async () => {
    const { incidents, rejected } = await accepted(
      await agent.post('/alerts', { alerts: [freshAlert(), { status: 'burning', labels: { a: 'b' } }, freshAlert()] }),
    );
    expect(incidents).toHaveLength(2);
    expect(rejected).toMatchObject([{ index: 1, field: expect.stringContaining('status') }]);
  });
  test.each([
    { says: 'not JSON', body: '{"alerts":', names: /JSON/i },
    { says: 'no alerts', body: { alerts: [] }, names: /alerts/ },
    { says: 'alerts of the wrong type', body: { alerts: 'many' }, names: /alerts/ },
    { says: 'nothing', body: {}, names: /alerts/ },
    { says: 'a list', body: [1, 2], names: /alerts|object/i },
    { says: 'only bad alerts', body: { alerts: [{ labels: { a: 'b' } }] }, names: /status/ },
  ])('$says is a 400 that names the field', async ({ body, names }) => {
    const response = await agent.post('/alerts', body);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(names);
  });
  test('hostile text is stored as text: NUL, lone surrogates, __proto__, quotes', async () => {
    const labels = `{"alertname":"x\\u0000y","service":"bad\\ud800' OR 1=1 --","__proto__":"polluted"}`;
    const { incidents } = await accepted(
      await agent.post(
        '/alerts',
        `{"alerts":[{"status":"firing","labels":${labels},"annotations":{"summary":"\\u0000"}}]}`,
      ),
    );
    const incident = await agent.stores.incidents.get(incidents[0]!.id);
    expect(incident?.service).toBe("bad\uFFFD' OR 1=1 --");
    expect(Object.keys(incident?.alerts[0]?.labels ?? {})).not.toContain('__proto__');
  });
  test('5 MB of annotations are taken, more than 32 MB are a 413', async () => {
    await accepted(
      await agent.post('/alerts', { alerts: [freshAlert({ annotations: { summary: 'a'.repeat(5_000_000) } })] }),
    );
    expect((await agent.post('/alerts', `{"alerts":"${'a'.repeat(33 * 1024 * 1024)}"}`)).status).toBe(413);
  });
  test('a resolved that nobody knew is taken and opens nothing', async () => {
    expect(
      (await accepted(await agent.post('/alerts', { alerts: [freshAlert({ status: 'resolved' })] }))).incidents,
    ).toEqual([]);
  });
  test('what `curl -d` sends without a header is refused with the header that is missing', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await agent.post('/alerts', { alerts: [freshAlert()] }, type);
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('Content-Type: application/json'),
    ]);
  });

  test('an unknown sender is told which formats there are', async () => {
    const response = await agent.post('/alerts/nonsense', {});
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('alertmanager');
  });
  test('1,000 alerts at once become few incidents, in one answer', async () => {
    const { alerts_received, incidents } = await accepted(
      await agent.post('/alerts', { alerts: Array.from({ length: 1_000 }, () => freshAlert()) }),
    );
    expect(alerts_received).toBe(1_000);
    expect(incidents.length).toBeLessThanOrEqual(20);
  });
  test('every recorded webhook of a real Alertmanager is taken', async () => {
    const names = (await readdir(FIXTURES)).filter((name) => name.startsWith('am-')).toSorted();
    expect(names.length).toBeGreaterThan(10);
    const answers: [string, number][] = [];
    for (const name of names) {
      const recorded = z
        .looseObject({ request: z.looseObject({ body: z.string() }).optional() })
        .parse(JSON.parse(await readFile(join(FIXTURES, name), 'utf8')));
      if (recorded.request) answers.push([name, (await agent.post('/alerts', recorded.request.body)).status]);
    }
    expect(answers.filter(([, status]) => status !== 202)).toEqual([]);
  });
});

describe('reading', () => {
  test('the list pages, filters and searches', async () => {
    await accepted(
      await agent.post('/alerts', {
        alerts: [freshAlert({ labels: { alertname: 'A', service: 'findme_100%', severity: 'critical' } })],
      }),
    );
    const found = z
      .object({ items: z.array(z.object({ service: z.string() })) })
      .parse(await (await agent.get('/api/incidents?q=me_100%25&severity=critical')).json());
    expect(found.items).toMatchObject([{ service: 'findme_100%' }]);
    const page = z
      .object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() })
      .parse(await (await agent.get('/api/incidents?limit=1')).json());
    const next = z
      .object({ items: z.array(z.object({ id: z.string() })) })
      .parse(await (await agent.get(`/api/incidents?limit=1&cursor=${page.next}`)).json());
    expect(next.items[0]?.id).not.toBe(page.items[0]?.id);
  });
  test.each([
    { path: '/api/incidents/INC-999999', status: 404 },
    { path: '/api/incidents/nonsense', status: 400 },
    { path: '/api/incidents?limit=0', status: 400 },
    { path: '/api/incidents?status=open', status: 400 },
    { path: '/incidents/INC-999999', status: 404 },
    { path: '/incidents/..%2f..%2fetc', status: 404 },
    { path: '/api/incidents?cursor=zzz', status: 400 },
    { path: '/?cursor=zzz', status: 400 },
    { path: '/sign-in?refused=1&refused=2', status: 400 },
    { path: '/', status: 200 },
    { path: '/page.css', status: 200 },
    { path: '/health', status: 200 },
    { path: '/metrics', status: 200 },
    { path: '/api/services', status: 200 },
    { path: '/api/deliveries', status: 200 },
  ])('GET $path is $status', async ({ path, status }) => {
    expect((await agent.get(path)).status).toBe(status);
  });
  test('without tokens it answers to its own names only, and to no other site', async () => {
    const { port } = new URL(agent.url);
    const asked = (host: string): Promise<number | undefined> =>
      new Promise((resolve) =>
        get({ port, host: '127.0.0.1', path: '/api/incidents', headers: { host } }, (response) =>
          resolve(response.resume().statusCode),
        ),
      );
    expect(await asked('evil.example')).toBe(403);
    expect([await asked('localhost:9100'), await asked('127.0.0.1'), await asked('agent.example')]).toEqual([
      200, 200, 200,
    ]);
    expect((await agent.post('/alerts', { alerts: [freshAlert()] }, { origin: 'http://evil.example' })).status).toBe(
      403,
    );
  });
  test('a source that is away degrades, only the database decides', async () => {
    const response = await agent.get('/health/ready');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      checks: { database: { status: 'ok' }, loki: { status: 'failing', detail: 'connection refused' } },
    });
  });
  test('what it can see and do is told in one answer, without a secret', async () => {
    const answer: unknown = await (await agent.get('/api/status')).json();
    expect(answer).toMatchObject({
      service: 'incident-agent-workflow',
      versions: { agent: '0.1.0' },
      checks: { database: { status: 'ok' }, loki: { status: 'failing' } },
      model: {
        name: 'off (LLM_BASE_URL=off)',
        state: 'off',
        limits: { run_seconds: 120, run_usd: null, day_usd: 5 },
        spent_today_usd: 0,
      },
      incidents: { open: expect.any(Number) },
      queue: { depth: expect.any(Number) },
      deliveries: { planned: expect.any(Number), failed: expect.any(Number) },
    });
  });
  test('pages forbid every script', async () => {
    expect((await agent.get('/')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('with tokens', () => {
  let guarded: typeof agent;
  beforeAll(async () => {
    guarded = await startAgent(GUARDED);
  });
  afterAll(() => guarded.close());

  test.each([
    { path: '/health', headers: {}, status: 200 },
    { path: '/metrics', headers: {}, status: 200 },
    { path: '/api/incidents', headers: {}, status: 401 },
    { path: '/api/incidents', headers: bearer('wrong'), status: 401 },
    { path: '/api/incidents', headers: bearer('alerts-secret'), status: 401 },
    { path: '/api/incidents', headers: bearer('api-secret'), status: 200 },
    { path: '/alerts/formats', headers: bearer('alerts-secret'), status: 200 },
    { path: '/', headers: { accept: 'text/html' }, status: 303 },
    { path: '/healthz/../api/incidents', headers: {}, status: 401 },
  ])('GET $path with $headers is $status', async ({ path, headers, status }) => {
    expect((await guarded.get(path, headers)).status).toBe(status);
  });
  test('the token opens the page through a cookie that is not the token', async () => {
    const signedIn = await fetch(`${guarded.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'api-secret' }),
      redirect: 'manual',
    });
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/);
    expect(cookie).not.toContain('api-secret');
    expect((await guarded.get('/', { cookie: cookie.split(';')[0]! })).status).toBe(200);
  });
  test('a wrong token opens nothing', async () => {
    const refused = await fetch(`${guarded.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'guess' }),
      redirect: 'manual',
    });
    expect(refused.headers.get('set-cookie')).toBeNull();
  });
  test('a form on another site cannot act', async () => {
    expect(
      (
        await guarded.post(
          '/alerts',
          { alerts: [freshAlert()] },
          { ...bearer('api-secret'), origin: 'http://evil.example' },
        )
      ).status,
    ).toBe(403);
  });
});

test('feedback is taken on a report, refused without one, and told with the incident', async () => {
  const opened = await accepted(await agent.post('/alerts', { alerts: [freshAlert()] }));
  const id = opened.incidents[0]?.id ?? '';
  const say = (body: unknown) => agent.post(`/api/incidents/${id}/feedback`, body);
  expect((await say({ verdict: 'right' })).status).toBe(409);
  const [run] = await agent.stores.runs.ofIncident(id);
  if (!run) throw new Error('no run was queued');
  await agent.stores.reports.save(newReport(id, run, 1));
  const answer = await say({
    verdict: 'wrong',
    cause: { class: 'dns', dependency: 'ledger' },
    note: 'a record was gone',
  });
  expect(answer.status).toBe(201);
  const detail = z
    .object({ feedback: z.array(z.looseObject({ verdict: z.string() })) })
    .parse(await (await agent.get(`/api/incidents/${id}`)).json());
  expect(detail.feedback).toMatchObject([{ verdict: 'wrong', cause: { class: 'dns' }, note: 'a record was gone' }]);
  const refused = await say({ verdict: 'maybe' });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('verdict')]);
  expect((await agent.post('/api/incidents/INC-999999/feedback', { verdict: 'right' })).status).toBe(404);
});

test('an incident is investigated again when somebody asks, once at a time', async () => {
  const opened = await accepted(await agent.post('/alerts', { alerts: [freshAlert()] }));
  const id = opened.incidents[0]?.id ?? '';
  const ask = (body: unknown) => agent.post(`/api/incidents/${id}/runs`, body);
  const busy = await ask({});
  expect([busy.status, await busy.text()]).toEqual([409, expect.stringContaining('under investigation already')]);
  const [first] = await agent.stores.runs.ofIncident(id);
  if (!first) throw new Error('no run was queued');
  await agent.stores.runs.take(first.id, 1);
  await agent.stores.runs.end(first.id, 1, 'done', new Date().toISOString());
  const answers = await Promise.all([ask({ route: 'full' }), ask({ route: 'full' })]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 409]));
  const told = await answers.find(({ status }) => status === 202)?.json();
  const runs = await agent.stores.runs.ofIncident(id);
  expect(runs).toHaveLength(2);
  const run = runs.find(({ reason }) => reason === 'manual');
  expect(run).toMatchObject({ status: 'queued', forcedRoute: 'full' });
  expect(told).toEqual({
    run: { id: run?.id, pipelineId: run?.pipelineId, route: 'full' },
    url: `http://agent/incidents/${id}?run=${run?.pipelineId}`,
  });
  const wrong = await ask({ route: 'slow' });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringMatching(/route.*quick/s)]);
  expect((await ask({ rote: 'full' })).status).toBe(400);
  expect((await agent.post('/api/incidents/INC-999999/runs', {})).status).toBe(404);
});

test('while the store is away an alert is a 503 that says to send again, and no 5xx is counted', async () => {
  const broken = await startAgent(OPEN);
  await broken.breakStore();
  const response = await broken.post('/alerts', { alerts: [freshAlert()] });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  const metrics = await (await broken.get('/metrics')).text();
  expect(metrics).toMatch(/incident_agent_shed_total 1/);
  expect(metrics).toMatch(/http_requests_total\{handler="\/alerts",method="POST",status="5xx"\} 0/);
  await broken.close();
});
