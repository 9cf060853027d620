import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import { startServer } from '../../lib/testing/start-server.ts';
import { health } from './health.ts';
import { sourceContract } from './source-contract.ts';

function serviceAt(url: string) {
  return { ...unregisteredService('weather-app1'), healthUrl: url, readyUrl: `${url}/ready` };
}

async function probe(url: string, of: 'health' | 'ready' = 'health') {
  const clock = { now: () => '2026-11-23T20:00:00.000Z', milliseconds: () => 5 };
  const source = health({ timeoutMilliseconds: 200, clock });
  return source.ask({ kind: 'probe', service: serviceAt(url), of }, AbortSignal.timeout(5_000));
}

sourceContract('health', async () => {
  const server = await startServer((_request, reply) => reply.end('{"status":"ok"}'));
  return {
    source: health(),
    service: serviceAt(server.url),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

test('an answer is told with its status and body, secrets redacted', async () => {
  await using server = await startServer((request, reply) => {
    reply
      .writeHead(request.url === '/ready' ? 503 : 200)
      .end(`{"status":"${request.url}","token":"abc","x":"${'x'.repeat(5_000)}"}`);
  });
  const ready = await probe(server.url, 'ready');
  expect(ready.query).toBe(`curl -i --max-time 0.2 ${server.url}/ready`);
  expect(ready.telemetry.probe).toMatchObject({
    of: 'ready',
    httpStatus: 503,
    at: '2026-11-23T20:00:00.000Z',
    durationMilliseconds: 0,
  });
  const { body } = (await probe(server.url)).telemetry.probe ?? {};
  expect(body).toContain('"token":"[redacted:token]"');
  expect(body).toHaveLength(2_000);
});

async function listenRaw(onConnection: Parameters<typeof createServer>[1]): Promise<Server & { url: string }> {
  const server = createServer(onConnection as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return Object.assign(server, { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` });
}

test('refused, silent, reset, unknown host, no TLS and no HTTP are told apart', async () => {
  const silent = await listenRaw(() => undefined);
  const reset = await listenRaw((socket) => socket.on('data', () => socket.resetAndDestroy()));
  const rude = await listenRaw((socket) => socket.end('HELLO\r\n'));
  const closed = await listenRaw(() => undefined);
  await new Promise((resolve) => closed.close(resolve));
  const failures: unknown[] = [];
  for (const url of [
    closed.url,
    silent.url,
    reset.url,
    'http://nowhere.invalid',
    rude.url.replace('http', 'https'),
    rude.url,
  ]) {
    const { telemetry, gaps } = await probe(url);
    expect(gaps).toEqual([]);
    failures.push(telemetry.probe?.failure);
  }
  expect(failures).toEqual(['refused', 'timeout', 'reset', 'dns', 'tls', 'other']);
  for (const server of [silent, reset, rude]) server.close();
});

test('a redirect is the answer: nothing else is asked', async () => {
  await using server = await startServer((_request, reply) => reply.writeHead(302, { location: '/login' }).end());
  expect((await probe(server.url)).telemetry.probe?.httpStatus).toBe(302);
  expect(server.requests).toEqual(['GET /']);
});

test('a flood instead of a health answer is cut off', async () => {
  await using server = await startServer((_request, reply) => reply.end('x'.repeat(2_000_000)));
  expect((await probe(server.url)).telemetry.probe).toMatchObject({
    failure: 'other',
    detail: expect.stringContaining('more than 1 MB'),
  });
});

test('without an address in the registry there is a gap that names the field', async () => {
  const question = { kind: 'probe', service: unregisteredService('x'), of: 'ready' } as const;
  const answer = await health().ask(question, AbortSignal.timeout(1_000));
  expect(answer).toMatchObject({
    telemetry: {},
    gaps: [{ reason: 'not-configured', detail: expect.stringContaining('ready_url') }],
  });
});
