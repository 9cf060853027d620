/** The queue port: jobs become part of the transaction they are sent in. */
import { sql } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import { z } from 'zod';
import type { Queue } from '../ports.ts';
import { RUN_QUEUE, SETTLE_QUEUE } from './boss.ts';

/** The part of a pool or a transaction that is needed: it runs a query. */
type QueueDatabase = Parameters<typeof fromKysely>[0] & Parameters<ReturnType<typeof sql>['execute']>[0];

export function createQueue(boss: PgBoss, database: QueueDatabase): Queue {
  const db = fromKysely(database);
  return {
    async enqueueRuns(runs) {
      if (runs.length === 0) return;
      const jobs = runs.map(({ runId, priority }) => ({ data: { runId }, singletonKey: runId, priority }));
      await boss.insert(RUN_QUEUE, jobs, { db });
    },
    async enqueueSettle(incidentId, reason, notBefore) {
      const startAfter = notBefore === undefined ? {} : { startAfter: new Date(Date.parse(notBefore)) };
      await boss.send(
        SETTLE_QUEUE,
        { incidentId, reason },
        { ...startAfter, singletonKey: `${incidentId} ${reason}`, db },
      );
    },
    async depth() {
      const { rows } =
        await sql`SELECT count(*)::int AS waiting FROM pgboss.job WHERE name = ${RUN_QUEUE} AND state IN ('created', 'retry')`.execute(
          database,
        );
      return z.array(z.object({ waiting: z.number() })).parse(rows)[0]?.waiting ?? 0;
    },
  };
}
