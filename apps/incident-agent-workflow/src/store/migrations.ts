/** The schema, step by step; forward only. */
import { sql } from 'kysely';
import { z } from 'zod';
import { AgentError } from '../domain/error.ts';
import { type Database, rowsOf, translated } from './database.ts';

/** The position is the version; a step that was released is never changed. */
const STEPS: readonly string[] = [
  `
  CREATE SEQUENCE incident_number;
  CREATE TABLE incidents (
    number bigint PRIMARY KEY,
    group_key text NOT NULL,
    service text,
    title text NOT NULL,
    status text NOT NULL,
    severity text NOT NULL,
    opened_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    resolved_at timestamptz,
    closed_at timestamptz,
    note text
  );
  -- By hash: the key is made of labels, and a long one does not fit into a tree.
  CREATE INDEX incidents_open ON incidents USING hash (group_key) WHERE status IN ('investigating', 'diagnosed');
  CREATE TABLE alerts (
    incident bigint NOT NULL REFERENCES incidents ON DELETE CASCADE,
    fingerprint text NOT NULL,
    -- As received: nine decimals are part of an alert's identity, and timestamptz keeps six.
    starts_at text NOT NULL,
    status text NOT NULL,
    alert jsonb NOT NULL,
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (incident, fingerprint)
  );
  CREATE INDEX alerts_fingerprint ON alerts (fingerprint, incident DESC);
  CREATE TABLE runs (
    id uuid PRIMARY KEY,
    pipeline_id text NOT NULL UNIQUE,
    incident bigint NOT NULL REFERENCES incidents ON DELETE CASCADE,
    status text NOT NULL,
    reason text NOT NULL,
    forced_route text,
    attempt integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
  );
  CREATE INDEX runs_incident ON runs (incident, created_at DESC);
  CREATE TABLE run_stages (
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage text NOT NULL,
    attempt integer NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    result jsonb NOT NULL,
    note text,
    PRIMARY KEY (run_id, stage)
  );
  CREATE TABLE run_observations (run_id uuid PRIMARY KEY REFERENCES runs ON DELETE CASCADE, content bytea NOT NULL);
  CREATE TABLE reports (
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    version integer NOT NULL,
    incident bigint NOT NULL,
    generated_at timestamptz NOT NULL,
    model jsonb NOT NULL,
    PRIMARY KEY (run_id, version)
  );
  CREATE INDEX reports_incident ON reports (incident);
  CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    incident bigint NOT NULL REFERENCES incidents ON DELETE CASCADE,
    run_id uuid NOT NULL,
    destination text NOT NULL,
    kind text NOT NULL,
    report_version integer NOT NULL,
    idempotency_key text NOT NULL UNIQUE,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    planned_at timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    lease_until timestamptz,
    sent_at timestamptz,
    receipt jsonb,
    last_error text
  );
  CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state IN ('planned', 'sending');
  CREATE INDEX deliveries_incident ON deliveries (incident, planned_at);
  CREATE TABLE sample_series (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service text NOT NULL,
    metric text NOT NULL,
    labels jsonb NOT NULL
  );
  -- Many or long labels do not fit into a tree themselves.
  CREATE UNIQUE INDEX sample_series_identity ON sample_series (service, metric, md5(labels::text));
  CREATE TABLE samples (
    series bigint NOT NULL REFERENCES sample_series ON DELETE CASCADE,
    at timestamptz NOT NULL,
    value double precision,
    PRIMARY KEY (series, at)
  );
  CREATE INDEX samples_at ON samples (at);
  -- Which worker has which job of the queue.
  CREATE TABLE worker_claims (
    queue text NOT NULL,
    job_id uuid NOT NULL,
    retry_count integer NOT NULL,
    worker text NOT NULL,
    PRIMARY KEY (queue, job_id)
  );
  `,
  `
  -- When a report last said that the alert is not confirmed: a repeat of it is then looked at again.
  ALTER TABLE incidents ADD COLUMN doubted_at timestamptz;
  `,
  `
  -- What an incident is known again by, when the same fails again.
  CREATE TABLE incident_signatures (
    incident bigint NOT NULL REFERENCES incidents ON DELETE CASCADE,
    signature text NOT NULL,
    PRIMARY KEY (incident, signature)
  );
  CREATE INDEX incident_signatures_by_text ON incident_signatures (md5(signature), incident DESC);
  -- What people said of a report.
  CREATE TABLE feedback (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident bigint NOT NULL REFERENCES incidents ON DELETE CASCADE,
    given jsonb NOT NULL
  );
  CREATE INDEX feedback_incident ON feedback (incident, id);
  `,
  `
  -- What models have cost, by UTC day.
  CREATE TABLE model_spending (
    day date PRIMARY KEY,
    usd double precision NOT NULL
  );
  `,
  `
  -- What a run's agents and the model said to each other, compressed.
  CREATE TABLE run_exchanges (
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    agent text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (run_id, agent)
  );
  `,
];

/** Any constant will do, as long as every version of the agent uses the same. */
const MIGRATION_LOCK = 7_211;

/** Brings the schema up to this version. Throws AgentError('refused') when a newer agent has been here. */
export async function migrate(database: Database): Promise<void> {
  await translated(() =>
    database.transaction().execute(async (transaction) => {
      await sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
      await sql`CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)`.execute(transaction);
      const [row] = await rowsOf(
        transaction,
        sql`SELECT version FROM schema_version`,
        z.object({ version: z.number() }),
      );
      const version = row?.version ?? 0;
      if (version > STEPS.length) {
        throw new AgentError(
          'refused',
          `The database was made by a newer agent (schema ${version}, this one knows ${STEPS.length}): run that version`,
          { retryable: false },
        );
      }
      for (const step of STEPS.slice(version)) await sql.raw(step).execute(transaction);
      await sql`DELETE FROM schema_version`.execute(transaction);
      await sql`INSERT INTO schema_version VALUES (${STEPS.length})`.execute(transaction);
    }),
  );
}
