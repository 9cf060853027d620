/** One series measured against itself: its level before and after the onset, and how far apart they are. */
import type { MetricKind } from './families.ts';
import { findOnset, spreadOf } from './onset.ts';
import type { Sample } from './samples.ts';
import { median, quantile } from './statistics.ts';

export interface Measured {
  readonly onsetMilliseconds: number | undefined;
  readonly baselineMedian: number | undefined;
  readonly incidentMedian: number | undefined;
  /** In the direction of the change; of a flat series the value farthest from its baseline. */
  readonly incidentExtreme: number | undefined;
  /** Spreads between old level and new, at most 1,000; undefined: too few samples to say. */
  readonly score: number | undefined;
  readonly direction: 'up' | 'down' | 'flat';
  readonly isAnomalous: boolean;
}

export const MIN_BASELINE = 8;
export const MIN_INCIDENT = 2;
export const MAX_SCORE = 1_000;
/** A spread is never less than the floor of the kind, so a change of less than four floors is none. */
export const ANOMALOUS_SCORE = 4;
/** What lies right before the onset may already belong to it. */
const MIN_GUARD_MILLISECONDS = 60_000;

export function guardMilliseconds(stepMilliseconds: number): number {
  return Math.max(2 * stepMilliseconds, MIN_GUARD_MILLISECONDS);
}

/** Two passes: the onset first, then the score with the baseline before it. `provisional` parts them where no onset is found. */
export function measure(
  samples: readonly Sample[],
  kind: MetricKind,
  provisionalMilliseconds: number,
  stepMilliseconds: number,
): Measured {
  const onset = findOnset(samples, kind.floor);
  const parted = partAt(samples, onset?.atMilliseconds ?? provisionalMilliseconds, stepMilliseconds);
  const up = scoreTowards(parted, kind.floor, 'up');
  const down = scoreTowards(parted, kind.floor, 'down');
  const worst =
    kind.badDirection === 'both' ? (up.score >= down.score ? up : down) : kind.badDirection === 'up' ? up : down;
  const isJudged = parted.before.length >= MIN_BASELINE && parted.after.length >= MIN_INCIDENT;
  const isAnomalous = isJudged && worst.isAnomalous;
  return {
    onsetMilliseconds: isAnomalous
      ? (onset?.atMilliseconds ?? firstDeparture(samples, parted, kind, worst))
      : undefined,
    baselineMedian: median(parted.before),
    incidentMedian: median(parted.after),
    incidentExtreme: parted.after.length > 0 ? worst.extreme : undefined,
    score: isJudged ? worst.score : undefined,
    direction: isAnomalous ? worst.direction : 'flat',
    isAnomalous,
  };
}

export interface Parted {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly atMilliseconds: number;
  /** How far it moves by itself over a longer quiet time, where such a time is known. */
  readonly restless?: number;
}

/** The values before (less the guard) and from the onset on. */
export function partAt(samples: readonly Sample[], atMilliseconds: number, stepMilliseconds: number): Parted {
  const guard = guardMilliseconds(stepMilliseconds);
  const all = samples.filter((sample) => sample.atMilliseconds < atMilliseconds);
  const guarded = all.filter((sample) => sample.atMilliseconds < atMilliseconds - guard);
  // A short baseline is worth more than a clean one.
  const before = guarded.length >= MIN_BASELINE ? guarded : all;
  const after = samples.filter((sample) => sample.atMilliseconds >= atMilliseconds);
  return { before: before.map(({ value }) => value), after: after.map(({ value }) => value), atMilliseconds };
}

export interface Scored {
  readonly direction: 'up' | 'down';
  readonly score: number;
  readonly extreme: number;
  readonly isAnomalous: boolean;
}

/** p95 (p5) of the incident rather than its mean, the median and its spread rather than the mean: robust on both sides. */
export function scoreTowards(
  { before, after, restless = 0 }: Pick<Parted, 'before' | 'after' | 'restless'>,
  floor: number,
  direction: 'up' | 'down',
): Scored {
  const centre = median(before) ?? 0;
  const spread = Math.max(spreadOf(before, centre, floor), restless);
  const extreme = extremeOf(after, direction);
  const level = after.length < 8 ? extreme : (quantile(after, direction === 'up' ? 0.95 : 0.05) ?? extreme);
  const move = direction === 'up' ? level - centre : centre - level;
  const score = Math.min(MAX_SCORE, Math.max(0, move / spread));
  return {
    direction,
    score: Number.isFinite(score) ? score : 0,
    extreme,
    isAnomalous: score >= ANOMALOUS_SCORE,
  };
}

/** 0 without values. */
export function extremeOf(values: readonly number[], direction: 'up' | 'down'): number {
  const [first = 0, ...rest] = values;
  return rest.reduce((far, value) => (direction === 'up' ? Math.max(far, value) : Math.min(far, value)), first);
}

/** Too few samples for a fit: the first one that is far off, at the earliest in the guard. */
function firstDeparture(
  samples: readonly Sample[],
  { before, atMilliseconds }: Parted,
  { floor }: MetricKind,
  { direction }: Scored,
): number | undefined {
  const centre = median(before) ?? 0;
  const spread = spreadOf(before, centre, floor) * (direction === 'up' ? 1 : -1);
  const isOff = (sample: Sample) => (sample.value - centre) / spread >= ANOMALOUS_SCORE;
  const earliest = atMilliseconds - MIN_GUARD_MILLISECONDS;
  return samples.find((sample) => sample.atMilliseconds >= earliest && isOff(sample))?.atMilliseconds;
}
