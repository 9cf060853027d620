/** What incidents are known again by, and feedback on their reports. */
import { sql } from 'kysely';
import { z } from 'zod';
import { Cause } from '../domain/hypothesis.ts';
import { Feedback } from '../domain/memory.ts';
import { cleanText } from '../lib/clean-text.ts';
import type { MemoryStore } from '../ports.ts';
import { incidentId, instant, numberOf, optionalInstant, optionalText } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';

const EarlierRow = z
  .object({
    id: incidentId,
    title: z.string(),
    openedAt: instant,
    resolvedAt: optionalInstant,
    ending: optionalText,
    verdict: z
      .object({ status: z.string(), cause: Cause.nullable(), statement: z.object({ text: z.string() }) })
      .nullable(),
    feedback: Feedback.nullable(),
    matched: z.array(z.string()),
  })
  .transform(({ verdict, resolvedAt, ending, ...row }) => {
    const isEstablished = verdict?.status === 'established';
    return {
      ...row,
      resolvedAt: resolvedAt ?? null,
      ending: ending ?? null,
      statement: isEstablished ? verdict.statement.text : null,
      cause: isEstablished ? verdict.cause : null,
    };
  });

export function memoryStore(database: Database): MemoryStore {
  return {
    async remember(incident, signatures) {
      const known = signatures.map(cleanText);
      await change(
        database,
        sql`DELETE FROM incident_signatures WHERE incident = ${numberOf(incident)} AND signature <> ALL(${known})`,
      );
      await change(
        database,
        sql`INSERT INTO incident_signatures (incident, signature)
            SELECT ${numberOf(incident)}::bigint, signature FROM unnest(${known}::text[]) AS signature ON CONFLICT DO NOTHING`,
      );
    },
    earlier: (signatures, before, limit) =>
      rowsOf(
        database,
        sql`SELECT i.number::text AS id, i.title, i.opened_at AS "openedAt", i.resolved_at AS "resolvedAt", i.note AS ending,
              (SELECT r.model -> 'verdict' FROM reports r JOIN runs ON runs.id = r.run_id WHERE r.incident = i.number
                ORDER BY runs.created_at DESC, r.version DESC LIMIT 1) AS verdict,
              (SELECT f.given FROM feedback f WHERE f.incident = i.number ORDER BY f.id DESC LIMIT 1) AS feedback,
              found.matched
            FROM (SELECT incident, array_agg(signature ORDER BY signature COLLATE "C") AS matched FROM incident_signatures
                  WHERE md5(signature) IN (SELECT md5(wanted) FROM unnest(${signatures.map(cleanText)}::text[]) AS wanted)
                  GROUP BY incident) found
            JOIN incidents i ON i.number = found.incident WHERE i.opened_at < ${before}
            ORDER BY i.number DESC LIMIT ${limit}`,
        EarlierRow,
      ),
    async addFeedback(incident, feedback) {
      await change(
        database,
        sql`INSERT INTO feedback (incident, given) VALUES (${numberOf(incident)}, ${jsonb(feedback)})`,
      );
    },
    async feedbackOn(incident) {
      const rows = await rowsOf(
        database,
        sql`SELECT given FROM feedback WHERE incident = ${numberOf(incident)} ORDER BY id`,
        z.object({ given: Feedback }),
      );
      return rows.map(({ given }) => given);
    },
  };
}
