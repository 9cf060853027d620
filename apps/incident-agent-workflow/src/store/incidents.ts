/** Incidents and their alerts. */
import { sql } from 'kysely';
import { z } from 'zod';
import { Alert } from '../domain/alert.ts';
import { AgentError } from '../domain/error.ts';
import { type Incident, IncidentStatus, Severity } from '../domain/incident.ts';
import { cleanText } from '../lib/clean-text.ts';
import { compareInstants } from '../lib/time.ts';
import type { IncidentQuery, IncidentStore, NewIncident, OpenIncident, StoredAlert } from '../ports.ts';
import { incidentId, instant, numberOf, optionalInstant, optionalText } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';

const INTAKE_LOCK = 7_212;
const MAX_ALERTS_SHOWN = 1_000;
const OPEN = sql`('investigating', 'diagnosed')`;
/** Rows a statement: a removal never holds its locks for long. */
const REMOVED_AT_ONCE = 200;
/** Position is gravity. */
const BY_GRAVITY = sql`ARRAY['info', 'warning', 'critical']`;

const OpenRow = z.object({
  id: incidentId,
  groupKey: z.string(),
  status: IncidentStatus,
  severity: Severity,
  startedAt: instant,
});
const StoredAlertRow = z.object({
  incidentId,
  incidentOpen: z.boolean(),
  fingerprint: z.string(),
  startsAt: z.string(),
  status: z.enum(['firing', 'resolved']),
  doubtedAt: optionalInstant,
});
const IncidentRow = OpenRow.extend({
  service: optionalText,
  title: z.string(),
  openedAt: instant,
  resolvedAt: optionalInstant,
  closedAt: optionalInstant,
  note: optionalText,
});
const INCIDENT_COLUMNS = sql`number::text AS id, group_key AS "groupKey", status, severity, started_at AS "startedAt", service, title,
  opened_at AS "openedAt", resolved_at AS "resolvedAt", closed_at AS "closedAt", note`;

export function incidentStore(database: Database): IncidentStore {
  return {
    async lockIntake() {
      await change(database, sql`SELECT pg_advisory_xact_lock(${INTAKE_LOCK})`);
    },
    alertsByFingerprint: (fingerprints) => alertsByFingerprint(database, fingerprints),
    openByGroupKey: (groupKeys) =>
      rowsOf(
        database,
        sql`SELECT number::text AS id, group_key AS "groupKey", status, severity, started_at AS "startedAt" FROM incidents
            WHERE group_key = ANY(${groupKeys.map(cleanText)}) AND status IN ${OPEN} ORDER BY number`,
        OpenRow,
      ),
    insert: (incidents) => insertIncidents(database, incidents),
    upsertAlerts: (rows) => upsertAlerts(database, rows),
    async widen(id, severity, startedAt) {
      await change(
        database,
        sql`UPDATE incidents SET started_at = LEAST(started_at, ${startedAt}),
              severity = (${BY_GRAVITY})[GREATEST(array_position(${BY_GRAVITY}, severity), array_position(${BY_GRAVITY}, ${severity}))]
            WHERE number = ${numberOf(id)}`,
      );
    },
    async setDoubt(id, at) {
      await change(
        database,
        sql`UPDATE incidents SET doubted_at = ${at ?? null}::timestamptz WHERE number = ${numberOf(id)} AND doubted_at IS DISTINCT FROM ${at ?? null}::timestamptz`,
      );
    },
    async setStatus(id, status, at, note) {
      await change(
        database,
        sql`UPDATE incidents SET status = ${status}, note = COALESCE(${note === undefined ? null : cleanText(note)}, note),
            resolved_at = CASE ${status} WHEN 'resolved' THEN ${at}::timestamptz WHEN 'closed' THEN resolved_at END,
            closed_at = CASE ${status} WHEN 'closed' THEN ${at}::timestamptz END
            WHERE number = ${numberOf(id)}`,
      );
    },
    get: (id) => getIncident(database, id),
    list: (query) => listIncidents(database, query),
    async countOpen() {
      const [row] = await rowsOf(
        database,
        sql`SELECT count(*)::int AS open FROM incidents WHERE status IN ${OPEN}`,
        z.object({ open: z.number() }),
      );
      return row?.open ?? 0;
    },
    async listOpen(limit) {
      const rows = await rowsOf(
        database,
        sql`SELECT ${INCIDENT_COLUMNS} FROM incidents WHERE status IN ${OPEN} ORDER BY number DESC LIMIT ${limit}`,
        IncidentRow,
      );
      return rows.map((row) => ({ ...row, alerts: [] }));
    },
    async silentSince(before) {
      const rows = await rowsOf(
        database,
        sql`SELECT number::text AS id FROM incidents WHERE status IN ${OPEN} AND opened_at < ${before}
            AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.incident = incidents.number AND heard_at >= ${before}) ORDER BY number`,
        z.object({ id: incidentId }),
      );
      return rows.map(({ id }) => id);
    },
    removeOlderThan: (before) => removeOlderThan(database, before),
  };
}

/** Runs, stages, reports and deliveries go with their incident, by foreign keys. */
async function removeOlderThan(database: Database, before: string): Promise<number> {
  let removedCount = 0;
  for (;;) {
    const removed = await change(
      database,
      sql`DELETE FROM incidents WHERE number IN (SELECT number FROM incidents WHERE GREATEST(opened_at, resolved_at, closed_at) < ${before}
          AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.incident = incidents.number AND heard_at >= ${before})
          ORDER BY number LIMIT ${REMOVED_AT_ONCE})`,
    );
    removedCount += removed;
    if (removed < REMOVED_AT_ONCE) return removedCount;
  }
}

