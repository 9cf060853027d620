/** All stores on one database, and transactions over them. */
import { sql } from 'kysely';
import type { Queue, Stores, UnitOfWork } from '../ports.ts';
import { type Database, translated } from './database.ts';
import { deliveryStore } from './deliveries.ts';
import { incidentStore } from './incidents.ts';
import { memoryStore } from './memory.ts';
import { reportStore } from './reports.ts';
import { runJournal } from './runs.ts';
import { sampleStore } from './samples.ts';
import { spendingStore } from './spending.ts';

/** `queueOn` gives a queue whose jobs are part of the same transaction. */
export function createUnitOfWork(database: Database, queueOn: (database: Database) => Queue): UnitOfWork {
  const stores = storesOn(database, queueOn);
  return {
    stores,
    transaction: (work) =>
      translated(() => database.transaction().execute((transaction) => work(storesOn(transaction, queueOn)))),
    async ping() {
      await translated(() => sql`SELECT 1`.execute(database));
    },
  };
}

function storesOn(database: Database, queueOn: (database: Database) => Queue): Stores {
  return {
    incidents: incidentStore(database),
    runs: runJournal(database),
    reports: reportStore(database),
    deliveries: deliveryStore(database),
    samples: sampleStore(database),
    memory: memoryStore(database),
    spending: spendingStore(database),
    queue: queueOn(database),
  };
}
