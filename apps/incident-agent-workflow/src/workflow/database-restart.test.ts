import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PgBoss } from 'pg-boss';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemChance, systemClock } from '../adapters/system/clock.ts';
import { isAgentError } from '../domain/error.ts';
import type { Log, UnitOfWork, Worker } from '../ports.ts';
import { type Database, openDatabase } from '../store/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../store/embedded-postgres/start.ts';
import { watchEmbeddedPostgres } from '../store/embedded-postgres/watch.ts';
import { migrate } from '../store/migrations.ts';
import { until } from '../store/test-database.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { startBoss } from './boss.ts';
import { createQueue } from './queue.ts';
import { createWorker } from './worker.ts';

const QUIET: Log = { info() {}, warn() {}, error() {} };

let folder: string;
let server: EmbeddedPostgres;
let database: Database;
let boss: PgBoss;
let unitOfWork: UnitOfWork;
let worker: Worker;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incident-agent-restart-'));
  server = await startEmbeddedPostgres({ folder, log: QUIET });
  const { url } = server;
  database = openDatabase({ url, log: QUIET, poolSize: 3 });
  await migrate(database);
  boss = await startBoss({ url, log: QUIET, isWorker: true });
  unitOfWork = createUnitOfWork(database, (on) => createQueue(boss, on));
  worker = createWorker({ boss, url, clock: systemClock, chance: systemChance, log: QUIET, concurrency: 2 });
});
afterEach(async () => {
  await worker.stop(1_000);
  await database.destroy();
  await stopEmbeddedPostgres(folder);
  await rm(folder, { recursive: true });
});

test('the server is killed under load: it comes back, every run that was accepted is done, and more are taken', async () => {
  const watch = watchEmbeddedPostgres({ folder, server, log: QUIET, clock: systemClock });
  const done = new Set<string>();
  await worker.start({ run: async (runId) => void done.add(runId), settle: async () => {} });
  const accepted: string[] = [];
  const refused: unknown[] = [];
  const over = new AbortController();

  async function send(): Promise<void> {
    while (!over.signal.aborted) {
      const runId = randomUUID();
      try {
        await unitOfWork.transaction((stores) => stores.queue.enqueueRuns([{ runId, priority: 0 }]));
        accepted.push(runId);
      } catch (error) {
        refused.push(error);
      }
      await systemClock.sleep(10);
    }
  }

  const sending = Promise.all([send(), send()]);
  await until('runs are done', () => done.size > 20);
  process.kill(server.pid, 'SIGKILL');
  await until('it is felt', () => refused.length > 0);
  const before = accepted.length;
  await until('runs are accepted again', () => accepted.length > before + 20);
  over.abort();
  await sending;
  await until('all are done', () => accepted.every((runId) => done.has(runId)));
  expect(refused.filter((error) => !isAgentError(error) || !error.retryable)).toEqual([]);
  await watch.stop();
});

test('while the server is away the worker stops within its limit', async () => {
  let isUnderWay = false;
  await worker.start({
    run: async () => {
      isUnderWay = true;
      await new Promise(() => {}); // hears nothing
    },
    settle: async () => {},
  });
  await unitOfWork.stores.queue.enqueueRuns([{ runId: randomUUID(), priority: 0 }]);
  await until('a run is under way', () => isUnderWay);
  await stopEmbeddedPostgres(folder);
  await expect(unitOfWork.ping()).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  const before = performance.now();
  await worker.stop(1_000);
  expect(performance.now() - before).toBeLessThan(5_000);
});
