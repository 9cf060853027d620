import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { MongoClient } from 'mongodb';
import { afterEach, expect, test } from 'vitest';
import { choosePorts } from '../../../demo/ports.ts';
import type { BackendName, RunningBackend } from '../template.ts';
import { startBackend } from './all.ts';
import { authorityOf } from './payments-certificate.ts';
import { PAYMENTS_TOKEN } from './payments-token.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

async function started(name: BackendName): Promise<{ backend: RunningBackend; port: number; url: string }> {
  const { mail: port } = await choosePorts('auto');
  const backend = await startBackend(name, port);
  close = () => backend.close();
  return { backend, port, url: `http://127.0.0.1:${port}` };
}

async function statusOf(url: string, options?: RequestInit): Promise<number> {
  const response = await fetch(url, options);
  await response.body?.cancel();
  return response.status;
}

function charge(source: string, token = PAYMENTS_TOKEN): RequestInit {
  const body = JSON.stringify({ amount: 1_250, source, reference: 'W-1' });
  return { method: 'POST', body, headers: { authorization: `Bearer ${token}` } };
}

test('payments charges cards, declines some, and knows its own token only', async () => {
  const { url } = await started('payments');
  expect(await statusOf(`${url}/charges`, charge('4242'))).toBe(201);
  expect(await statusOf(`${url}/charges`, charge('4000000000000002'))).toBe(402);
  expect(await statusOf(`${url}/charges`, charge('4242', 'shop-live-old'))).toBe(401);
});

const hasOpenssl = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;

test.skipIf(!hasOpenssl)(
  'payments speaks TLS on the same port, and its certificate can expire and be renewed',
  async () => {
    const { backend, port } = await started('payments');
    const ca = readFileSync(authorityOf(port));
    function overTls(): Promise<string> {
      const { promise, resolve } = Promise.withResolvers<string>();
      const asked = request({ host: '127.0.0.1', port, path: '/health', ca, agent: new Agent() }, (response) => {
        response.resume();
        resolve(String(response.statusCode));
      });
      asked.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
      asked.end();
      return promise;
    }
    expect(await overTls()).toBe('200');
    await backend.set({ mode: 'certificate' });
    expect(await overTls()).toBe('CERT_HAS_EXPIRED');
    await backend.set({ mode: 'well' });
    expect(await overTls()).toBe('200');
  },
);

test('a share of the calls is refused, evenly, and callers are told when to come again', async () => {
  const { backend, url } = await started('open-meteo');
  await backend.set({ mode: 'status', status: 503, share: 0.25, retryAfterSeconds: 9 });
  const place = `${url}/v1/forecast?latitude=52&longitude=13&current=temperature_2m`;
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(place)));
  expect(answers.map(({ status }) => status).filter((status) => status === 503)).toHaveLength(2);
  expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('9');
});

test('the weather provider grants a number of calls, whoever asks', async () => {
  const { url } = await started('open-meteo');
  const place = `${url}/v1/forecast?latitude=52&longitude=13&current=temperature_2m`;
  const statuses = await Promise.all(Array.from({ length: 70 }, () => statusOf(place)));
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});

test('what is stopped refuses connections, and is itself again after a start', async () => {
  const { backend, url } = await started('payments');
  await backend.stop();
  await expect(fetch(`${url}/health`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await backend.start();
  expect(await statusOf(`${url}/health`)).toBe(200);
});

test('a reset cuts the connection of whoever asks', async () => {
  const { backend, url } = await started('open-meteo');
  await backend.set({ mode: 'reset' });
  await expect(fetch(`${url}/v1/forecast`)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

test('MongoDB keeps its documents while it is stopped', async () => {
  const { backend, port } = await started('mongodb');
  const uri = `mongodb://127.0.0.1:${port}`;
  const first = new MongoClient(uri);
  await first.db('shop').collection('items').insertOne({ name: 'lamp' });
  await first.close();
  await backend.stop();
  await expect(new MongoClient(uri, { serverSelectionTimeoutMS: 50 }).connect()).rejects.toThrow(/ECONNREFUSED/);
  await backend.start();
  const second = new MongoClient(uri);
  expect(await second.db('shop').collection('items').countDocuments()).toBe(1);
  await second.close();
});
