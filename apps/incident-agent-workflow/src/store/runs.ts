/** Runs and the journal of their stages: what makes a killed run go on where it stood. */
import { sql } from 'kysely';
import { z } from 'zod';
import { AgentError } from '../domain/error.ts';
import { Route, Run } from '../domain/incident.ts';
import type { RunJournal, StageResult } from '../ports.ts';
import { incidentId, instant, isUuid, numberOf, optionalInstant, optionalText } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';
import { inOrder, packExchanges, unpackExchanges } from './run-exchanges.ts';
import { packRecord, unpackRecord } from './run-record.ts';

const RunRow = z.object({
  id: z.string(),
  pipelineId: z.string(),
  incidentId,
  status: z.enum(['queued', 'running', 'done', 'failed']),
  reason: Run.shape.reason,
  forcedRoute: Route.nullable().transform((route) => route ?? undefined),
  attempt: z.number(),
  createdAt: instant,
  finishedAt: optionalInstant,
});
const RUN_COLUMNS = sql`id::text, pipeline_id AS "pipelineId", incident::text AS "incidentId", status, reason, forced_route AS "forcedRoute",
  attempt, created_at AS "createdAt", finished_at AS "finishedAt"`;
const StageRow = z.object({
  runId: z.string(),
  stage: z.string(),
  attempt: z.number(),
  startedAt: instant,
  finishedAt: instant,
  result: z.unknown(),
  note: optionalText,
});

export function runJournal(database: Database): RunJournal {
  return {
    async create(run) {
      await change(
        database,
        sql`INSERT INTO runs (id, pipeline_id, incident, status, reason, forced_route, created_at)
            VALUES (${run.id}, ${run.pipelineId}, ${numberOf(run.incidentId)}, 'queued', ${run.reason}, ${run.forcedRoute ?? null}, ${run.createdAt})`,
      );
    },
    async get(runId): Promise<Run | undefined> {
      if (!isUuid(runId)) return undefined;
      const [run] = await rowsOf(database, sql`SELECT ${RUN_COLUMNS} FROM runs WHERE id = ${runId}`, RunRow);
      return run;
    },
    ofIncident: (id) =>
      rowsOf(
        database,
        sql`SELECT ${RUN_COLUMNS} FROM runs WHERE incident = ${numberOf(id)} ORDER BY created_at DESC, id LIMIT 100`,
        RunRow,
      ),
    async take(runId, attempt) {
      const taken = await change(
        database,
        sql`UPDATE runs SET attempt = ${attempt}, status = 'running' WHERE id = ${runId} AND attempt < ${attempt} AND status IN ('queued', 'running')`,
      );
      return taken === 1;
    },
    async finished(runId, stage) {
      const [row] = await rowsOf(
        database,
        sql`SELECT run_id::text AS "runId", stage, attempt, started_at AS "startedAt", finished_at AS "finishedAt", result, note
            FROM run_stages WHERE run_id = ${runId} AND stage = ${stage}`,
        StageRow,
      );
      return row && { result: row.result, note: row.note };
    },
    finish: (stage) => finishStage(database, stage),
    stages: (runId) =>
      rowsOf(
        database,
        sql`SELECT run_id::text AS "runId", stage, attempt, started_at AS "startedAt", finished_at AS "finishedAt", NULL AS result, note
            FROM run_stages WHERE run_id = ${runId} ORDER BY finished_at, started_at, stage`,
        StageRow,
      ),
    async end(runId, attempt, status, at) {
      await change(
        database,
        sql`UPDATE runs SET status = ${status}, finished_at = ${at} WHERE id = ${runId} AND attempt = ${attempt}`,
      );
    },
    async keepRecord(runId, record) {
      const content = await packRecord(record);
      await change(
        database,
        sql`INSERT INTO run_observations (run_id, content) VALUES (${runId}, ${content}) ON CONFLICT (run_id) DO UPDATE SET content = EXCLUDED.content`,
      );
    },
    async record(runId) {
      if (!isUuid(runId)) return undefined;
      const [row] = await rowsOf(
        database,
        sql`SELECT content FROM run_observations WHERE run_id = ${runId}`,
        z.object({ content: z.instanceof(Buffer) }),
      );
      return row && unpackRecord(row.content);
    },
    async keepExchanges(runId, agent, exchanges) {
      await change(
        database,
        sql`INSERT INTO run_exchanges (run_id, agent, content) VALUES (${runId}, ${agent}, ${await packExchanges(exchanges)})
            ON CONFLICT (run_id, agent) DO UPDATE SET content = EXCLUDED.content`,
      );
    },
    async exchanges(runId) {
      if (!isUuid(runId)) return [];
      const rows = await rowsOf(
        database,
        sql`SELECT content FROM run_exchanges WHERE run_id = ${runId}`,
        z.object({ content: z.instanceof(Buffer) }),
      );
      return inOrder((await Promise.all(rows.map(({ content }) => unpackExchanges(content)))).flat());
    },
  };
}

/** The attempt is checked in the statement that writes: a late attempt has no moment in between to slip through. */
async function finishStage(database: Database, stage: StageResult): Promise<void> {
  const written = await change(
    database,
    sql`INSERT INTO run_stages (run_id, stage, attempt, started_at, finished_at, result, note)
        SELECT id, ${stage.stage}, ${stage.attempt}, ${stage.startedAt}, ${stage.finishedAt}, ${jsonb(stage.result ?? null)}, ${stage.note ?? null}
        FROM runs WHERE id = ${stage.runId} AND attempt = ${stage.attempt} FOR UPDATE
        ON CONFLICT (run_id, stage) DO UPDATE SET attempt = EXCLUDED.attempt, started_at = EXCLUDED.started_at,
          finished_at = EXCLUDED.finished_at, result = EXCLUDED.result, note = EXCLUDED.note`,
  );
  if (written === 0)
    throw new AgentError('refused', `Another attempt has taken run ${stage.runId}`, { retryable: false });
}
