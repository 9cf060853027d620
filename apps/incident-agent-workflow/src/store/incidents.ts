/** Incidents and their alerts. */
import { sql } from 'kysely';
import { z } from 'zod';
import { Alert } from '../domain/alert.ts';
import { type Incident, IncidentStatus, Severity } from '../domain/incident.ts';
import type { IncidentQuery, IncidentStore, NewIncident, OpenIncident, StoredAlert } from '../ports.ts';
import { incidentId, instant, numberOf, optionalInstant, optionalText } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';

const INTAKE_LOCK = 7_212;
const MAX_ALERTS_SHOWN = 1_000;
const OPEN = sql`('investigating', 'diagnosed')`;

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
            WHERE group_key = ANY(${groupKeys}) AND status IN ${OPEN} ORDER BY number`,
        OpenRow,
      ),
    insert: (incidents) => insertIncidents(database, incidents),
    upsertAlerts: (rows) => upsertAlerts(database, rows),
    async widen(id, severity, startedAt) {
      await change(
        database,
        sql`UPDATE incidents SET severity = ${severity}, started_at = LEAST(started_at, ${startedAt}) WHERE number = ${numberOf(id)}`,
      );
    },
    async setStatus(id, status, at, note) {
      await change(
        database,
        sql`UPDATE incidents SET status = ${status}, note = COALESCE(${note ?? null}, note),
            resolved_at = CASE WHEN ${status} = 'resolved' THEN ${at}::timestamptz ELSE resolved_at END,
            closed_at = CASE WHEN ${status} = 'closed' THEN ${at}::timestamptz ELSE closed_at END
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
    async silentSince(before) {
      const rows = await rowsOf(
        database,
        sql`SELECT number::text AS id FROM incidents WHERE status IN ${OPEN}
            AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.incident = incidents.number AND heard_at >= ${before}) ORDER BY number`,
        z.object({ id: incidentId }),
      );
      return rows.map(({ id }) => id);
    },
  };
}

function alertsByFingerprint(database: Database, fingerprints: readonly string[]): Promise<StoredAlert[]> {
  return rowsOf(
    database,
    sql`SELECT DISTINCT ON (a.fingerprint) a.incident::text AS "incidentId", i.status IN ${OPEN} AS "incidentOpen",
        a.fingerprint, a.starts_at AS "startsAt", a.status
        FROM alerts a JOIN incidents i ON i.number = a.incident WHERE a.fingerprint = ANY(${fingerprints})
        ORDER BY a.fingerprint, (i.status IN ${OPEN}) DESC, a.incident DESC`,
    StoredAlertRow,
  );
}

async function insertIncidents(database: Database, incidents: readonly NewIncident[]): Promise<OpenIncident[]> {
  const opened: OpenIncident[] = [];
  for (const one of incidents) {
    const rows = await rowsOf(
      database,
      sql`INSERT INTO incidents (number, group_key, service, title, status, severity, opened_at, started_at)
          VALUES (nextval('incident_number'), ${one.groupKey}, ${one.service ?? null}, ${one.title}, 'investigating', ${one.severity}, ${one.openedAt}, ${one.startedAt})
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
  const columns = rows.map(({ incidentId: id, alert }) => ({
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
    sql`SELECT alert FROM alerts WHERE incident = ${number} ORDER BY starts_at, fingerprint LIMIT ${MAX_ALERTS_SHOWN}`,
    z.object({ alert: Alert }),
  );
  return { ...incident, alerts: alerts.map(({ alert }) => alert) };
}

async function listIncidents(
  database: Database,
  query: IncidentQuery,
): Promise<{ items: Incident[]; next: string | undefined }> {
  const before = query.cursor === undefined ? undefined : numberOf(query.cursor);
  const conditions = [
    sql`TRUE`,
    ...(query.status === undefined ? [] : [sql`status = ${query.status}`]),
    ...(query.severity === undefined ? [] : [sql`severity = ${query.severity}`]),
    ...(query.service === undefined ? [] : [sql`service = ${query.service}`]),
    ...(query.q === undefined
      ? []
      : [sql`concat_ws(' ', 'INC-' || number, service, title) ILIKE ${`%${query.q.replaceAll(/[\\%_]/g, '\\$&')}%`}`]),
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
