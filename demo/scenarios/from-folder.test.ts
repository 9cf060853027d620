import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { choosePorts } from '../ports.ts';
import { git } from '../repository.ts';
import { scenarioFromFolder } from './from-folder.ts';
import type { Prepared } from './scenario.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const SERVER = (answer: string) =>
  `require('node:http').createServer((request, response) => response.end('${answer}')).listen(process.env.PORT, process.env.HOST);\n`;

/** A service that says `old`, and on a branch that is not checked out says `new`. */
function caseFolder(fault: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'own-case-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(folder, 'source');
  mkdirSync(source);
  const run = (...command: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-C', source, ...command], {
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
    });
  run('init', '--quiet', '--initial-branch=trunk');
  writeFileSync(join(source, 'server.js'), SERVER('old'));
  run('add', '.');
  run('commit', '--quiet', '--message=old');
  run('checkout', '--quiet', '-b', 'zz-next');
  writeFileSync(join(source, 'server.js'), SERVER('new'));
  run('commit', '--quiet', '--all', '--message=new');
  // Without a HEAD, as `git bundle create x branch` makes it.
  run('bundle', 'create', '--quiet', join(folder, 'it.bundle'), 'trunk', 'zz-next');
  writeFileSync(join(folder, 'fault.sh'), fault);
  const scenario = {
    name: 'it',
    service: 'it',
    repository: 'it.bundle',
    start: 'node server.js',
    health: '/',
    traffic: ['GET /'],
    fault: 'fault.sh',
    expected: {},
  };
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  return folder;
}

async function started(fault: string): Promise<Prepared & { answer(): Promise<string> }> {
  const scratch = mkdtempSync(join(tmpdir(), 'own-case-scratch-'));
  cleanUps.push(() => rmSync(scratch, { recursive: true, force: true }));
  const ports = await choosePorts('auto');
  const prepared = await scenarioFromFolder(caseFolder(fault)).prepare({ ports, scratch, say: () => undefined });
  cleanUps.push(() => rmSync(dirname(prepared.repository), { recursive: true, force: true }));
  cleanUps.push(() => prepared.stop());
  await prepared.start(AbortSignal.timeout(20_000));
  const url = prepared.services[0]?.url ?? '';
  return { ...prepared, answer: async () => (await fetch(url)).text() };
}

test('a script that moves the repository deploys what is there then', async () => {
  const running = await started('git checkout --quiet origin/zz-next');
  expect(await running.answer()).toBe('old');
  await running.breakIt(AbortSignal.timeout(20_000));
  expect(await running.answer()).toBe('new');
  expect(await git(running.repository, ['log', '-1', '--format=%s'])).toBe('new');
});

test.each(['-9', '-TERM'])(
  'a script that kills the service with %s leaves it dead, and its metrics say so',
  async (how) => {
    const running = await started(`kill ${how} "$SERVICE_PID"; sleep 0.5`);
    const metricsUrl = String(running.services[0]?.registryEntry.metrics_url);
    expect((await fetch(metricsUrl)).status).toBe(200);
    await running.breakIt(AbortSignal.timeout(20_000));
    await expect(running.answer()).rejects.toThrow('fetch failed');
    expect((await fetch(metricsUrl)).status).toBe(503);
  },
);

test('a script that fails is told with its words', async () => {
  const running = await started('echo "no such table" >&2; exit 3');
  await expect(running.breakIt(AbortSignal.timeout(20_000))).rejects.toThrow(/fault\.sh failed: .*no such table/s);
});
