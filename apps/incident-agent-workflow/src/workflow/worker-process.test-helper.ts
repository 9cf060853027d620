/**
 * A worker as a process of its own, to be killed: `<database url>`. Each run has three stages; the second one never
 * ends for the first attempt. What it begins it says in the table `begun`.
 */
import { sql } from 'kysely';
import { systemChance, systemClock } from '../adapters/system/clock.ts';
import type { Log } from '../ports.ts';
import { openDatabase } from '../store/database.ts';
import { runJournal } from '../store/runs.ts';
import { startBoss } from './boss.ts';
import { createWorker } from './worker.ts';

const log: Log = { info() {}, warn() {}, error() {} };
const [, , url = ''] = process.argv;
const database = openDatabase({ url, log, poolSize: 2 });
const journal = runJournal(database);
const boss = await startBoss({ url, log, isWorker: true });
const worker = createWorker({ boss, url, clock: systemClock, chance: systemChance, log, concurrency: 1 });

await worker.start({ run: investigate, settle: async () => {} });
await sql`INSERT INTO begun (stage, attempt, pid) VALUES ('ready', 0, ${process.pid})`.execute(database);

async function investigate(runId: string, attempt: number): Promise<void> {
  if (!(await journal.take(runId, attempt))) return;
  for (const stage of ['look', 'think', 'tell']) {
    if (await journal.finished(runId, stage)) continue;
    await sql`INSERT INTO begun (stage, attempt, pid) VALUES (${stage}, ${attempt}, ${process.pid})`.execute(database);
    if (stage === 'think' && attempt === 1) await new Promise(() => {});
    const now = systemClock.now();
    await journal.finish({ runId, stage, attempt, startedAt: now, finishedAt: now, result: stage });
  }
  await journal.end(runId, attempt, 'done', systemClock.now());
}
