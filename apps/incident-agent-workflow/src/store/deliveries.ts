/** The outbox: planned in the transaction that ends a stage, taken by one worker at a time. */
import { sql } from 'kysely';
import { z } from 'zod';
import { DeliveryKind, DeliveryState } from '../domain/delivery.ts';
import type { DeliveryStore } from '../ports.ts';
import { incidentId, instant, isUuid, numberOf } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';

/** Longer than one try may take: a row whose lease ran out belongs to a worker that is gone. */
const LEASE_SECONDS = 60;
const MAX_LISTED = 500;

const Row = z.object({
  id: z.string(),
  incidentId,
  runId: z.string(),
  destination: z.string(),
  kind: DeliveryKind,
  reportVersion: z.number(),
  idempotencyKey: z.string(),
  state: DeliveryState,
  attempts: z.number(),
  plannedAt: instant,
  nextAttemptAt: instant,
  sentAt: instant.nullable(),
  receipt: z.unknown(),
  lastError: z.string().nullable(),
});
const COLUMNS = sql`d.id::text, d.incident::text AS "incidentId", d.run_id::text AS "runId", d.destination, d.kind, d.report_version AS "reportVersion",
  d.idempotency_key AS "idempotencyKey", d.state, d.attempts, d.planned_at AS "plannedAt", d.next_attempt_at AS "nextAttemptAt",
  d.sent_at AS "sentAt", d.receipt, d.last_error AS "lastError"`;

export function deliveryStore(database: Database): DeliveryStore {
  return {
    async plan(deliveries) {
      for (const one of deliveries) {
        await change(
          database,
          sql`INSERT INTO deliveries (id, incident, run_id, destination, kind, report_version, idempotency_key, state, planned_at, next_attempt_at)
              VALUES (${one.id}, ${numberOf(one.incidentId)}, ${one.runId}, ${one.destination}, ${one.kind}, ${one.reportVersion},
                ${one.idempotencyKey}, 'planned', ${one.plannedAt}, ${one.nextAttemptAt})
              ON CONFLICT (idempotency_key) DO NOTHING`,
        );
      }
    },
    async takeDue(now, limit) {
      const rows = await rowsOf(
        database,
        sql`WITH due AS (
              SELECT id, state FROM deliveries WHERE (state = 'planned' AND next_attempt_at <= ${now}) OR (state = 'sending' AND lease_until < ${now})
              ORDER BY next_attempt_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
            UPDATE deliveries d SET state = 'sending', attempts = attempts + 1, lease_until = ${now}::timestamptz + make_interval(secs => ${LEASE_SECONDS})
            FROM due WHERE d.id = due.id RETURNING ${COLUMNS}, due.state = 'sending' AS interrupted`,
        Row.extend({ interrupted: z.boolean() }),
      );
      return rows
        .map(({ interrupted, ...delivery }) => ({ delivery, interrupted }))
        .toSorted((left, right) => Date.parse(left.delivery.nextAttemptAt) - Date.parse(right.delivery.nextAttemptAt));
    },
    async releaseLeases() {
      await change(database, sql`UPDATE deliveries SET lease_until = 'epoch' WHERE state = 'sending'`);
    },
    async settle(id, { state, at, nextAttemptAt, receipt, lastError }) {
      await change(
        database,
        sql`UPDATE deliveries SET state = ${state}, lease_until = NULL, next_attempt_at = COALESCE(${nextAttemptAt ?? null}, next_attempt_at),
            sent_at = CASE WHEN ${state} = 'sent' THEN ${at}::timestamptz ELSE sent_at END,
            receipt = COALESCE(${receipt === undefined ? null : jsonb(receipt)}, receipt), last_error = ${lastError ?? null}
            WHERE id = ${id} AND state <> 'sent'`, // a try that outlived its lease may speak last: what was sent stays sent
      );
    },
    ofIncident: (id) =>
      rowsOf(
        database,
        sql`SELECT ${COLUMNS} FROM deliveries d WHERE incident = ${numberOf(id)} ORDER BY planned_at, id`,
        Row,
      ),
    list: (state) =>
      rowsOf(
        database,
        sql`SELECT ${COLUMNS} FROM deliveries d WHERE ${state ?? null}::text IS NULL OR state = ${state ?? null} ORDER BY planned_at DESC, id LIMIT ${MAX_LISTED}`,
        Row,
      ),
    async countSince(kind, since) {
      const [row] = await rowsOf(
        database,
        sql`SELECT count(*)::int AS count FROM deliveries WHERE kind = ${kind} AND planned_at >= ${since}`,
        z.object({ count: z.number() }),
      );
      return row?.count ?? 0;
    },
    async get(id) {
      if (!isUuid(id)) return undefined;
      const [row] = await rowsOf(database, sql`SELECT ${COLUMNS} FROM deliveries d WHERE id = ${id}`, Row);
      return row;
    },
    async firstReceipt(id, destination) {
      const [row] = await rowsOf(
        database,
        sql`SELECT receipt FROM deliveries WHERE incident = ${numberOf(id)} AND destination = ${destination} AND state = 'sent' ORDER BY sent_at LIMIT 1`,
        z.object({ receipt: z.unknown() }),
      );
      return row?.receipt ?? undefined;
    },
  };
}
