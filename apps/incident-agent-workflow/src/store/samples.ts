/** Our own scrape samples, for where no Prometheus is; bounded by age. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { SampleStore } from '../ports.ts';
import { instant } from './columns.ts';
import { change, type Database, jsonb, rowsOf } from './database.ts';

const MAX_POINTS = 200_000;
const MAX_NAMES = 5_000;

const PointRow = z.object({
  series: z.string(),
  labels: z.record(z.string(), z.string()),
  at: instant,
  value: z.number().nullable(),
});

export function sampleStore(database: Database): SampleStore {
  return {
    async append(service, at, samples) {
      const rows = jsonb(samples);
      await change(
        database,
        sql`INSERT INTO sample_series (service, metric, labels)
            SELECT ${service}, metric, labels FROM jsonb_to_recordset(${rows}) AS row(metric text, labels jsonb) ON CONFLICT DO NOTHING`,
      );
      await change(
        database,
        sql`INSERT INTO samples (series, at, value)
            SELECT s.id, ${at}::timestamptz, row.value FROM jsonb_to_recordset(${rows}) AS row(metric text, labels jsonb, value double precision)
            JOIN sample_series s ON s.service = ${service} AND s.metric = row.metric AND md5(s.labels::text) = md5(row.labels::text) ON CONFLICT DO NOTHING`,
      );
    },
    async series(service, metric, { service: labelled = service, ...labels }, from, to) {
      if (labelled !== service) return [];
      const rows = await rowsOf(
        database,
        sql`SELECT s.id::text AS series, s.labels, p.at, p.value FROM sample_series s JOIN samples p ON p.series = s.id
            WHERE s.service = ${service} AND s.metric = ${metric} AND s.labels @> ${jsonb(labels)} AND p.at BETWEEN ${from} AND ${to}
            ORDER BY s.labels::text, s.id, p.at LIMIT ${MAX_POINTS}`,
        PointRow,
      );
      const series = new Map<
        string,
        { metric: string; labels: Record<string, string>; points: { at: string; value: number | null }[] }
      >();
      for (const { series: id, labels: own, at, value } of rows) {
        const one = series.get(id) ?? { metric, labels: { ...own, service }, points: [] };
        one.points.push({ at, value });
        series.set(id, one);
      }
      return [...series.values()];
    },
    async names(service, from, to) {
      const rows = await rowsOf(
        database,
        sql`SELECT DISTINCT s.metric COLLATE "C" AS metric FROM sample_series s
            WHERE s.service = ${service} AND EXISTS (SELECT 1 FROM samples p WHERE p.series = s.id AND p.at BETWEEN ${from} AND ${to})
            ORDER BY 1 LIMIT ${MAX_NAMES}`,
        z.object({ metric: z.string() }),
      );
      return rows.map(({ metric }) => metric);
    },
    async lastScrape(service) {
      const [row] = await rowsOf(
        database,
        sql`SELECT p.at, p.value AS up FROM sample_series s JOIN samples p ON p.series = s.id
            WHERE s.service = ${service} AND s.metric = 'up' ORDER BY p.at DESC LIMIT 1`,
        z.object({ at: instant, up: z.number().nullable() }),
      );
      return row;
    },
    async prune(before) {
      await change(database, sql`DELETE FROM samples WHERE at < ${before}`);
      // Labels come and go (a process id, a path): a series without a sample would stay for ever.
      await change(
        database,
        sql`DELETE FROM sample_series s WHERE NOT EXISTS (SELECT 1 FROM samples WHERE samples.series = s.id)`,
      );
    },
  };
}
