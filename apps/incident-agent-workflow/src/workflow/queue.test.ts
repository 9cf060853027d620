import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Log, Queue, UnitOfWork } from '../ports.ts';
import { startTestDatabase, type TestDatabase } from '../store/test-database.ts';
import { at } from '../store/test-rows.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { RUN_QUEUE, SETTLE_QUEUE, startBoss } from './boss.ts';
import { createQueue } from './queue.ts';

const QUIET: Log = { info() {}, warn() {}, error() {} };

let testDatabase: TestDatabase;
let boss: PgBoss;
let unitOfWork: UnitOfWork;
let queue: Queue;
beforeAll(async () => {
  testDatabase = await startTestDatabase();
  boss = await startBoss({ url: testDatabase.url, log: QUIET, isWorker: false });
  unitOfWork = createUnitOfWork(testDatabase.database, (on) => createQueue(boss, on));
  ({ queue } = unitOfWork.stores);
});
beforeEach(() => Promise.all([boss.deleteAllJobs(RUN_QUEUE), boss.deleteAllJobs(SETTLE_QUEUE)]));
afterAll(async () => {
  await boss.stop({ graceful: false });
  await testDatabase.dispose();
});

async function runsHandedOut(): Promise<unknown[]> {
  const jobs = await boss.fetch(RUN_QUEUE, { batchSize: 100 });
  return jobs.map((job) => job.data);
}

test('a run that is asked for in a transaction is there when that is committed, not before', async () => {
  const runId = randomUUID();
  await unitOfWork.transaction(async (stores) => {
    await stores.queue.enqueueRuns([{ runId, priority: 0 }]);
    await stores.queue.enqueueSettle('INC-1', 'resolved');
    expect(await runsHandedOut()).toEqual([]);
  });
  expect(await queue.depth()).toBe(1);
  expect(await runsHandedOut()).toEqual([{ runId }]);
  expect(await boss.fetch(SETTLE_QUEUE)).toMatchObject([{ data: { incidentId: 'INC-1', reason: 'resolved' } }]);
  expect(await queue.depth()).toBe(0);
});

test('a transaction that is rolled back leaves no job', async () => {
  const work = unitOfWork.transaction(async (stores) => {
    await stores.queue.enqueueRuns([{ runId: randomUUID(), priority: 0 }]);
    await stores.queue.enqueueSettle('INC-1', 'resolved');
    throw new Error('the disk is full');
  });
  await expect(work).rejects.toThrow('the disk is full');
  expect(await queue.depth()).toBe(0);
  expect(await boss.fetch(SETTLE_QUEUE)).toEqual([]);
});

test('a run that is queued or under way is not queued again, one that has ended is', async () => {
  const runId = randomUUID();
  const other = randomUUID();
  const twice = [
    { runId, priority: 0 },
    { runId, priority: 1 },
  ];
  await queue.enqueueRuns(twice);
  expect(await queue.depth()).toBe(1);
  const [job] = await boss.fetch(RUN_QUEUE);
  await queue.enqueueRuns([...twice, { runId: other, priority: 0 }]);
  expect(await runsHandedOut()).toEqual([{ runId: other }]);
  await boss.complete(RUN_QUEUE, job!.id);
  await queue.enqueueRuns(twice);
  expect(await runsHandedOut()).toEqual([{ runId }]);
});

test('the graver incident goes first, and among equals the one that waits longest', async () => {
  const [light, grave, graveToo] = ['info', 'critical', 'critical'].map(() => randomUUID());
  await queue.enqueueRuns([{ runId: light!, priority: 0 }]);
  await queue.enqueueRuns([{ runId: grave!, priority: 2 }]);
  await queue.enqueueRuns([{ runId: graveToo!, priority: 2 }]);
  await queue.enqueueRuns([]);
  const order: unknown[] = [];
  for (let turn = 0; turn < 3; turn += 1) order.push(...(await boss.fetch(RUN_QUEUE)).map((job) => job.data));
  expect(order).toEqual([{ runId: grave }, { runId: graveToo }, { runId: light }]);
});

test('a check is handed out at its time and not before', async () => {
  await queue.enqueueSettle('INC-1', 'resolved', new Date(Date.now() + 3_600_000).toISOString());
  expect(await boss.fetch(SETTLE_QUEUE)).toEqual([]);
  await sql`UPDATE pgboss.job SET start_after = now() WHERE name = ${SETTLE_QUEUE}`.execute(testDatabase.database);
  expect(await boss.fetch(SETTLE_QUEUE)).toHaveLength(1);
  await queue.enqueueSettle('INC-2', 'resolved', at(-5));
  expect(await boss.fetch(SETTLE_QUEUE)).toHaveLength(1);
});

test('of an incident one check a reason waits, and one under way may ask for the next', async () => {
  await queue.enqueueSettle('INC-1', 'resolved');
  await queue.enqueueSettle('INC-1', 'resolved');
  await queue.enqueueSettle('INC-1', 'silent');
  await queue.enqueueSettle('INC-2', 'resolved');
  expect(await boss.fetch(SETTLE_QUEUE, { batchSize: 10 })).toHaveLength(3);
  await queue.enqueueSettle('INC-1', 'resolved');
  expect(await boss.fetch(SETTLE_QUEUE, { batchSize: 10 })).toHaveLength(1);
});

test('two processes may set up the queue at once', async () => {
  await using fresh = await startTestDatabase();
  const both = await Promise.all([true, false].map((isWorker) => startBoss({ url: fresh.url, log: QUIET, isWorker })));
  await createQueue(both[0]!, fresh.database).enqueueRuns([{ runId: randomUUID(), priority: 0 }]);
  expect(await createQueue(both[1]!, fresh.database).depth()).toBe(1);
  for (const one of both) await one.stop({ graceful: false });
});

test('an error that every worker reports at every look is logged once in a while, another one at once', async () => {
  const said: unknown[] = [];
  const log = {
    ...QUIET,
    warn: (_message: string, fields?: Record<string, unknown>) => void said.push(fields?.reason),
  };
  const loud = await startBoss({ url: testDatabase.url, log, isWorker: false });
  for (const worker of ['a', 'b', 'c']) loud.emit('error', new Error(`ECONNREFUSED (Queue: runs, Worker: ${worker})`));
  loud.emit('error', new Error('disk full'));
  expect(said).toEqual(['ECONNREFUSED', 'disk full']);
  await loud.stop({ graceful: false });
});
