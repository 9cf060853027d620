/** How strongly one series of a node left its level (METHODS §1.2): also where it has only a handful of samples. */
import type { MetricFamily } from '../../domain/evidence.ts';
import type { MetricKind } from '../metrics/families.ts';
import { ANOMALOUS_SCORE, MAX_SCORE, MIN_BASELINE, MIN_INCIDENT, measure, scoreTowards } from '../metrics/measure.ts';
import { spreadOf } from '../metrics/onset.ts';
import { type Sample, stepOf } from '../metrics/samples.ts';
import { median, medianAbsoluteDeviation } from '../metrics/statistics.ts';

export interface NodeSeries {
  readonly node: string;
  readonly metric: string;
  readonly kind: MetricKind;
  readonly samples: readonly Sample[];
  /** Values of a longer quiet time, maybe of another season: they say how far it moves by itself, not where it stands. */
  readonly usual?: readonly number[];
}

export interface Strength {
  readonly metric: string;
  readonly family: MetricFamily;
  /** Spreads between old level and new, at most MAX_SCORE. */
  readonly score: number;
  /** ln(1 + score): a series twice as far off is not twice as guilty. */
  readonly strength: number;
  readonly isAnomalous: boolean;
  readonly onsetMilliseconds: number | undefined;
  /** Level before, and the farthest value since. */
  readonly from: number;
  readonly to: number;
  readonly unit: string;
  /** Judged against the floors, for want of a baseline of MIN_BASELINE samples. */
  readonly isThin: boolean;
}

/** A saturation that falls is a sign of idleness, not of a cause. */
const IDLE_WEIGHT = 0.3;

export function strengthOfScore(score: number): number {
  return Math.log(1 + Math.min(MAX_SCORE, Math.max(0, Number.isFinite(score) ? score : 0)));
}

/** undefined: nothing to compare. `provisionalMilliseconds`: when the trouble began, early when in doubt. */
export function strengthOf(series: NodeSeries, provisionalMilliseconds: number): Strength | undefined {
  const samples = series.samples
    .filter(({ atMilliseconds, value }) => Number.isFinite(value) && Number.isFinite(atMilliseconds))
    .toSorted((a, b) => a.atMilliseconds - b.atMilliseconds);
  const beforeCount = samples.filter(({ atMilliseconds }) => atMilliseconds < provisionalMilliseconds).length;
  const isFull = beforeCount >= MIN_BASELINE && samples.length - beforeCount >= MIN_INCIDENT;
  return isFull && series.usual === undefined
    ? ofFull(series, samples, provisionalMilliseconds)
    : ofThin(series, samples, provisionalMilliseconds);
}

function ofFull({ metric, kind }: NodeSeries, samples: readonly Sample[], provisional: number): Strength | undefined {
  const measured = measure(samples, kind, provisional, stepOf([samples]) ?? 0);
  if (measured.score === undefined || measured.baselineMedian === undefined) return undefined;
  return {
    metric,
    family: kind.family,
    score: measured.score,
    strength: strengthOfScore(measured.score) * weightOf(kind, measured.direction),
    isAnomalous: measured.isAnomalous,
    onsetMilliseconds: measured.onsetMilliseconds,
    from: measured.baselineMedian,
    to: measured.incidentExtreme ?? measured.baselineMedian,
    unit: kind.unit,
    isThin: false,
  };
}

/** The samples up to the first one that departs and stays away are the baseline; without one, those before the trouble. */
function ofThin(series: NodeSeries, samples: readonly Sample[], provisional: number): Strength | undefined {
  const { metric, kind, usual = [] } = series;
  const restless = 1.4826 * medianAbsoluteDeviation(usual, median(usual) ?? 0);
  const departure = departureIn(samples, kind, restless);
  const parted = departure ?? samples.findIndex(({ atMilliseconds }) => atMilliseconds >= provisional);
  if (parted < 0) return undefined;
  const known = samples.slice(0, parted).map(({ value }) => value);
  const before = known.length > 0 ? known : usual;
  const after = samples.slice(parted).map(({ value }) => value);
  if (before.length === 0 || after.length === 0) return undefined;
  const scored = directionsOf(kind).map((direction) =>
    scoreTowards({ before, after, restless }, kind.floor, direction),
  );
  const [best] = scored.toSorted((a, b) => b.score - a.score);
  if (!best) return undefined;
  return {
    metric,
    family: kind.family,
    score: best.score,
    strength: strengthOfScore(best.score) * weightOf(kind, best.direction),
    isAnomalous: best.isAnomalous,
    onsetMilliseconds: best.isAnomalous && departure !== undefined ? samples[departure]?.atMilliseconds : undefined,
    from: median(before) ?? 0,
    to: best.extreme,
    unit: kind.unit,
    isThin: known.length < MIN_BASELINE,
  };
}

/** Index of the first sample far off all before it, if the next one is still on its way; undefined: none. */
function departureIn(samples: readonly Sample[], kind: MetricKind, restless: number): number | undefined {
  const values = samples.map(({ value }) => value);
  for (let index = 1; index < values.length; index += 1) {
    const before = values.slice(0, index);
    const centre = median(before) ?? 0;
    const spread = Math.max(spreadOf(before, centre, kind.floor), restless);
    for (const direction of directionsOf(kind)) {
      const sign = direction === 'up' ? 1 : -1;
      const offOf = (value: number | undefined) =>
        value === undefined ? Infinity : ((value - centre) / spread) * sign;
      if (offOf(values[index]) >= ANOMALOUS_SCORE && offOf(values[index + 1]) >= ANOMALOUS_SCORE / 2) return index;
    }
  }
  return undefined;
}

function directionsOf({ badDirection }: MetricKind): readonly ('up' | 'down')[] {
  return badDirection === 'both' ? ['up', 'down'] : [badDirection];
}

function weightOf({ family, badDirection }: MetricKind, direction: 'up' | 'down' | 'flat'): number {
  return family === 'saturation' && direction !== 'flat' && badDirection !== 'both' && direction !== badDirection
    ? IDLE_WEIGHT
    : 1;
}
