/**
 * Nothing acknowledged is lost or done twice: the real agent, notifier and SMTP server, killed and restarted. The
 * watched service answers its health check slowly, so that a kill lands in the middle of an investigation.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { listen } from '../demo/listen.ts';
import { startMailCatcher } from '../demo/mail-catcher/mail-catcher.ts';
import { choosePorts } from '../demo/ports.ts';
import { type Program, pause, startProgram, untilAnswers } from '../demo/processes.ts';

const ROOT = join(import.meta.dirname, '..');
const LIMIT_MILLISECONDS = 90_000;
const START_MILLISECONDS = 30_000;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const Detail = z.object({
  incident: z.object({ status: z.string() }),
  runs: z.array(z.object({ status: z.string(), attempt: z.number() })),
  report: z.unknown(),
  deliveries: z.array(z.object({ kind: z.string(), state: z.string() })),
});

async function urlOf(server: Server): Promise<string> {
  const port = await listen(server);
  stops.push(() => server.close());
  return `http://127.0.0.1:${port}`;
}

async function prepare(healthMilliseconds: number, settings: Record<string, string> = {}) {
  const parent = join(ROOT, '.data', 'test');
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, 'durability-'));
  stops.push(() => rmSync(scratch, { recursive: true, force: true }));
  const ports = await choosePorts('auto');
  const mail = await startMailCatcher({ smtpPort: ports.smtp, httpPort: ports.mail });
  stops.push(() => mail.close());
  const slow = createServer(
    (_request, response) => void setTimeout(() => response.end('{"status":"ok"}'), healthMilliseconds),
  );
  const health = await urlOf(slow);
  const registryPath = join(scratch, 'registry.json');
  writeFileSync(registryPath, JSON.stringify({ slow: { health_url: `${health}/health`, log_paths: {} } }));
  const agentUrl = `http://127.0.0.1:${ports.agent}`;
  const start = async (
    name: string,
    commandLine: string[],
    url: string,
    environment: Record<string, string>,
  ): Promise<Program> => {
    const folder = join(ROOT, 'apps', name);
    const outputFile = join(scratch, `${name}.out`);
    const program = startProgram({
      name,
      run: { file: join(folder, 'src', 'main.ts'), commandLine },
      folder,
      environment,
      outputFile,
    });
    stops.push(() => program.stop());
    await untilAnswers(url, program, outputFile, START_MILLISECONDS, new AbortController().signal);
    return program;
  };
  return {
    agentUrl,
    mail,
    startNotifier: () =>
      start('notifier', [], `http://127.0.0.1:${ports.notifier}/health`, {
        PORT: String(ports.notifier),
        HOST: '127.0.0.1',
        DATA_DIR: join(scratch, 'notifier'),
        LOG_DIR: join(scratch, 'logs'),
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(ports.smtp),
        EMAIL_SENDER: 'agent@example.com',
        EMAIL_RECEIVER: 'on-call@example.com',
      }),
    startAgent: () =>
      start('incident-agent-workflow', ['serve'], `${agentUrl}/health/ready`, {
        PORT: String(ports.agent),
        DATA_DIR: join(scratch, 'agent'),
        REPORTS_DIR: join(scratch, 'reports'),
        LOG_DIR: join(scratch, 'logs'),
        SERVICE_REGISTRY_PATH: registryPath,
        NOTIFIER_URL: `http://127.0.0.1:${ports.notifier}/notify`,
        LLM_BASE_URL: 'off',
        ...settings,
      }),
  };
}

async function postAlert(agentUrl: string, status = 'firing'): Promise<string> {
  const alert = {
    status,
    labels: { alertname: 'ServiceDown', service: 'slow' },
    annotations: { summary: 'slow is not responding' },
    startsAt: '2026-01-01T00:00:00Z',
  };
  const response = await fetch(`${agentUrl}/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alerts: [alert] }),
  });
  expect(response.status).toBe(202);
  const { incidents } = z.object({ incidents: z.array(z.object({ id: z.string() })) }).parse(await response.json());
  return incidents[0]?.id ?? '';
}

async function detailOf(agentUrl: string, id: string): Promise<z.infer<typeof Detail>> {
  return Detail.parse(await (await fetch(`${agentUrl}/api/incidents/${id}`)).json());
}

async function until(
  agentUrl: string,
  id: string,
  holds: (detail: z.infer<typeof Detail>) => boolean,
  signal: AbortSignal,
): Promise<z.infer<typeof Detail>> {
  for (;;) {
    const detail = await detailOf(agentUrl, id);
    if (holds(detail)) return detail;
    await pause(50, signal);
  }
}

test('kill -9 of the agent in the middle of a run: after the restart the run goes on, and one mail arrives', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ signal }) => {
  const system = await prepare(2_500);
  await system.startNotifier();
  const agent = await system.startAgent();
  const id = await postAlert(system.agentUrl);
  await until(system.agentUrl, id, ({ runs }) => runs[0]?.status === 'running', signal);
  await agent.kill();

  await system.startAgent();
  const done = await until(
    system.agentUrl,
    id,
    ({ runs, deliveries }) => runs[0]?.status === 'done' && deliveries.every(({ state }) => state === 'sent'),
    signal,
  );
  expect(done.runs).toMatchObject([{ attempt: 2 }]);
  expect(done.deliveries).toMatchObject([{ kind: 'opened', state: 'sent' }]);
  // The sender repeats what it has sent, as Alertmanager does: still one incident and one mail.
  expect(await postAlert(system.agentUrl)).toBe(id);
  expect(system.mail.messages().map(({ subject }) => subject)).toHaveLength(1);
});

test('a notifier that is down costs nothing: the report stands, the mail goes out once when it is back', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ signal }) => {
  const system = await prepare(0);
  await system.startAgent();
  const id = await postAlert(system.agentUrl);
  const waiting = await until(
    system.agentUrl,
    id,
    ({ report, deliveries }) => report !== null && deliveries.length > 0,
    signal,
  );
  expect(waiting.incident.status).toBe('diagnosed');
  await expect
    .poll(async () => (await fetch(`${system.agentUrl}/metrics`)).text(), { timeout: 20_000 })
    .toMatch(/incident_agent_deliveries_total\{destination="email",result="retried"\} [1-9]/);

  await system.startNotifier();
  await until(system.agentUrl, id, ({ deliveries }) => deliveries.every(({ state }) => state === 'sent'), signal);
  expect(system.mail.messages()).toHaveLength(1);
  expect(system.mail.messages()[0]?.attachments.map(({ contentType }) => contentType)).toContain('application/pdf');
});

test('"resolved" is checked, then told once to whom it was told that it broke', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ signal }) => {
  const system = await prepare(0);
  await system.startNotifier();
  await system.startAgent();
  const id = await postAlert(system.agentUrl);
  await until(system.agentUrl, id, ({ deliveries }) => deliveries.some(({ state }) => state === 'sent'), signal);
  await postAlert(system.agentUrl, 'resolved');
  await postAlert(system.agentUrl, 'resolved');
  const over = await until(
    system.agentUrl,
    id,
    ({ incident, deliveries }) => incident.status === 'resolved' && deliveries.every(({ state }) => state === 'sent'),
    signal,
  );
  expect(over.deliveries.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  expect(over.runs).toHaveLength(1);
  const [opened, resolved] = system.mail.messages();
  expect(resolved?.inReplyTo).toBe(opened?.messageId);
});
