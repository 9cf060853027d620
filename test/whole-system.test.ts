/**
 * The loop as it is promised: a service fails, Debian's Prometheus sees it, Alertmanager calls the agent, the agent
 * looks, and the person on call gets a mail whose PDF says what it was. Nothing in between is replaced.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Followed } from '../demo/follow.ts';
import { startFailingSystem } from './failing-system.ts';
import { lookAtDashboards, withoutData } from './monitoring/live-dashboards.ts';
import { missingPrograms, ran } from './programs.ts';

const LIMIT_MILLISECONDS = 240_000;
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
  const system = await startFailingSystem({ scratch, signal });
  stops.push(() => system.stop());
  const { followed, expected } = system;

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

  // While it still fails: what the dashboards show of it.
  const looked = await lookAtDashboards(system);
  expect(withoutData(looked)).toEqual([]);
  expect(looked.bornLate).toEqual([]);
  expect(looked.incidentUrls).toContain(`${system.agentUrl}/incidents/${followed.detail.incident.id}`);
});
