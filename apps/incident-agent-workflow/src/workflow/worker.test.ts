import { randomUUID } from 'node:crypto';
import type { PgBoss } from 'pg-boss';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemChance, systemClock } from '../adapters/system/clock.ts';
import type { Log, Queue, Worker } from '../ports.ts';
import { countRows, cutConnections, startTestDatabase, type TestDatabase, until } from '../store/test-database.ts';
import { RUN_QUEUE, SETTLE_QUEUE, startBoss } from './boss.ts';
import { createQueue } from './queue.ts';
import { createWorker } from './worker.ts';

const QUIET: Log = { info() {}, warn() {}, error() {} };

let testDatabase: TestDatabase;
let queue: Queue;
let sender: PgBoss;
let workers: Worker[];
beforeAll(async () => {
  testDatabase = await startTestDatabase();
  sender = await startBoss({ url: testDatabase.url, log: QUIET, isWorker: false });
  queue = createQueue(sender, testDatabase.database);
});
beforeEach(async () => {
  workers = [];
  await Promise.all([sender.deleteAllJobs(RUN_QUEUE), sender.deleteAllJobs(SETTLE_QUEUE)]);
});
afterEach(() => Promise.all(workers.map((worker) => worker.stop(1_000))));
afterAll(async () => {
  await sender.stop({ graceful: false });
  await testDatabase.dispose();
});

type Handlers = Parameters<Worker['start']>[0];

async function startWorker(handlers: Partial<Handlers>, concurrency = 2): Promise<Worker> {
  const boss = await startBoss({ url: testDatabase.url, log: QUIET, isWorker: true });
  const worker = createWorker({
    boss,
    url: testDatabase.url,
    clock: systemClock,
    chance: systemChance,
    log: QUIET,
    concurrency,
  });
  workers.push(worker);
  await worker.start({ run: async () => {}, settle: async () => {}, ...handlers });
  return worker;
}

async function enqueue(runId: string = randomUUID()): Promise<string> {
  await queue.enqueueRuns([{ runId, priority: 0 }]);
  return runId;
}

test('a run goes to one of the workers once, a check with its reason', async () => {
  const seen: string[] = [];
  const handlers: Handlers = {
    run: async (runId, attempt) => {
      seen.push(`${runId} ${attempt}`);
    },
    settle: async (incidentId, reason) => {
      seen.push(`${incidentId} ${reason}`);
    },
  };
  await startWorker(handlers);
  await startWorker(handlers);
  const runIds = await Promise.all(Array.from({ length: 30 }, () => enqueue()));
  await queue.enqueueSettle('INC-1', 'silent');
  await until('all are done', () => seen.length === 31);
  expect(seen.toSorted()).toEqual([...runIds.map((id) => `${id} 1`), 'INC-1 silent'].toSorted());
  await until('no claim is left', async () => (await claims()) === 0);
});

function claims(): Promise<number> {
  return countRows(testDatabase.database, 'SELECT 1 FROM worker_claims');
}

test('a handler that throws gets its job back as the next attempt', async () => {
  const attempts: number[] = [];
  await startWorker({
    run: async (_runId, attempt) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('the model is away');
    },
  });
  await enqueue();
  await until('it has worked', () => attempts.length === 3);
  expect(attempts).toEqual([1, 2, 3]);
});

test('no more runs at once than wanted', async () => {
  let inside = 0;
  let most = 0;
  let doneCount = 0;
  await startWorker(
    {
      run: async () => {
        inside += 1;
        most = Math.max(most, inside);
        await systemClock.sleep(20);
        inside -= 1;
        doneCount += 1;
      },
    },
    2,
  );
  await Promise.all(Array.from({ length: 10 }, () => enqueue()));
  await until('all are done', () => doneCount === 10);
  expect(most).toBe(2);
});

