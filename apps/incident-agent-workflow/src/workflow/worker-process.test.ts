import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log, UnitOfWork } from '../ports.ts';
import { startTestDatabase, type TestDatabase, until } from '../store/test-database.ts';
import { openRun } from '../store/test-rows.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { startBoss } from './boss.ts';
import { createQueue } from './queue.ts';

const QUIET: Log = { info() {}, warn() {}, error() {} };
/** The shortest that pg-boss takes: without claims a job would wait at least this long. */
const HEARTBEAT_MILLISECONDS = 10_000;

interface Begun {
  readonly stage: string;
  readonly attempt: number;
  readonly pid: number;
}

let testDatabase: TestDatabase;
let unitOfWork: UnitOfWork;
let children: ChildProcess[];
let stopBoss: () => Promise<void>;
beforeEach(async () => {
  children = [];
  testDatabase = await startTestDatabase();
  await sql`CREATE TABLE begun (id serial, stage text, attempt integer, pid integer)`.execute(testDatabase.database);
  const boss = await startBoss({ url: testDatabase.url, log: QUIET, isWorker: false });
  unitOfWork = createUnitOfWork(testDatabase.database, (on) => createQueue(boss, on));
  stopBoss = () => boss.stop({ graceful: false });
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stopBoss();
  await testDatabase.dispose();
});

function startWorkerProcess(): void {
  children.push(
    fork(join(import.meta.dirname, 'worker-process.test-helper.ts'), [testDatabase.url], { stdio: 'inherit' }),
  );
}

async function begun(stage: string): Promise<Begun[]> {
  const { rows } = await sql<Begun>`SELECT stage, attempt, pid FROM begun WHERE stage = ${stage} ORDER BY id`.execute(
    testDatabase.database,
  );
  return rows;
}

async function enqueueRun(): Promise<string> {
  return unitOfWork.transaction(async (stores) => {
    const { runId } = await openRun(stores);
    await stores.queue.enqueueRuns([{ runId, priority: 0 }]);
    return runId;
  });
}

/** Milliseconds from the kill until the stage was begun again. */
async function killInStage(stage: string): Promise<number> {
  await until(`${stage} is under way`, async () => (await begun(stage)).length === 1);
  const [{ pid } = { pid: 0 }] = await begun(stage);
  process.kill(pid, 'SIGKILL');
  const killedAt = performance.now();
  await until(`${stage} is begun again`, async () => (await begun(stage)).length === 2);
  return performance.now() - killedAt;
}

async function expectResumed(runId: string): Promise<void> {
  const { runs } = unitOfWork.stores;
  await until('the run is done', async () => (await runs.get(runId))?.status === 'done');
  expect(await runs.get(runId)).toMatchObject({ attempt: 2 });
  expect(await attemptsAt('look')).toEqual([1]);
  expect(await attemptsAt('think')).toEqual([1, 2]);
  expect(await attemptsAt('tell')).toEqual([2]);
}

async function attemptsAt(stage: string): Promise<number[]> {
  return (await begun(stage)).map(({ attempt }) => attempt);
}

test('a worker that is killed within a stage: another takes the run over and repeats that stage only', async () => {
  startWorkerProcess();
  startWorkerProcess();
  await until('both are ready', async () => (await begun('ready')).length === 2);
  const runId = await enqueueRun();
  expect(await killInStage('think')).toBeLessThan(HEARTBEAT_MILLISECONDS);
  await expectResumed(runId);
});

test('after the only worker was killed, its successor goes on at once', async () => {
  startWorkerProcess();
  const runId = await enqueueRun();
  await until('it is under way', async () => (await begun('think')).length === 1);
  for (const child of children) child.kill('SIGKILL');
  startWorkerProcess();
  const startedAt = performance.now();
  await until('it is begun again', async () => (await begun('think')).length === 2);
  expect(performance.now() - startedAt).toBeLessThan(HEARTBEAT_MILLISECONDS);
  await expectResumed(runId);
});
