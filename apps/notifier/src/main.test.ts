import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { minimal } from './testing/messages.ts';
import { startSmtpServer } from './testing/smtp-server.ts';

interface Program extends AsyncDisposable {
  readonly url: string;
  /** Resolves with the exit code; null: ended by the signal. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** The real program in a process of its own; resolves when it listens. It never outlives the test. */
async function startProgram(folder: string, environment: Record<string, string>): Promise<Program> {
  const child = spawnProgram({
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    ...environment,
  });
  const ended = once(child, 'exit');
  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    child.kill(signal);
    const [code] = await ended;
    return typeof code === 'number' ? code : null;
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: { message?: string; address?: string } = JSON.parse(line);
    if (entry.message !== 'Listening' || entry.address === undefined) continue;
    return {
      url: entry.address,
      stop,
      async [Symbol.asyncDispose]() {
        await stop('SIGKILL');
      },
    };
  }
  throw new Error('the notifier ended before it listened');
}

function spawnProgram(environment: Record<string, string>) {
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function scratchFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'notifier-main-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(`${url}/notify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

test('killed in the middle of a mail, it says unknown after the restart and repeats only when asked', async () => {
  await using smtp = await startSmtpServer({ afterMessage: 'silence' });
  await using folder = await scratchFolder();
  const settings = {
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    EMAIL_SENDER: 'a@example.com',
    EMAIL_RECEIVER: 'b@example.com',
  };
  await using first = await startProgram(folder.path, settings);
  const broken = post(first.url, { ...minimal, idempotency_key: 'k' }).catch(() => 'broken');
  await smtp.arrived(1);
  await first.stop('SIGKILL');
  expect(await broken).toBe('broken');

  smtp.behave({});
  await using second = await startProgram(folder.path, settings);
  const unknown = await fetch(`${second.url}/receipts/k`);
  expect(unknown.status).toBe(409);
  expect(await unknown.json()).toMatchObject({ status: 'unknown' });
  expect(smtp.mails).toHaveLength(1); // nothing was repeated by itself

  const again = await post(second.url, { ...minimal, idempotency_key: 'k' });
  expect(await again.json()).toMatchObject({
    status: 'sent',
    receipt: { resent: true, message_id: smtp.mails[0]?.messageId },
  });
  expect(smtp.mails.map((mail) => mail.messageId)).toEqual([smtp.mails[0]?.messageId, smtp.mails[0]?.messageId]);
  expect(await second.stop('SIGTERM')).toBe(0);

  await using third = await startProgram(folder.path, settings);
  expect((await fetch(`${third.url}/receipts/k`)).status).toBe(200);
  expect((await post(third.url, { ...minimal, idempotency_key: 'k' })).status).toBe(200);
  expect(smtp.mails).toHaveLength(2);
  const metrics = await (await fetch(`${third.url}/metrics`)).text();
  expect(metrics).toContain('notifier_messages_total{channel="email",result="duplicate"} 1');
  expect(metrics).toContain('notifier_messages_total{channel="email",result="sent"} 0');
  await third.stop('SIGTERM');
  expect(await readFile(join(folder.path, 'logs', 'notifier.log'), 'utf8')).toContain(
    '"message":"POST /notify -> 200 (',
  );
});

test('without settings it starts on loopback, says who it is and that it has no channel', async () => {
  await using folder = await scratchFolder();
  await using program = await startProgram(folder.path, {});
  const { url } = program;
  expect(new URL(url).hostname).toBe('127.0.0.1');
  for (const path of ['/', '/health'])
    expect(await (await fetch(`${url}${path}`)).json()).toEqual({ status: 'ok', service: 'notifier' });
  expect((await post(url, minimal)).status).toBe(422);
});

test('with wrong settings it does not start and names them all', async () => {
  await using folder = await scratchFolder();
  const logs = join(folder.path, 'logs');
  const child = spawnProgram({ PORT: 'x', EMAIL_SENDER: 'a@example.com', LOG_DIR: logs });
  const ended = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  expect((await ended)[0]).toBe(1);
  expect(output).toContain('PORT: ');
  expect(output).toContain('EMAIL_RECEIVER: ');
});
