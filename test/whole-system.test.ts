/**
 * The loop as it is promised: a service fails, Debian's Prometheus sees it, Alertmanager calls the agent, the agent
 * looks, and the person on call gets a mail whose PDF says what it was. Nothing in between is replaced.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Followed, followIncident } from '../demo/follow.ts';
import { choosePorts } from '../demo/ports.ts';
import { pause } from '../demo/processes.ts';
import { regression } from '../demo/scenarios/regression.ts';
import { startStack } from '../demo/stack.ts';
import { startTraffic } from '../demo/traffic.ts';
import { missingPrograms, ran } from './programs.ts';
import { startMonitoring } from './prometheus.ts';

const LIMIT_MILLISECONDS = 180_000;
const BASELINE_MILLISECONDS = 12_000;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** Inside the repository, from where the scratch copies of the services find their packages. */
function scratchFolder(): string {
  const parent = join(import.meta.dirname, '..', '.data', 'test');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'whole-system-'));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function letItFail(scratch: string, signal: AbortSignal) {
  const ports = await choosePorts('auto');
  const prepared = await regression.prepare({ ports, scratch, say: () => undefined });
  stops.push(() => prepared.stop());
  await prepared.start(signal);
  const agentUrl = `http://127.0.0.1:${ports.agent}`;
  const targets = Object.fromEntries(prepared.services.map(({ name, url }) => [name, new URL(url).host]));
  const monitoring = await startMonitoring({ folder: join(scratch, 'monitoring'), targets, agentUrl });
  stops.push(() => monitoring.stop());
  const agentSettings = { PROMETHEUS_URL: monitoring.prometheusUrl };
  const { services } = prepared;
  const stack = await startStack({ ports, scratch, services, signal, withMonitor: false, agentSettings });
  stops.push(() => stack.stop());
  const traffic = startTraffic(prepared.traffic, 12);
  stops.push(() => traffic.stop());
  await pause(BASELINE_MILLISECONDS, signal);
  const since = new Date().toISOString();
  await prepared.breakIt(signal);
  const { broken, expected } = prepared;
  const followed = await followIncident({
    agentUrl,
    mail: stack.mail,
    service: broken,
    since,
    say: () => undefined,
    signal,
  });
  return { followed, expected };
}

function pdfText({ mail }: Followed, scratch: string): string {
  const pdf = mail?.attachments.find(({ name }) => name.endsWith('.pdf'));
  writeFileSync(join(scratch, 'mailed.pdf'), pdf?.content ?? '');
  return ran('pdftotext', ['mailed.pdf', '-'], scratch).output.replace(/\s+/g, ' ');
}

test('from a failing service to a PDF in the mailbox that names the commit, the file and the line', {
  timeout: LIMIT_MILLISECONDS,
}, async ({ skip, signal }) => {
  const missing = missingPrograms('prometheus', 'prometheus-alertmanager', 'pdftotext');
  if (missing !== undefined) skip(missing);
  const scratch = scratchFolder();
  const { followed, expected } = await letItFail(scratch, signal);

  expect(followed.detail.alerts.map(({ labels }) => labels.alertname)).toContain('Service5xxErrors');
  expect(followed.detail.report?.verdict.cause).toMatchObject({
    class: expected.class,
    service: expected.service,
    commit: expected.commit,
    file: expected.file,
    line: expected.line,
  });
  expect(followed.mail?.subject).toContain('weather-app1');
  const text = pdfText(followed, scratch);
  expect(text).toContain('Service5xxErrors');
  expect(text).toContain(expected.commit?.slice(0, 7));
  expect(text).toContain(`rounding.ts:${expected.line}`);
  expect(text).toContain('up{service="weather-app1"');
});