function alertsByFingerprint(database: Database, fingerprints: readonly string[]): Promise<StoredAlert[]> {
  return rowsOf(
    database,
    sql`SELECT DISTINCT ON (a.fingerprint) a.incident::text AS "incidentId", i.status IN ${OPEN} AS "incidentOpen",
        a.fingerprint, a.starts_at AS "startsAt", a.status, i.doubted_at AS "doubtedAt"
        FROM alerts a JOIN incidents i ON i.number = a.incident WHERE a.fingerprint = ANY(${fingerprints.map(cleanText)})
        ORDER BY a.fingerprint, (i.status IN ${OPEN}) DESC, a.incident DESC`,
    StoredAlertRow,
  );
}

/** Numbered in the order given: the sequence is asked row by row, in that order. */
async function insertIncidents(database: Database, incidents: readonly NewIncident[]): Promise<OpenIncident[]> {
  const opened: OpenIncident[] = [];
  for (const one of incidents) {
    const rows = await rowsOf(
      database,
      sql`INSERT INTO incidents (number, group_key, service, title, status, severity, opened_at, started_at)
          VALUES (nextval('incident_number'), ${cleanText(one.groupKey)}, ${one.service === undefined ? null : cleanText(one.service)},
            ${cleanText(one.title)}, 'investigating', ${one.severity}, ${one.openedAt}, ${one.startedAt})
          RETURNING number::text AS id, group_key AS "groupKey", status, severity, started_at AS "startedAt"`,
      OpenRow,
    );
    opened.push(...rows);
  }
  return opened;
}

/** One statement for all: a row each would cost a round trip each, and parameters are limited to 65,535. */
async function upsertAlerts(
  database: Database,
  rows: readonly { readonly incidentId: string; readonly alert: Alert }[],
): Promise<void> {
  if (rows.length === 0) return;
  // The last word counts: Postgres refuses to change the same row twice in one statement.
  const lastWords = new Map(rows.map((row) => [`${row.incidentId} ${row.alert.fingerprint}`, row]));
  const columns = [...lastWords.values()].map(({ incidentId: id, alert }) => ({
    incident: numberOf(id),
    fingerprint: alert.fingerprint,
    starts_at: alert.startsAt,
    status: alert.status,
    alert,
    heard_at: alert.receivedAt,
  }));
  await change(
    database,
    sql`INSERT INTO alerts (incident, fingerprint, starts_at, status, alert, heard_at)
        SELECT incident, fingerprint, starts_at, status, alert, heard_at FROM jsonb_to_recordset(${jsonb(columns)})
          AS row(incident bigint, fingerprint text, starts_at text, status text, alert jsonb, heard_at timestamptz)
        ON CONFLICT (incident, fingerprint) DO UPDATE SET
          starts_at = EXCLUDED.starts_at, status = EXCLUDED.status, alert = EXCLUDED.alert, heard_at = EXCLUDED.heard_at`,
  );
}

async function getIncident(database: Database, id: string): Promise<Incident | undefined> {
  const number = numberOf(id);
  if (number === undefined) return undefined;
  const [incident] = await rowsOf(
    database,
    sql`SELECT ${INCIDENT_COLUMNS} FROM incidents WHERE number = ${number}`,
    IncidentRow,
  );
  if (!incident) return undefined;
  const alerts = await rowsOf(
    database,
    sql`SELECT alert FROM alerts WHERE incident = ${number} ORDER BY status, starts_at, fingerprint LIMIT ${MAX_ALERTS_SHOWN}`,
    z.object({ alert: Alert }),
  );
  // By instant: offsets and decimals differ between senders, and text order is right for most only.
  const inOrder = alerts.map(({ alert }) => alert).toSorted((a, b) => compareInstants(a.startsAt, b.startsAt));
  return { ...incident, alerts: inOrder };
}

async function listIncidents(
  database: Database,
  query: IncidentQuery,
): Promise<{ items: Incident[]; next: string | undefined }> {
  const before = query.cursor === undefined ? undefined : numberOf(query.cursor);
  if (query.cursor !== undefined && before === undefined)
    throw new AgentError('invalid-input', 'cursor: take it from `next` of the page before', { retryable: false });
  const conditions = [
    sql`TRUE`,
    ...(query.status === undefined ? [] : [sql`status = ${query.status}`]),
    ...(query.severity === undefined ? [] : [sql`severity = ${query.severity}`]),
    ...(query.service === undefined ? [] : [sql`service = ${cleanText(query.service)}`]),
    ...(query.q === undefined
      ? []
      : [sql`concat_ws(' ', 'INC-' || number, service, title) ILIKE ${containing(query.q)}`]),
    ...(before === undefined ? [] : [sql`number < ${before}`]),
  ];
  const rows = await rowsOf(
    database,
    sql`SELECT ${INCIDENT_COLUMNS} FROM incidents WHERE ${sql.join(conditions, sql` AND `)} ORDER BY number DESC LIMIT ${query.limit + 1}`,
    IncidentRow,
  );
  const items = rows.slice(0, query.limit).map((row) => ({ ...row, alerts: [] }));
  return { items, next: rows.length > query.limit ? items.at(-1)?.id : undefined };
}

/** The pattern that finds this text as it stands. */
function containing(text: string): string {
  return `%${cleanText(text).replaceAll(/[\\%_]/g, '\\$&')}%`;
}
