import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@incident-agent/service-kit/logging';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startMongodbStandIn } from '../../../demo/mongodb-stand-in/stand-in.ts';
import { openDatabase } from './database.ts';
import { createItemServer } from './server.ts';

const Line = z.record(z.string(), z.unknown());
const WAITED_LONG_ENOUGH = { timeout: 10_000, interval: 20 };

async function startService(uri: string, deployedRevision?: string) {
  const filePath = join(await mkdtemp(join(tmpdir(), 'items-')), 'service.log');
  const logger = createLogger({ service: 'mongo-api-service', filePath, stdout: false });
  const database = openDatabase({ uri, databaseName: 'servicedb', appName: 'test', selectionTimeoutMilliseconds: 150 });
  const server = await createItemServer({ logger, database, checkIntervalMilliseconds: 20, deployedRevision });
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  async function ask(method: string, path: string, body?: unknown) {
    const sent =
      body === undefined
        ? {}
        : {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          };
    const response = await fetch(address + path, { method, ...sent });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
  }
  return {
    ask,
    metric: async (name: string) => {
      const lines = String((await ask('GET', '/metrics')).body).split('\n');
      return lines.filter((line) => line.startsWith(`${name}{`));
    },
    errorLines: async () => {
      const lines = (await readFile(filePath, 'utf8')).trimEnd().split('\n');
      return lines.map((line) => Line.parse(JSON.parse(line))).filter(({ level }) => level === 'ERROR');
    },
    stop: () => server.close(),
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

async function startBoth() {
  const mongo = await startMongodbStandIn();
  const service = await startService(mongo.uri);
  return {
    ...service,
    mongo,
    async [Symbol.asyncDispose]() {
      await service.stop();
      await mongo.close();
    },
  };
}

const UP = ['dependency_up{service="mongo-api-service",dependency="mongodb"} 1'];
const DOWN = ['dependency_up{service="mongo-api-service",dependency="mongodb"} 0'];
const NOBODY = '0123456789abcdef01234567';

test('an item is created, found, listed, changed and removed', async () => {
  await using service = await startBoth();
  const created = await service.ask('POST', '/items/', { name: 'demo', description: 'test item', value: 42 });
  expect(created).toEqual({
    status: 201,
    body: {
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'demo',
      description: 'test item',
      value: 42,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: created.body.created_at,
    },
  });
  const path = `/items/${created.body.id}`;
  expect(await service.ask('GET', path)).toEqual({ status: 200, body: created.body });
  expect(await service.ask('GET', '/items/')).toEqual({ status: 200, body: [created.body] });

  const changed = await service.ask('PUT', path, { description: null });
  expect(changed.body).toMatchObject({
    name: 'demo',
    description: null,
    value: 42,
    created_at: created.body.created_at,
  });
  expect(changed.body.updated_at >= created.body.updated_at).toBe(true);
  expect(await service.ask('GET', path)).toEqual(changed);

  expect(await service.ask('DELETE', path)).toEqual({ status: 204, body: '' });
  expect(await service.ask('GET', path)).toEqual({ status: 404, body: { detail: 'Item not found' } });
});

test('a list starts with the oldest, 20 at a time', async () => {
  await using service = await startBoth();
  for (let index = 0; index < 25; index += 1) await service.ask('POST', '/items', { name: `item ${index}` });
  const names = async (query: string) =>
    (await service.ask('GET', `/items/${query}`)).body.map(({ name }: { name: string }) => name);
  expect(await names('')).toEqual(Array.from({ length: 20 }, (_, index) => `item ${index}`));
  expect(await names('?skip=23')).toEqual(['item 23', 'item 24']);
  expect(await names('?skip=1&limit=2')).toEqual(['item 1', 'item 2']);
  expect(await names('?skip=25')).toEqual([]);
});

test.each([
  { method: 'GET', path: `/items/${NOBODY}`, status: 404, detail: 'Item not found' },
  { method: 'PUT', path: `/items/${NOBODY}`, body: { name: 'x' }, status: 404, detail: 'Item not found' },
  { method: 'DELETE', path: `/items/${NOBODY}`, status: 404, detail: 'Item not found' },
  { method: 'GET', path: '/items/17', status: 400, detail: 'item_id must be 24 hexadecimal digits' },
  { method: 'PUT', path: '/items/17', body: {}, status: 400, detail: 'item_id must be 24 hexadecimal digits' },
  { method: 'DELETE', path: '/items/twelve-bytes', status: 400, detail: 'item_id must be 24 hexadecimal digits' },
  {
    method: 'PUT',
    path: `/items/${NOBODY}`,
    body: {},
    status: 400,
    detail: 'Nothing to update: send name, description or value',
  },
  {
    method: 'PUT',
    path: `/items/${NOBODY}`,
    body: { colour: 1 },
    status: 400,
    detail: 'Nothing to update: send name, description or value',
  },
  {
    method: 'PUT',
    path: `/items/${NOBODY}`,
    body: { value: 'x' },
    status: 422,
    detail: expect.stringMatching(/^value: /),
  },
  {
    method: 'POST',
    path: '/items/',
    body: { value: 'x' },
    status: 422,
    detail: expect.stringMatching(/^name: .*; value: /),
  },
  { method: 'POST', path: '/items/', body: '{"name":', status: 422, detail: 'body: Must be JSON' },
  { method: 'POST', path: '/items/', body: '', status: 422, detail: 'body: Must be JSON' },
  { method: 'POST', path: '/items/', status: 422, detail: expect.stringMatching(/^body: /) },
  { method: 'POST', path: '/items/', body: [1], status: 422, detail: expect.stringMatching(/^body: /) },
  { method: 'GET', path: '/items/?limit=101', status: 422, detail: expect.stringMatching(/^limit: /) },
  { method: 'GET', path: '/items/?skip=-1&limit=x', status: 422, detail: expect.stringMatching(/^skip: .*; limit: /) },
  { method: 'GET', path: '/items/?skip=1&skip=2', status: 422, detail: expect.stringMatching(/^skip: /) },
  { method: 'GET', path: '/nothing', status: 404, detail: 'There is no GET /nothing here' },
])('$method $path with $body is $status', async ({ method, path, body, status, detail }) => {
  await using service = await startBoth();
  expect(await service.ask(method, path, body)).toEqual({ status, body: { detail } });
});

test('what a caller sends as a filter is only text', async () => {
  await using service = await startBoth();
  await service.ask('POST', '/items', { name: '$ne' });
  expect((await service.ask('POST', '/items', { name: { $ne: null } })).status).toBe(422);
  expect((await service.ask('GET', '/items/%7B%22$ne%22:null%7D')).status).toBe(400);
});

test('an item that another program spoiled is a 500 without its content, logged with its stack', async () => {
  await using service = await startBoth();
  const client = await MongoClient.connect(service.mongo.uri);
  await client.db('servicedb').collection('items').insertOne({ name: 'secret', value: 'no number' });
  await client.close();
  expect(await service.ask('GET', '/items')).toEqual({ status: 500, body: { detail: 'Internal server error' } });
  expect(await service.errorLines()).toMatchObject([
    { stack: expect.stringContaining('item-repository.ts'), error: { type: 'ZodError' } },
    { status: 500 },
  ]);
});

test('every status class of every route is at 0 before the first request', async () => {
  await using service = await startBoth();
  const counted = await service.metric('http_requests_total');
  for (const [method, handler] of [
    ['POST', '/items/'],
    ['GET', '/items/'],
    ['GET', '/items/:item_id'],
    ['PUT', '/items/:item_id'],
    ['DELETE', '/items/:item_id'],
    ['GET', '/health/ready'],
  ]) {
    for (const status of ['2xx', '3xx', '4xx', '5xx']) {
      expect(counted).toContain(`http_requests_total{handler="${handler}",method="${method}",status="${status}"} 0`);
    }
  }
});

test('the service is ready with MongoDB, and names what is in it', async () => {
  await using service = await startBoth();
  await service.ask('POST', '/items', { name: 'first' });
  expect(await service.ask('GET', '/health')).toEqual({
    status: 200,
    body: { status: 'ok', service: 'mongo-api-service' },
  });
  expect(await service.ask('GET', '/health/ready')).toEqual({
    status: 200,
    body: {
      status: 'ok',
      uptime_seconds: expect.any(Number),
      mongo: { connected: true, database: 'servicedb', collections: ['items'] },
    },
  });
});

test('the service starts without MongoDB, says so, and works as soon as it comes', async () => {
  const reserved = createServer().listen(0, '127.0.0.1');
  await once(reserved, 'listening');
  const address = reserved.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise((closed) => reserved.close(closed));

  await using service = await startService(`mongodb://127.0.0.1:${port}`, '4f1c2aa');
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(DOWN);
  expect(await service.ask('GET', '/health')).toMatchObject({ status: 200 });
  expect(await service.ask('GET', '/health/ready')).toMatchObject({
    status: 503,
    body: { status: 'degraded', mongo: { connected: false, database: 'servicedb', collections: null } },
  });
  expect(await service.ask('GET', '/items')).toEqual({
    status: 503,
    body: { detail: 'The database cannot be reached' },
  });
  expect(await service.metric('build_info')).toEqual(['build_info{revision="4f1c2aa"} 1']);

  const mongo = await startMongodbStandIn({ port });
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(UP);
  expect(await service.ask('POST', '/items', { name: 'late' })).toMatchObject({ status: 201 });
  await service.stop();
  await mongo.close();
});

test('when MongoDB goes, requests are 503 with the reason in the log, and when it comes back they are answered again', async () => {
  const mongo = await startMongodbStandIn();
  await using service = await startService(mongo.uri);
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(UP);
  expect(await service.ask('GET', '/items')).toEqual({ status: 200, body: [] });
  await mongo.close();
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(DOWN);
  for (const [method, path, body] of [
    ['GET', '/items'],
    ['POST', '/items', { name: 'x' }],
    ['PUT', `/items/${NOBODY}`, { value: 1 }],
    ['DELETE', `/items/${NOBODY}`],
  ] as const) {
    expect(await service.ask(method, path, body)).toEqual({
      status: 503,
      body: { detail: 'The database cannot be reached' },
    });
  }
  const errors = await service.errorLines();
  expect(errors).toContainEqual(
    expect.objectContaining({
      message: expect.stringMatching(/^MongoDB check failed: Mongo\w+Error: .*ECONNREFUSED/),
      stack: expect.stringMatching(/^Mongo\w+Error: /),
    }),
  );
  expect(errors).toContainEqual(
    expect.objectContaining({
      message: 'GET /items/ failed: The database cannot be reached',
      stack: expect.stringMatching(
        /item-repository\.ts:\d+:\d+[\s\S]*item-routes\.ts:\d+:\d+[\s\S]*\[cause\]: Mongo\w+Error/,
      ),
    }),
  );
  expect(await service.metric('http_requests_total')).toContain(
    'http_requests_total{handler="/items/",method="GET",status="5xx"} 1',
  );

  const again = await startMongodbStandIn({ port: mongo.port });
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(UP);
  expect(await service.ask('GET', '/items')).toEqual({ status: 200, body: [] });
  await service.stop();
  await again.close();
});

test('a MongoDB that takes connections and never answers is one that is away', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  await using service = await startService(
    `mongodb://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
  );
  expect(await service.ask('GET', '/items')).toEqual({
    status: 503,
    body: { detail: 'The database cannot be reached' },
  });
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(DOWN);
  await service.stop();
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test('the time of the last check moves on, whether MongoDB is there or not', async () => {
  const mongo = await startMongodbStandIn();
  await using service = await startService(mongo.uri);
  const lastCheck = async () =>
    Number((await service.metric('dependency_last_check_timestamp_seconds'))[0]?.split(' ')[1] ?? 0);
  await expect.poll(lastCheck, WAITED_LONG_ENOUGH).toBeGreaterThan(0);
  const first = await lastCheck();
  await expect.poll(lastCheck, WAITED_LONG_ENOUGH).toBeGreaterThan(first);
  await mongo.close();
  await expect.poll(() => service.metric('dependency_up'), WAITED_LONG_ENOUGH).toEqual(DOWN);
  const second = await lastCheck();
  await expect.poll(lastCheck, WAITED_LONG_ENOUGH).toBeGreaterThan(second);
});
