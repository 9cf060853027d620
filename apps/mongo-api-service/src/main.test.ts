import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startMongodbStandIn } from '../../../demo/mongodb-stand-in/stand-in.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

function start(environment: Record<string, string>) {
  return spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
}

test('the program serves, logs to LOG_FILE and stops on SIGTERM', async () => {
  const mongo = await startMongodbStandIn();
  const logFile = join(await mkdtemp(join(tmpdir(), 'items-')), 'logs', 'service.log');
  const program = start({ PORT: '0', HOST: '127.0.0.1', LOG_FILE: logFile, MONGO_URI: mongo.uri });
  const ended = once(program, 'close');
  let address: string | undefined;
  for await (const chunk of program.stdout) {
    address = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
    if (address !== undefined) break;
  }
  expect(await (await fetch(`${address}/health/ready`)).json()).toMatchObject({
    status: 'ok',
    mongo: { connected: true },
  });
  expect((await fetch(`${address}/items/`)).status).toBe(200);
  program.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await readFile(logFile, 'utf8')).toMatch(/"message":"GET \/items\/ -> 200 \(\d+ ms\)"/);
  await mongo.close();
});

test('mistakes in the settings are all named without their values, and the program ends with 1', async () => {
  const program = start({
    PORT: 'x',
    MONGO_URI: 'mongo://me:hunter2@host',
    MONGO_DB: 'a/b',
    DEPENDENCY_CHECK_SECONDS: '0',
  });
  const ended = once(program, 'close');
  const output = await text(program.stdout);
  expect(await ended).toEqual([1, null]);
  for (const name of ['PORT', 'MONGO_URI', 'MONGO_DB', 'DEPENDENCY_CHECK_SECONDS'])
    expect(output).toContain(`"${name}: `);
  expect(output).not.toContain('hunter2');
});
