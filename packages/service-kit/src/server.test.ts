import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createLogger } from './logging.ts';
import { createHttpMetrics, declareBuildInfo, declareDependency } from './metrics.ts';
import { AppError, createServer, type FastifyInstance, type FastifyRequest, type ServerOptions } from './server.ts';

const Line = z.record(z.string(), z.unknown());

async function startServer(routes: (server: FastifyInstance) => void, options: Partial<ServerOptions> = {}) {
  const filePath = join(await mkdtemp(join(tmpdir(), 'server-')), 'service.log');
  const logger = createLogger({ service: 'items', filePath, stdout: false, level: 'debug' });
  const metrics = createHttpMetrics();
  const server = createServer({ service: 'items', logger, metrics, ...options });
  routes(server);
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  /** Those about requests. */
  async function lines() {
    const written = (await readFile(filePath, 'utf8')).trimEnd().split('\n');
    const parsed = written.map((line) => Line.parse(JSON.parse(line)));
    return parsed.filter(({ message }) => /^(GET|POST|HEAD) /.test(String(message)));
  }
  return {
    address,
    metrics,
    lines,
    /** Read after the server has closed, so that no line is still to come. */
    async stopAndReadLines() {
      await server.close();
      return lines();
    },
    counted: async () => {
      const series = (await metrics.registry.metrics()).split('\n');
      return series.filter((line) => line.startsWith('http_requests_total{'));
    },
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

async function echo(request: FastifyRequest): Promise<unknown> {
  return request.body;
}

function failing(error: unknown) {
  return (server: FastifyInstance) => {
    server.get('/items/:id', async () => {
      throw error;
    });
  };
}

test('every status class of every route is there at 0 before the first request', async () => {
  await using server = await startServer((routes) => routes.post('/items/', async () => ({})));
  const counted = await server.counted();
  for (const status of ['2xx', '3xx', '4xx', '5xx']) {
    expect(counted).toContain(`http_requests_total{handler="/items/",method="POST",status="${status}"} 0`);
    expect(counted).toContain(`http_requests_total{handler="unmatched",method="GET",status="${status}"} 0`);
  }
});

test('answers are counted by route pattern and class, also those that no route made', async () => {
  await using server = await startServer(failing(new AppError(503, 'away')));
  for (const path of ['/items/1?token=x', '/items/2/', '/elsewhere', '/also/%zz', `/items/${'x'.repeat(600)}`]) {
    await fetch(server.address + path);
  }
  await fetch(`${server.address}/metrics`, { method: 'HEAD' });
  await expect
    .poll(server.counted)
    .toEqual(
      expect.arrayContaining([
        'http_requests_total{handler="/items/:id",method="GET",status="5xx"} 2',
        'http_requests_total{handler="unmatched",method="GET",status="4xx"} 3',
        'http_requests_total{handler="/metrics",method="GET",status="2xx"} 1',
      ]),
    );
  const text = await (await fetch(`${server.address}/metrics`)).text();
  expect(text).toMatch(/http_request_duration_seconds_count\{handler="\/items\/:id",method="GET"\} 2/);
  expect(text).toMatch(/^process_start_time_seconds \d+/m);
});

test('an answer can be counted as another class than its own', async () => {
  await using server = await startServer(failing(new AppError(503, 'full')), {
    countsAs: (status) => (status === 503 ? '4xx' : undefined),
  });
  expect((await fetch(`${server.address}/items/1`)).status).toBe(503);
  await expect.poll(server.counted).toContain('http_requests_total{handler="/items/:id",method="GET",status="4xx"} 1');
  expect(await server.counted()).toContain('http_requests_total{handler="/items/:id",method="GET",status="5xx"} 0');
});

test.each([
  {
    says: 'an unknown error hides its message',
    thrown: new Error('password is hunter2'),
    status: 500,
    detail: 'Internal server error',
  },
  {
    says: 'a library error with a 5xx hides its message',
    thrown: Object.assign(new Error('at 10.0.0.1'), { statusCode: 502 }),
    status: 500,
    detail: 'Internal server error',
  },
  { says: 'a thrown text hides itself', thrown: 'password is hunter2', status: 500, detail: 'Internal server error' },
  {
    says: 'an error with an absurd status',
    thrown: Object.assign(new Error('no'), { statusCode: 99 }),
    status: 500,
    detail: 'Internal server error',
  },
  {
    says: 'an AppError says its sentence',
    thrown: new AppError(502, 'The provider is away', { cause: new Error('10.0.0.1') }),
    status: 502,
    detail: 'The provider is away',
  },
  {
    says: 'a refusal says its sentence',
    thrown: Object.assign(new Error('Too many'), { statusCode: 429 }),
    status: 429,
    detail: 'Too many',
  },
])('$says', async ({ thrown, status, detail }) => {
  await using server = await startServer(failing(thrown));
  const answer = await fetch(`${server.address}/items/1`);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ detail });
});

