import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { minimal } from './testing/messages.ts';
import { startSmtpServer } from './testing/smtp-server.ts';

interface Running {
  readonly url: string;
  readonly child: ChildProcess;
}

/** The real program in a process of its own; resolves when it listens. */
async function startProgram(folder: string, environment: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      LOG_DIR: join(folder, 'logs'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: { message?: string; address?: string } = JSON.parse(line);
    if (entry.message === 'Listening' && entry.address !== undefined) return { url: entry.address, child };
  }
  throw new Error('the notifier ended before it listened');
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(`${url}/notify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return typeof code === 'number' ? code : null;
}

test('killed in the middle of a mail, it says unknown after the restart and repeats only when asked', async () => {
  await using smtp = await startSmtpServer({ afterMessage: 'silence' });
  const folder = await mkdtemp(join(tmpdir(), 'notifier-main-'));
  const settings = {
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    EMAIL_SENDER: 'a@example.com',
    EMAIL_RECEIVER: 'b@example.com',
  };
  const first = await startProgram(folder, settings);
  const broken = post(first.url, { ...minimal, idempotency_key: 'k' }).catch(() => 'broken');
  await smtp.arrived(1);
  await stop(first.child, 'SIGKILL');
  expect(await broken).toBe('broken');

  smtp.behave({});
  const second = await startProgram(folder, settings);
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
  expect(await stop(second.child, 'SIGTERM')).toBe(0);

  const third = await startProgram(folder, settings);
  expect((await fetch(`${third.url}/receipts/k`)).status).toBe(200);
  expect((await post(third.url, { ...minimal, idempotency_key: 'k' })).status).toBe(200);
  expect(smtp.mails).toHaveLength(2);
  const metrics = await (await fetch(`${third.url}/metrics`)).text();
  expect(metrics).toContain('notifier_messages_total{channel="email",result="duplicate"} 1');
  expect(metrics).toContain('notifier_messages_total{channel="email",result="sent"} 0');
  await stop(third.child, 'SIGTERM');
  expect(await readFile(join(folder, 'logs', 'notifier.log'), 'utf8')).toContain('"message":"POST /notify -> 200 (');
  await rm(folder, { recursive: true });
});

test('without settings it starts on loopback, says who it is and that it has no channel', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'notifier-main-'));
  const { url, child } = await startProgram(folder, {});
  expect(new URL(url).hostname).toBe('127.0.0.1');
  for (const path of ['/', '/health'])
    expect(await (await fetch(`${url}${path}`)).json()).toEqual({ status: 'ok', service: 'notifier' });
  expect((await post(url, minimal)).status).toBe(422);
  await stop(child, 'SIGTERM');
  await rm(folder, { recursive: true });
});

test('with wrong settings it does not start and names them all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'notifier-main-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env.PATH, PORT: 'x', EMAIL_SENDER: 'a@example.com', LOG_DIR: join(folder, 'logs') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  expect((await ended)[0]).toBe(1);
  expect(output).toContain('PORT: ');
  expect(output).toContain('EMAIL_RECEIVER: ');
  await rm(folder, { recursive: true });
});
