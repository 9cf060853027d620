/** Series as they are told: on the stretched grid of scrapes, with the labels that a scraper adds. */
import type { Point, Series } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { RecordedSeries, Scrapes } from './scrapes.ts';
import { isInstantMetric, isoAt, isTimeIntegral, type Stretch, TIME_SCALE } from './stretch.ts';

/** Scrapes that were begun within this of their due time are told as on time, as Prometheus does. */
const ON_TIME_MILLISECONDS = 120;
const EVERY_MILLISECONDS = 1_000;
/** A tenth of a millisecond: what is finer is noise, and costs more room than all else. */
const DECIMALS = 1e4;

/** Told time of each scrape in milliseconds. */
export function toldScrapeTimes(at: readonly number[], stretch: Stretch): number[] {
  const first = at[0] ?? 0;
  return at.map((instant, index) => {
    const due = first + index * EVERY_MILLISECONDS;
    return Math.round(stretch.instant(Math.abs(instant - due) <= ON_TIME_MILLISECONDS ? due : instant));
  });
}

export interface ToldSeriesOptions {
  readonly toldAt: readonly number[];
  readonly stretch: Stretch;
  /** Of the target: `job`, `instance`, `service`. A series' own win, as with honor_labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** When the recording began, as it was; and since when its service ran, told in milliseconds. */
  readonly recordingStartedAt: number;
  readonly deployedToldAt: number;
}

export function toldSeries(series: RecordedSeries, options: ToldSeriesOptions): Series {
  // A slow scrape may have ended after the next one.
  const inOrder = [...series.values].toSorted(([left], [right]) => left - right);
  const points: Point[] = inOrder.map(([index, value]) => ({
    at: isoAt(options.toldAt[index] ?? 0),
    value: value === null ? null : toldValue(series.metric, value, options),
  }));
  const labels = Object.entries({ ...options.labels, ...series.labels }).toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return { metric: series.metric, labels: Object.fromEntries(labels), points };
}

function toldValue(metric: string, value: number, options: ToldSeriesOptions): number {
  if (isInstantMetric(metric) && value > 1e9) return toldInstant(metric, value, options);
  return rounded(isTimeIntegral(metric) ? value * TIME_SCALE : value);
}

/** A process that ran when the recording began was started when its release was deployed. */
function toldInstant(
  metric: string,
  seconds: number,
  { stretch, recordingStartedAt, deployedToldAt }: ToldSeriesOptions,
): number {
  const isFirstStart = metric === 'process_start_time_seconds' && seconds * 1_000 < recordingStartedAt;
  return rounded((isFirstStart ? deployedToldAt : stretch.instant(seconds * 1_000)) / 1_000);
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Math.round(value * DECIMALS) / DECIMALS;
}

/** Index → what went wrong at that scrape of one service. */
export function failureAt(scrapes: Scrapes, service: string, index: number): string | undefined {
  return scrapes.failures.find((failure) => failure.service === service && failure.index === index)?.detail;
}
