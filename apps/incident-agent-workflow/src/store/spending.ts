/** What models have cost. One row a day; a call reserves its price before it is made, so that no two can pass the limit. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { SpendingStore } from '../ports.ts';
import { type Database, rowsOf, translated } from './database.ts';

const Row = z.object({ usd: z.number() });

export function spendingStore(database: Database): SpendingStore {
  return {
    reserve: (day, usd, limitUsd) =>
      translated(async () => {
        const limit = limitUsd ?? null;
        // The row comes first: a day without one could be reserved twice at once.
        await sql`INSERT INTO model_spending (day, usd) VALUES (${day}, 0) ON CONFLICT (day) DO NOTHING`.execute(
          database,
        );
        const rows = await rowsOf(
          database,
          sql`UPDATE model_spending SET usd = usd + ${usd}
              WHERE day = ${day} AND (${limit}::double precision IS NULL OR usd + ${usd} <= ${limit}::double precision)
              RETURNING usd`,
          Row,
        );
        return rows.length > 0;
      }),
    async correct(day, differenceUsd) {
      await translated(() =>
        sql`UPDATE model_spending SET usd = GREATEST(0, usd + ${differenceUsd}) WHERE day = ${day}`.execute(database),
      );
    },
    spentOn: (day) =>
      translated(async () => {
        const [row] = await rowsOf(database, sql`SELECT usd FROM model_spending WHERE day = ${day}`, Row);
        return row?.usd ?? 0;
      }),
  };
}
