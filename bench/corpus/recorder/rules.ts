/** The alert rules of the shop, over what was scraped and logged. Ordinary ones: nothing here knows which fault is played. */

import type { RecordedSeries } from './scrapes.ts';
import { isTimeIntegral, TIME_SCALE } from './stretch.ts';

/** What one service showed, by index of the scrape. */
export interface Watched {
  readonly service: string;
  readonly series: readonly RecordedSeries[];
  /** Error lines of a kind that was not there in the baseline, in the two minutes up to each scrape. */
  readonly newErrors: readonly number[];
}

export interface AlertRule {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly forSeconds: number;
  summary(service: string): string;
  /** Labels of what is over the limit at this scrape beside the service's, and a sentence with the figure; undefined: nothing is. */
  hit(
    watched: Watched,
    index: number,
  ): { readonly labels: Readonly<Record<string, string>>; readonly says: string } | undefined;
}

/** `[2m]` in the rules, at a scrape each 15 s. */
const WINDOW_SCRAPES = 8;
const SCRAPE_SECONDS = TIME_SCALE;

const FAILED_SHARE_ALARM = 0.05;
const FEWEST_FAILED = 3;
const MEAN_SECONDS_ALARM = 0.4;
const P95_SECONDS_ALARM = 0.8;
const CPU_ALARM = 0.65;
/**
 * Against `avg_over_time(process_resident_memory_bytes[10m] offset 5m)`: what is large by a fifth more, what is small by a
 * third; and in both cases so many bytes that it is no runtime that warms up.
 */
const MEMORY_GROWTH_ALARMS = [
  { ratio: 1.2, bytes: 40_000_000 },
  { ratio: 1.35, bytes: 12_000_000 },
];
/** Of the 192 MB that a Node service may have. */
const HEAP_ALARM_BYTES = 140_000_000;
const MEMORY_BASE_SCRAPES = 40;
const MEMORY_OFFSET_SCRAPES = 20;
const BACKLOG_ALARM = 50;
const NEW_ERRORS_ALARM = 5;

export const ALERT_RULES: readonly AlertRule[] = [
  {
    name: 'ServiceDown',
    severity: 'critical',
    forSeconds: 75,
    summary: (service) => `${service} is not responding`,
    hit: ({ service, series }, index) =>
      latest(series, 'up', index) === 0
        ? { labels: {}, says: `The metrics of ${service} could not be read.` }
        : undefined,
  },
  {
    name: 'DependencyDown',
    severity: 'critical',
    forSeconds: 30,
    summary: (service) => `${service} cannot reach what it depends on`,
    hit({ series }, index) {
      const down = series.find(({ metric, values }) => metric === 'dependency_up' && values.get(index) === 0);
      const dependency = down?.labels.dependency;
      return dependency === undefined
        ? undefined
        : { labels: { dependency }, says: `The last check of the dependency ${dependency} failed.` };
    },
  },
  {
    name: 'Service5xxErrors',
    severity: 'warning',
    forSeconds: 30,
    summary: (service) => `${service} answers with 5xx errors`,
    hit({ series }, index) {
      const all = increase(series, 'http_requests_total', index, isUsers);
      const failed = increase(
        series,
        'http_requests_total',
        index,
        (labels) => labels.status === '5xx' && isUsers(labels),
      );
      if (failed < FEWEST_FAILED || failed / all <= FAILED_SHARE_ALARM) return undefined;
      return {
        labels: {},
        says: `${percent(failed / all)} of the requests of the last two minutes ended in a 5xx status.`,
      };
    },
  },
  {
    name: 'HighLatency',
    severity: 'warning',
    forSeconds: 60,
    summary: (service) => `${service} answers slowly`,
    hit({ series }, index) {
      const count = increase(series, 'http_request_duration_seconds_count', index, isUsers);
      if (count === 0) return undefined;
      const seconds = increase(series, 'http_request_duration_seconds_sum', index, isUsers) / count;
      const p95 = quantile(series, 0.95, index);
      if (seconds <= MEAN_SECONDS_ALARM && (p95 ?? 0) <= P95_SECONDS_ALARM) return undefined;
      return {
        labels: {},
        says: `Requests take ${seconds.toFixed(2)} s on average, 95 % end within ${(p95 ?? seconds).toFixed(2)} s.`,
      };
    },
  },
  {
    name: 'HighCpu',
    severity: 'warning',
    forSeconds: 60,
    summary: (service) => `${service} uses a whole processor`,
    hit({ series }, index) {
      const used = increase(series, 'process_cpu_seconds_total', index) / (WINDOW_SCRAPES * SCRAPE_SECONDS);
      return used <= CPU_ALARM
        ? undefined
        : { labels: {}, says: `It used ${used.toFixed(2)} processors in the last two minutes.` };
    },
  },
  {
    name: 'HighMemory',
    severity: 'warning',
    forSeconds: 60,
    summary: (service) => `${service} uses far more memory than it did`,
    hit({ series }, index) {
      const now = latest(series, 'process_resident_memory_bytes', index);
      const before = mean(series, 'process_resident_memory_bytes', index - MEMORY_OFFSET_SCRAPES);
      const heap = latest(series, 'nodejs_heap_size_used_bytes', index) ?? 0;
      if (heap > HEAP_ALARM_BYTES) return { labels: {}, says: `Its heap holds ${megabytes(heap)}.` };
      if (now === undefined || before === undefined) return undefined;
      const isGrown = MEMORY_GROWTH_ALARMS.some(({ ratio, bytes }) => now > Math.max(before * ratio, before + bytes));
      if (!isGrown) return undefined;
      return { labels: {}, says: `It holds ${megabytes(now)}, after ${megabytes(before)} a quarter of an hour ago.` };
    },
  },
  {
    name: 'QueueBacklog',
    severity: 'warning',
    forSeconds: 60,
    summary: (service) => `${service} does not keep up with its queue`,
    hit({ series }, index) {
      const queue = series.find(
        ({ metric, values }) =>
          /_(?:depth|backlog|lag|pending)$/.test(metric) && (values.get(index) ?? 0) > BACKLOG_ALARM,
      );
      return queue && { labels: {}, says: `${queue.metric} is ${queue.values.get(index)}.` };
    },
  },
  {
    name: 'NewLogErrors',
    severity: 'warning',
    forSeconds: 30,
    summary: (service) => `${service} logs errors of a new kind`,
    hit({ newErrors }, index) {
      const count = newErrors[index] ?? 0;
      return count < NEW_ERRORS_ALARM
        ? undefined
        : { labels: {}, says: `${count} error lines of a new kind in two minutes.` };
    },
  },
];

