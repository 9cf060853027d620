/** Report versions. */
import { sql } from 'kysely';
import { z } from 'zod';
import { Report } from '../domain/report.ts';
import type { ReportStore } from '../ports.ts';
import { isUuid, numberOf } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';

const Row = z.object({ model: Report });

export function reportStore(database: Database): ReportStore {
  return {
    async save(report) {
      await change(
        database,
        sql`INSERT INTO reports (run_id, version, incident, generated_at, model)
            VALUES (${report.run.id}, ${report.version}, ${numberOf(report.incident.id)}, ${report.generatedAt}, ${jsonb(report)})
            ON CONFLICT (run_id, version) DO UPDATE SET generated_at = EXCLUDED.generated_at, model = EXCLUDED.model`,
      );
    },
    async newest(incidentId, pipelineId) {
      const [row] = await rowsOf(
        database,
        sql`SELECT reports.model FROM reports JOIN runs ON runs.id = reports.run_id
            WHERE reports.incident = ${numberOf(incidentId)} AND (${pipelineId ?? null}::text IS NULL OR runs.pipeline_id = ${pipelineId ?? null})
            ORDER BY runs.created_at DESC, reports.version DESC LIMIT 1`,
        Row,
      );
      return row?.model;
    },
    async get(runId, version) {
      if (!isUuid(runId)) return undefined;
      const [row] = await rowsOf(
        database,
        sql`SELECT model FROM reports WHERE run_id = ${runId} AND version = ${version}`,
        Row,
      );
      return row?.model;
    },
  };
}
