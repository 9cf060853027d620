/** The database and the queue on it, as one thing that is opened and closed. */
import { systemClock } from '../adapters/system/clock.ts';
import type { Config } from '../config.ts';
import type { Log, UnitOfWork } from '../ports.ts';
import { openDatabase } from '../store/database.ts';
import { leaveEmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded-postgres/start.ts';
import { watchEmbeddedPostgres } from '../store/embedded-postgres/watch.ts';
import { migrate } from '../store/migrations.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { startBoss } from '../workflow/boss.ts';
import { createQueue } from '../workflow/queue.ts';

export interface OpenStore {
  readonly url: string;
  readonly unitOfWork: UnitOfWork;
  readonly boss: Awaited<ReturnType<typeof startBoss>>;
  close(): Promise<void>;
}

/** The database given, or our own; migrated, with the queue on it. */
export async function openStore(config: Config, log: Log, options: { readonly isWorker: boolean }): Promise<OpenStore> {
  const embedded =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ folder: config.dataFolder, log }) : undefined;
  const watch =
    embedded && watchEmbeddedPostgres({ folder: config.dataFolder, server: embedded, log, clock: systemClock });
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const database = openDatabase({ url, log, poolSize: options.isWorker ? config.concurrency + 3 : 8 });
  await migrate(database);
  const boss = await startBoss({ url, log, isWorker: options.isWorker });
  return {
    url,
    boss,
    unitOfWork: createUnitOfWork(database, (on) => createQueue(boss, on)),
    async close() {
      await boss.stop({ graceful: false });
      await database.destroy();
      await watch?.stop();
      if (embedded) await leaveEmbeddedPostgres(config.dataFolder);
    },
  };
}