type Labels = Readonly<Record<string, string>>;

/** Scrapes and probes are no users. */
function isUsers({ handler }: Labels): boolean {
  return handler === undefined || !/^\/(?:metrics|health(?:\/ready)?|ready)$/.test(handler);
}

function latest(series: readonly RecordedSeries[], metric: string, index: number): number | undefined {
  return series.find((one) => one.metric === metric && one.values.has(index))?.values.get(index) ?? undefined;
}

/** Over the ten minutes that end at this scrape; undefined: it was not seen half of the time. */
function mean(series: readonly RecordedSeries[], metric: string, index: number): number | undefined {
  const own = series.find((one) => one.metric === metric);
  if (own === undefined) return undefined;
  const seen = Array.from({ length: MEMORY_BASE_SCRAPES }, (_none, back) => own.values.get(index - back)).filter(
    (value): value is number => typeof value === 'number',
  );
  if (seen.length < MEMORY_BASE_SCRAPES / 2) return undefined;
  return seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

/** Of all series of the metric in the two minutes that end at this scrape; a fall is a restart and counts from zero. */
function increase(
  series: readonly RecordedSeries[],
  metric: string,
  index: number,
  fits: (labels: Labels) => boolean = () => true,
): number {
  let total = 0;
  for (const one of series) {
    if (one.metric !== metric || !fits(one.labels)) continue;
    let before: number | undefined;
    for (let at = index - WINDOW_SCRAPES; at <= index; at += 1) {
      const value = one.values.get(at);
      if (typeof value !== 'number') continue;
      if (before !== undefined) total += value >= before ? value - before : value;
      before = value;
    }
  }
  return isTimeIntegral(metric) ? total * TIME_SCALE : total;
}

/** As histogram_quantile: within the bucket in which it lies, evenly spread. */
function quantile(series: readonly RecordedSeries[], share: number, index: number): number | undefined {
  const metric = 'http_request_duration_seconds_bucket';
  const bounds = [
    ...new Set(series.filter((one) => one.metric === metric).map(({ labels }) => Number(labels.le ?? 'NaN'))),
  ];
  const counts = bounds
    .filter((bound) => !Number.isNaN(bound))
    .toSorted((left, right) => left - right)
    .map((bound) => ({
      bound,
      count: increase(series, metric, index, (labels) => Number(labels.le ?? 'NaN') === bound && isUsers(labels)),
    }));
  const total = counts.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const at = counts.findIndex(({ count }) => count >= share * total);
  const lower = counts[at - 1] ?? { bound: 0, count: 0 };
  const upper = counts[at];
  if (upper === undefined) return undefined;
  if (!Number.isFinite(upper.bound)) return lower.bound;
  const width = upper.count - lower.count;
  return lower.bound + (upper.bound - lower.bound) * (width === 0 ? 1 : (share * total - lower.count) / width);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
