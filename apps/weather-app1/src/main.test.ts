import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

function start(environment: Record<string, string>) {
  return spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
}

test('the program serves, logs to LOG_FILE and stops on SIGTERM', async () => {
  const logFile = join(await mkdtemp(join(tmpdir(), 'weather-')), 'logs', 'app.log');
  const program = start({ PORT: '0', HOST: '127.0.0.1', LOG_FILE: logFile });
  const ended = once(program, 'close');
  let address: string | undefined;
  for await (const chunk of program.stdout) {
    address = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
    if (address !== undefined) break;
  }
  expect(await (await fetch(`${address}/`)).json()).toMatchObject({ status: 'ok' });
  program.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await readFile(logFile, 'utf8')).toMatch(/"message":"GET \/ -> 200 \(\d+ ms\)"/);
});

test('mistakes in the settings are all named, and the program ends with 1', async () => {
  const program = start({ PORT: 'x', OPEN_METEO_URL: 'nowhere' });
  const ended = once(program, 'close');
  const output = await text(program.stdout);
  expect(await ended).toEqual([1, null]);
  expect(output).toContain('PORT: ');
  expect(output).toContain('OPEN_METEO_URL: ');
});
