/** `npm run demo` as a program: what it prints where, how it ends, and what it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const LIMIT_MILLISECONDS = 180_000;
let demo: ChildProcess | undefined;
afterEach(() => demo?.kill('SIGTERM'));

function startDemo(...commandLine: string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'demo/main.ts', '--ports', 'auto', ...commandLine], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demo = child;
  return child;
}

/** Processes whose environment speaks of the folder, as that of everything the demo starts does. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const hasFolder = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').includes(folder);
      return /^\d+$/.test(pid) && (hasFolder('environ') || hasFolder('cmdline'));
    } catch {
      return false; // gone, or somebody else's
    }
  });
}

test('the demo ends with one JSON object on stdout that says what broke, and exit code 0', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const child = startDemo('--scenario', 'dependency-down', '--once', '--json');
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect(exitCode === 0 ? '' : stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const summary: Record<string, unknown> = JSON.parse(stdout);
  expect(summary).toMatchObject({
    scenario: 'dependency-down',
    ok: true,
    incident: { id: 'INC-1' },
    verdict: { class: 'dependency-refused', service: 'mongo-api-service', commit: null, file: null, line: null },
    expected: { class: 'dependency-refused', service: 'mongo-api-service', commit: null, file: null, line: null },
    mail: { to: 'on-call@example.com', attachments: [{ name: expect.stringMatching(/\.pdf$/) }] },
    draft: { state: 'none', branch: null, url: null, proof: null },
  });
  // Either rule may fire first; on a busy machine the report is sent before the other one has.
  const { alerts, severity } = summary.incident as { alerts: string[]; severity: string };
  expect(alerts).not.toEqual([]);
  expect(['MongoDependencyDown', 'Service5xxErrors']).toEqual(expect.arrayContaining(alerts));
  expect(severity).toBe(alerts.includes('MongoDependencyDown') ? 'critical' : 'warning');
  expect(Object.keys(summary)).toEqual([
    'scenario',
    'ok',
    'urls',
    'repository',
    'incident',
    'verdict',
    'expected',
    'report',
    'mail',
    'draft',
    'seconds',
  ]);
  const { seconds, report } = summary as { seconds: Record<string, number>; report: Record<string, string> };
  expect(Object.keys(seconds)).toEqual(['install', 'start', 'alert_to_202', 'insight', 'report', 'mail', 'total']);
  expect(
    readFileSync(report.pdf ?? '')
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  expect(
    readFileSync(report.docx ?? '')
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  expect(stderr).toContain('intervals are shortened by configuration');
});

test('a killed service is a process that is down, since when it was, and resolved when it is back', {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const child = startDemo('--scenario', 'service-down', '--once', '--json');
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect(exitCode === 0 ? '' : stderr).toBe('');
  const summary = JSON.parse(stdout) as { report: { json: string } };
  expect(summary).toMatchObject({
    ok: true,
    incident: { status: 'resolved', severity: 'critical', alerts: ['ServiceDown'] },
    verdict: { class: 'process-down', service: 'mongo-api-service', commit: null },
  });
  const report = JSON.parse(readFileSync(summary.report.json, 'utf8')) as {
    onset: string;
    incident: { startedAt: string };
  };
  const secondsBeforeAlert = (Date.parse(report.incident.startedAt) - Date.parse(report.onset)) / 1_000;
  expect(secondsBeforeAlert).toBeGreaterThan(0);
  expect(secondsBeforeAlert).toBeLessThan(15);
  expect(stderr).toContain('email (resolved): sent');
});

test('Ctrl-C in the middle leaves no process behind', { timeout: LIMIT_MILLISECONDS }, async ({ skip }) => {
  if (process.platform !== 'linux') skip('processes are looked for under /proc');
  const child = startDemo('--json');
  let folder = '';
  for await (const line of createInterface(child.stderr)) {
    folder = /everything of this run is in (.+)$/.exec(line)?.[1] ?? folder;
    if (line.startsWith('traffic:')) break;
  }
  expect(processesOf(folder).length).toBeGreaterThan(5);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(processesOf(folder)).toEqual([]);
});
