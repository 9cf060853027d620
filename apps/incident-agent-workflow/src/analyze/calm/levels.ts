/** What the samples of a metric say of "then" and "now": which of them were off, and whether the last ones are well again. */
import { millisecondsOf } from '../../lib/time.ts';
import { spreadOf } from '../metrics/onset.ts';
import { median, quantile } from '../metrics/statistics.ts';
import type { Metric } from '../scene.ts';

interface Level {
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
/** Whoever calls notices a tenth of a second; less is slow for nobody, whatever it was before. */
export const NOTICED_SECONDS = 0.1;
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

function offTest(metric: Metric, sinceMilliseconds: number): (value: number) => boolean {
  const { family, unit } = metric.data;
  if (family === 'availability' || family === 'dependency') return (value) => value === 0;
  const before = levelsOf(metric).filter(({ atMilliseconds }) => atMilliseconds < sinceMilliseconds);
  const centre = median(before.map(({ value }) => value)) ?? 0;
  if (family === 'errors') return (value) => value > centre + LEAST_FAILING;
  const spread = spreadOf(
    before.map(({ value }) => value),
    centre,
    FLOORS[unit] ?? 1,
  );
  // Where a few requests always take long, a mean over few of them leaps now and then.
  const usual = quantile(
    before.map(({ value }) => value),
    USUAL_QUANTILE,
  );
  const noticed =
    family === 'latency' && unit === 's'
      ? Math.max(NOTICED_SECONDS, ABOVE_USUAL * (usual ?? 0))
      : Number.NEGATIVE_INFINITY;
  return (value) => value >= noticed && (value - centre) / spread >= OFF_SPREADS;
}
