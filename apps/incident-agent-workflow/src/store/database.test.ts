import { type AddressInfo, createServer } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentError } from '../domain/error.ts';
import { change, jsonText, openDatabase } from './database.ts';
import { migrate } from './migrations.ts';
import { countRows, cutConnections, startTestDatabase, type TestDatabase, until } from './test-database.ts';
import { newIncident, noQueue } from './test-rows.ts';
import { createUnitOfWork } from './unit-of-work.ts';

const log = { info() {}, warn() {}, error() {} };
let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await startTestDatabase();
});
afterAll(() => testDatabase.dispose());

const unitOfWork = () => createUnitOfWork(testDatabase.database, () => noQueue);

test('a throw rolls back everything that was done with the stores handed in, and nothing else', async () => {
  const work = unitOfWork();
  const { stores } = work;
  const done = work.transaction(async (inside) => {
    await inside.incidents.insert([newIncident({ groupKey: 'inside' })]);
    await stores.incidents.insert([newIncident({ groupKey: 'outside' })]);
    throw new AgentError('invalid-input', 'no', { retryable: false });
  });
  await expect(done).rejects.toMatchObject({ code: 'invalid-input', message: 'no' });
  expect((await stores.incidents.openByGroupKey(['inside', 'outside'])).map(({ groupKey }) => groupKey)).toEqual([
    'outside',
  ]);
});

test('a transaction gives what its work gives', async () => {
  expect(await unitOfWork().transaction(() => Promise.resolve(7))).toBe(7);
});

test('intake is done by one process at a time', async () => {
  const work = unitOfWork();
  const order: string[] = [];
  const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const first = work.transaction(async ({ incidents }) => {
    await incidents.lockIntake();
    locked();
    await mayEnd;
    order.push('first');
  });
  await isLocked;
  const second = work.transaction(async ({ incidents }) => {
    await incidents.lockIntake();
    order.push('second');
  });
  await until(
    'the second waits for the first',
    async () =>
      order.length > 0 ||
      (await countRows(testDatabase.database, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) >
        0,
  );
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

test('a connection that breaks between two statements of a transaction is an error of that transaction only', async () => {
  const work = unitOfWork();
  const done = work.transaction(async ({ incidents }) => {
    await incidents.countOpen();
    await cutConnections(testDatabase);
    await new Promise((resolve) => setImmediate(resolve));
    await incidents.countOpen();
  });
  await expect(done).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  await until('the pool has found out and connects anew', () =>
    work.ping().then(
      () => true,
      () => false,
    ),
  );
});

test.each([
  { says: 'nothing listens', url: 'postgres://app:x@127.0.0.1:1/postgres', code: 'unreachable', retryable: true },
  { says: 'its name is unknown', url: 'postgres://a:x@nowhere.invalid/x', code: 'unreachable', retryable: true },
])('when $says, ping says $code', async ({ url, code, retryable }) => {
  const database = openDatabase({ url, log, poolSize: 1 });
  await expect(createUnitOfWork(database, () => noQueue).ping()).rejects.toMatchObject({ code, retryable });
  await database.destroy();
});

test.each([
  { says: 'the password is wrong', password: 'wrong', path: undefined },
  { says: 'there is no such database', password: undefined, path: '/nowhere' },
])('when $says, trying again is of no use', async ({ password, path }) => {
  const address = new URL(testDatabase.url);
  address.password = password ?? address.password;
  address.pathname = path ?? address.pathname;
  const url = address.href;
  const database = openDatabase({ url, log, poolSize: 1 });
  await expect(createUnitOfWork(database, () => noQueue).ping()).rejects.toMatchObject({
    code: 'refused',
    retryable: false,
  });
  await database.destroy();
});

test('a server that takes the connection and says nothing is unreachable, within seconds', async () => {
  const sockets: { destroy(): unknown }[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const database = openDatabase({ url: `postgres://a:b@127.0.0.1:${port}/x`, log, poolSize: 1 });
  await expect(createUnitOfWork(database, () => noQueue).ping()).rejects.toMatchObject({ code: 'unreachable' });
  for (const socket of sockets) socket.destroy();
  await database.destroy();
  server.close();
});

test.each([
  { says: 'a number that is none', statement: "SELECT 'x'::int", code: 'invalid-input' },
  { says: 'a time that cannot be', statement: "SELECT '0000-01-01'::timestamptz", code: 'invalid-input' },
  { says: 'a broken constraint', statement: 'INSERT INTO incidents (number) VALUES (1)', code: '23502' },
  {
    says: 'an error that quotes the words of others',
    statement: `SELECT 1 AS "Connection terminated" FROM nowhere`,
    code: '42P01',
  },
])('$says is told as $code', async ({ statement, code }) => {
  await expect(change(testDatabase.database, sql.raw(statement))).rejects.toMatchObject({ code });
});

test.each([
  { value: { a: '\0' }, text: '{"a":"\uFFFD"}' },
  { value: { 'k\0': 1 }, text: '{"k\uFFFD":1}' },
  { value: '\ud83d\ude00 \ud83d', text: '"\ud83d\ude00 \uFFFD"' },
  { value: '\\u0000', text: String.raw`"\\u0000"` },
  { value: '\\\0', text: '"\\\\\uFFFD"' },
  { value: '\\\\ud800', text: String.raw`"\\\\ud800"` },
  { value: null, text: 'null' },
])('$value becomes JSON that Postgres takes', async ({ value, text }) => {
  expect(jsonText(value)).toBe(text);
  expect(await change(testDatabase.database, sql`SELECT ${jsonText(value)}::jsonb`)).toBe(0);
});

test('migrating again, or by several at once, changes nothing', async () => {
  await using empty = await startTestDatabase({ isMigrated: false });
  await Promise.all([migrate(empty.database), migrate(empty.database), migrate(empty.database)]);
  await migrate(empty.database);
  expect(await countRows(empty.database, 'SELECT 1 FROM schema_version')).toBe(1);
  expect(await createUnitOfWork(empty.database, () => noQueue).stores.incidents.countOpen()).toBe(0);
});

test('a database that a newer agent made is refused, and left as it is', async () => {
  await using newer = await startTestDatabase();
  await sql`UPDATE schema_version SET version = 9999`.execute(newer.database);
  await expect(migrate(newer.database)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('9999'),
  });
  expect(await countRows(newer.database, 'SELECT 1 FROM schema_version WHERE version = 9999')).toBe(1);
});

test('a migration that cannot be done leaves nothing behind', async () => {
  await using broken = await startTestDatabase({ isMigrated: false });
  await sql`CREATE TABLE samples (x int)`.execute(broken.database);
  await expect(migrate(broken.database)).rejects.toThrow('samples');
  expect(
    await countRows(broken.database, "SELECT 1 FROM pg_tables WHERE tablename IN ('incidents', 'schema_version')"),
  ).toBe(0);
});
