/** What the samples of a metric say of "then" and "now": which of them were off, and whether the last ones are well again. */
import { millisecondsOf } from '../../lib/time.ts';
import { spreadOf } from '../metrics/onset.ts';
import { median, quantile } from '../metrics/statistics.ts';
import { topicOf } from '../metrics/topics.ts';
import type { Metric } from '../scene.ts';

export interface Level {
  readonly atMilliseconds: number;
  readonly value: number;
}

/** Twice what makes a series anomalous: a spell of trouble is long only where it is plain. */
const OFF_SPREADS = 8;
/** Below that a sample of a failing share or rate is none. */
const LEAST_FAILING = 0.005;
const USUAL_QUANTILE = 0.95;
const ABOVE_USUAL = 1.5;
const FLOORS: Readonly<Record<string, number>> = { s: 0.002, bytes: 16 * 1024 * 1024, 'per second': 0.05 };
/** Of one processor: counted in ones, it would never be off. */
const PROCESSOR_FLOOR = 0.05;
/** Whoever calls notices a tenth of a second; less is slow for nobody, whatever it was before. */
export const NOTICED_SECONDS = 0.1;
/** A rise of less than that is within what goes up and down of itself. */
const LEAST_RISE = 0.25;
const HEIGHT_QUANTILE = 0.75;
/** So many of the last samples say how it is now. */
const NOW_SAMPLES = 3;

/** In time order; what has no value is left out. */
export function levelsOf({ data }: Metric): Level[] {
  return data.points.flatMap(({ at, value }) => {
    const atMilliseconds = millisecondsOf(at);
    return value === null || atMilliseconds === undefined ? [] : [{ atMilliseconds, value }];
  });
}

/** Samples far off their level before `sinceMilliseconds`, from then on. */
export function offSince(metric: Metric, sinceMilliseconds: number): Level[] {
  const isOff = offTest(metric, sinceMilliseconds);
  return levelsOf(metric).filter((level) => level.atMilliseconds >= sinceMilliseconds && isOff(level.value));
}

/** The median of the last samples is where it was before `sinceMilliseconds`. Without samples: not known, so false. */
export function isBack(metric: Metric, sinceMilliseconds: number): boolean {
  const last = levelsOf(metric).slice(-NOW_SAMPLES);
  const now = median(last.map(({ value }) => value));
  return now !== undefined && !offTest(metric, sinceMilliseconds)(now);
}

/** Whoever says that it is high is right as long as the last samples are nearer to its height than to where it came from. */
export function isHighStill(metric: Metric, sinceMilliseconds: number): boolean {
  const levels = levelsOf(metric);
  const before = median(valuesOf(levels.filter(({ atMilliseconds }) => atMilliseconds < sinceMilliseconds)));
  const height = quantile(
    valuesOf(levels.filter(({ atMilliseconds }) => atMilliseconds >= sinceMilliseconds)),
    HEIGHT_QUANTILE,
  );
  const now = median(valuesOf(levels.slice(-NOW_SAMPLES)));
  if (before === undefined || height === undefined || now === undefined) return false;
  const rise = height - before;
  if (rise < Math.max(LEAST_RISE * before, leastRiseOf(metric))) return false;
  return now > before + rise / 2;
}

function valuesOf(levels: readonly Level[]): number[] {
  return levels.map(({ value }) => value);
}

function leastRiseOf({ data: { family, metric, unit } }: Metric): number {
  if (family === 'latency' && unit === 's') return NOTICED_SECONDS;
  return topicOf(metric) === 'cpu' ? 2 * PROCESSOR_FLOOR : (FLOORS[unit] ?? 1);
}

function offTest(metric: Metric, sinceMilliseconds: number): (value: number) => boolean {
  const { family, unit } = metric.data;
  if (family === 'availability' || family === 'dependency') return (value) => value === 0;
  const before = levelsOf(metric).filter(({ atMilliseconds }) => atMilliseconds < sinceMilliseconds);
  const centre = median(before.map(({ value }) => value)) ?? 0;
  if (family === 'errors') return (value) => value > centre + LEAST_FAILING;
  const spread = spreadOf(
    before.map(({ value }) => value),
    centre,
    topicOf(metric.data.metric) === 'cpu' ? PROCESSOR_FLOOR : (FLOORS[unit] ?? 1),
  );
  // Where a few requests always take long, a mean over few of them leaps now and then.
  const usual = quantile(
    before.map(({ value }) => value),
    USUAL_QUANTILE,
  );
  // How long the oldest of a queue waits is a time too.
  const isWaited = unit === 's' && topicOf(metric.data.metric) === 'queue';
  const noticed =
    isWaited || (family === 'latency' && unit === 's')
      ? Math.max(NOTICED_SECONDS, ABOVE_USUAL * (usual ?? 0))
      : Number.NEGATIVE_INFINITY;
  return (value) => value >= noticed && (value - centre) / spread >= OFF_SPREADS;
}
