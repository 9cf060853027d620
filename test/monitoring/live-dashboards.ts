/** What the dashboards show of a running system: PromQL answered by its Prometheus, LogQL by the lines of its log files. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type DashboardQuery, queriesOf } from './dashboard-queries.ts';
import { dashboards } from './files.ts';
import { readLogql } from './logql.ts';
import { shippedStreams } from './shipping.ts';

export interface RunningSystem {
  readonly prometheusUrl: string;
  /** Name of the service → its log. */
  readonly logFiles: Readonly<Record<string, string>>;
}

export interface Look {
  readonly queries: readonly (DashboardQuery & { readonly hasData: boolean })[];
  /** As the dashboards link them. */
  readonly incidentUrls: readonly string[];
  /** Counters of the agent that were above 0 when they first appeared: what came before the first scrape has no rate. */
  readonly bornLate: readonly string[];
}

/** Wide enough for some scrapes at one a second, narrow enough for a system that has run half a minute. */
const WINDOWS = { interval: '10s', range: '2m' };
const BACK_SECONDS = 120;
const SCRAPE_LIMIT_MILLISECONDS = 20_000;

const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]).optional(),
        values: z.array(z.tuple([z.number(), z.string()])).optional(),
      }),
    ),
  }),
});

export async function lookAtDashboards(system: RunningSystem): Promise<Look> {
  await scrapedAfter(Date.now() / 1000, system);
  const queries = [];
  for (const query of dashboards().flatMap((named) => queriesOf(named, WINDOWS)))
    queries.push({ ...query, hasData: await hasData(query, system) });
  const incidents = await ask(system, 'query', { query: 'incident_agent_incident_opened_timestamp_seconds' });
  const bornLate = await ask(system, 'query', {
    query: 'min_over_time({__name__=~"incident_agent_.*_(total|count)"}[5m]) > 0',
  });
  return {
    queries,
    incidentUrls: incidents.map(({ metric }) => metric.url ?? 'no url'),
    bornLate: bornLate.map(({ metric }) => JSON.stringify(metric)),
  };
}

/** What has just happened is in Prometheus once every target has been read after it. */
async function scrapedAfter(seconds: number, system: RunningSystem): Promise<void> {
  const deadline = performance.now() + SCRAPE_LIMIT_MILLISECONDS;
  while (performance.now() < deadline) {
    const [oldest] = await ask(system, 'query', { query: 'min(timestamp(up{job="local-services"}))' });
    if (Number(oldest?.value?.[1]) > seconds) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Prometheus did not read every target within ${SCRAPE_LIMIT_MILLISECONDS / 1000} s`);
}

export function withoutData({ queries }: Look): string[] {
  return queries.filter((query) => !query.hasData).map(({ place, expression }) => `${place}: ${expression}`);
}

async function hasData(query: DashboardQuery, system: RunningSystem): Promise<boolean> {
  if (query.language === 'logql') return hasLines(query.expression, system);
  const now = Date.now() / 1000;
  const series = query.isInstant
    ? await ask(system, 'query', { query: query.expression })
    : await ask(system, 'query_range', {
        query: query.expression,
        start: String(now - BACK_SECONDS),
        end: String(now),
        step: '1',
      });
  // NaN is what a quotient without requests gives: Grafana draws nothing.
  return series.some(({ value, values }) =>
    [value, ...(values ?? [])].some((point) => Number.isFinite(Number(point?.[1] ?? 'NaN'))),
  );
}

async function ask(
  { prometheusUrl }: RunningSystem,
  path: string,
  parameters: Record<string, string>,
): Promise<z.infer<typeof Answer>['data']['result']> {
  const response = await fetch(`${prometheusUrl}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Prometheus refuses ${parameters.query}: ${text}`);
  return Answer.parse(JSON.parse(text)).data.result;
}

function hasLines(expression: string, { logFiles }: RunningSystem): boolean {
  const selection = readLogql(expression);
  return shippedStreams()
    .filter((stream) => selection.selects(stream))
    .some(({ service = '' }) =>
      readFileSync(logFiles[service] ?? '', 'utf8')
        .split('\n')
        .some((line) => line !== '' && selection.letsThrough(line)),
    );
}