test('a refusal has the form that the service chose', async () => {
  await using server = await startServer(failing(new AppError(409, 'unknown')), {
    errorBody: ({ statusCode, message }) => ({ status: 'failed', statusCode, error: message }),
  });
  expect(await (await fetch(`${server.address}/items/1`)).json()).toEqual({
    status: 'failed',
    statusCode: 409,
    error: 'unknown',
  });
  expect(await (await fetch(`${server.address}/nowhere`)).json()).toMatchObject({ status: 'failed', statusCode: 404 });
});

test.each([
  { says: 'cut JSON', body: '{"name":', type: 'application/json', status: 400 },
  { says: 'no JSON at all', body: '<html>', type: 'application/json', status: 400 },
  { says: 'another type', body: 'a=b', type: 'text/csv', status: 415 },
  { says: 'a body over the limit', body: JSON.stringify('x'.repeat(2_000)), type: 'application/json', status: 413 },
])('$says is refused as $status with a reason', async ({ body, type, status }) => {
  await using server = await startServer((routes) => routes.post('/items/', async () => ({})), {
    bodyLimitBytes: 1_000,
  });
  const answer = await fetch(`${server.address}/items`, { method: 'POST', body, headers: { 'content-type': type } });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ detail: expect.any(String) });
});

test('a key that would poison the prototype is dropped, the rest is taken', async () => {
  await using server = await startServer((routes) => routes.route({ method: 'POST', url: '/items/', handler: echo }));
  const body = '{"name":"x","__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}';
  const answer = await fetch(`${server.address}/items/`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(await answer.text()).toBe('{"name":"x"}');
});

test('a request is one line with its level by status, and the query string is never in it', async () => {
  const server = await startServer((routes) => {
    routes.get('/fine', async () => 'ok');
    routes.get('/health', async () => 'ok');
    routes.get('/refused', async () => Promise.reject(new AppError(404, 'none')));
    routes.get('/broken', async () => Promise.reject(new Error('broken', { cause: new Error('below') })));
  });
  for (const path of ['/fine?token=secret', '/health', '/refused', '/broken?token=secret'])
    await fetch(server.address + path);
  const lines = await server.stopAndReadLines();
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: expect.stringMatching(/^GET \/fine -> 200 \(\d+ ms\)$/),
      method: 'GET',
      path: '/fine',
      status: 200,
      client: '127.0.0.1',
      duration_ms: expect.any(Number),
    },
    { level: 'DEBUG', path: '/health' },
    { level: 'WARN', path: '/refused', status: 404 },
    {
      level: 'ERROR',
      message: 'GET /broken failed: broken',
      path: '/broken',
      stack: expect.stringMatching(/server\.test\.ts:\d+:\d+[\s\S]*\[cause\]: Error: below/),
    },
    { level: 'ERROR', path: '/broken', status: 500 },
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test('a client that goes away before the answer is logged, not counted', async () => {
  const arrived = Promise.withResolvers<void>();
  async function answerWhenGone(request: FastifyRequest): Promise<string> {
    arrived.resolve();
    await once(request.raw.socket, 'close');
    return 'too late';
  }
  const server = await startServer((routes) => {
    routes.route({ method: 'GET', url: '/slow', handler: answerWhenGone });
  });
  const request = httpRequest(`${server.address}/slow`).on('error', () => undefined);
  request.end();
  await arrived.promise;
  request.destroy();
  await expect.poll(server.lines).toMatchObject([{ level: 'INFO', message: 'GET /slow -> the client went away' }]);
  expect(await server.stopAndReadLines()).toHaveLength(1);
  expect(await server.counted()).toContain('http_requests_total{handler="/slow",method="GET",status="2xx"} 0');
});

test('a dependency has no series before its first check and both after it', async () => {
  const { registry } = createHttpMetrics();
  const mongodb = declareDependency(registry, 'items', 'mongodb');
  expect(await registry.metrics()).not.toContain('dependency_up{');
  mongodb.checked(false, 1_700_000_000);
  const text = await registry.metrics();
  expect(text).toContain('dependency_up{service="items",dependency="mongodb"} 0');
  expect(text).toContain('dependency_last_check_timestamp_seconds{service="items",dependency="mongodb"} 1700000000');
});

test('the deployed revision is a label of build_info', async () => {
  const { registry } = createHttpMetrics();
  declareBuildInfo(registry, '4f1c2aa');
  expect(await registry.metrics()).toContain('build_info{revision="4f1c2aa"} 1');
});