test('stop waits for what is under way and takes nothing new', async () => {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const worker = await startWorker({
    run: async (runId) => {
      seen.push(runId);
      await isReleased;
      seen.push('finished');
    },
  });
  const runId = await enqueue();
  await until('it is under way', () => seen.length === 1);
  const stopped = worker.stop(10_000);
  await enqueue();
  release();
  await stopped;
  expect(seen).toEqual([runId, 'finished']);
  expect(await queue.depth()).toBe(1);
});

test('a job that outlasts the stop is told so, and another worker has it at once as the next attempt', async () => {
  const attempts: number[] = [];
  let isTold = false;
  const first = await startWorker({
    run: async (_runId, attempt, signal) => {
      attempts.push(attempt);
      signal.addEventListener('abort', () => {
        isTold = true;
      });
      await new Promise(() => {}); // hears nothing
    },
  });
  await enqueue();
  await until('it is under way', () => attempts.length === 1);
  await first.stop(1_000);
  expect(isTold).toBe(true);
  await startWorker({ run: async (_runId, attempt) => void attempts.push(attempt) });
  await until('it is taken over', () => attempts.length === 2);
  expect(attempts).toEqual([1, 2]);
});

test('a worker that lives keeps its job, however long another looks for the dead', async () => {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  const kept: string[] = [];
  const keeper = async (runId: string, attempt: number) => {
    kept.push(`${runId} ${attempt}`);
    await isReleased;
  };
  await startWorker({ run: keeper }, 1);
  const long = await enqueue();
  await until('it is under way', () => kept.length === 1);
  const others: string[] = [];
  await startWorker({ run: async (runId) => void others.push(runId) }, 1);
  const began = performance.now();
  // The other looks several times meanwhile; that it works is seen by what it does.
  while (performance.now() - began < 2_000) {
    const next = await enqueue();
    await until('the other has done it', () => others.includes(next));
  }
  release();
  expect(kept).toEqual([`${long} 1`]);
  expect(others).not.toContain(long);
});

test('when every connection breaks, the job under way stays with its living worker, and further ones are taken', async () => {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const handlers = {
    run: async (runId: string, attempt: number) => {
      seen.push(`${runId} ${attempt}`);
      await isReleased;
      seen.push(`${runId} finished`);
    },
  };
  await startWorker(handlers, 1);
  await startWorker(handlers, 1);
  const long = await enqueue();
  await until('it is under way', () => seen.length === 1);
  const [before] = await owners();
  await cutConnections(testDatabase);
  // The connections that are asked with were cut too, and the first question may find one of them.
  const isProvenAnew = async () => (await owners())[0] !== before && (await livingOwners()) === 1;
  await until('its worker has a new proof', () => isProvenAnew().catch(() => false));
  const next = await enqueue();
  await until('the next is under way', () => seen.length === 2);
  release();
  await until('both are done', () => seen.length === 4);
  expect(seen).toEqual([`${long} 1`, `${next} 1`, `${long} finished`, `${next} finished`]);
});

async function owners(): Promise<unknown[]> {
  const { rows } = await sender.getDb().executeSql('SELECT worker FROM worker_claims');
  return rows.map((row: { worker: string }) => row.worker);
}

function livingOwners(): Promise<number> {
  return countRows(
    testDatabase.database,
    `SELECT 1 FROM worker_claims JOIN pg_locks ON locktype = 'advisory' AND classid = 7 AND granted
       AND objid = (hashtext(worker)::bigint & 4294967295)::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
}

test('a claim that a dead worker left on a job that has ended does no harm', async () => {
  const seen: string[] = [];
  const runId = await enqueue();
  const [job] = await sender.fetch(RUN_QUEUE);
  await sender.complete(RUN_QUEUE, job!.id);
  await sender
    .getDb()
    .executeSql('INSERT INTO worker_claims VALUES ($1, $2, 0, $3)', [RUN_QUEUE, job!.id, 'a dead worker']);
  await startWorker({ run: async (id) => void seen.push(id) });
  await until('the claim is gone', async () => (await claims()) === 0);
  const other = await enqueue();
  await until('the next is done', () => seen.length > 0);
  expect(seen).toEqual([other]);
  expect(runId).not.toBe(other);
});
