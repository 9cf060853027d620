/** Whether a confidence means what it says: Brier score, reliability by bins, and what of its error is mere chance. */
import { percentile } from '../../figures.ts';
import { seededRandom } from './seeded.ts';

/** What was said, 0–1, and whether it was right. */
export interface Forecast {
  readonly confidence: number;
  readonly isRight: boolean;
}

export interface Bin {
  readonly count: number;
  readonly meanConfidence: number;
  readonly rightShare: number;
}

/** METHODS §7: few cases leave few bins. */
export const BIN_COUNT = 5;
export const SIMULATIONS = 2_000;

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean squared error; NaN without forecasts. 0 is perfect, .25 a coin that knows nothing. */
export function brier(forecasts: readonly Forecast[]): number {
  return mean(forecasts.map(({ confidence, isRight }) => (confidence - Number(isRight)) ** 2));
}

/** Of whoever always says the share that was right: what a confidence must beat. */
export function baseRateBrier(forecasts: readonly Forecast[]): number {
  const rate = mean(forecasts.map(({ isRight }) => Number(isRight)));
  return rate * (1 - rate);
}

/** By rising confidence, of equal size as far as equal confidences, which stay together, allow it. */
export function equalMassBins(forecasts: readonly Forecast[], binCount = BIN_COUNT): Bin[] {
  const sorted = forecasts.toSorted((a, b) => a.confidence - b.confidence);
  return boundaries(
    sorted.map(({ confidence }) => confidence),
    binCount,
  ).map(([from, to]) => {
    const own = sorted.slice(from, to);
    return {
      count: own.length,
      meanConfidence: mean(own.map(({ confidence }) => confidence)),
      rightShare: mean(own.map(({ isRight }) => Number(isRight))),
    };
  });
}

/** Expected calibration error: the gap between said and true, weighted by the size of each bin. */
export function calibrationError(forecasts: readonly Forecast[], binCount = BIN_COUNT): number {
  const gaps = equalMassBins(forecasts, binCount).map(
    ({ count, meanConfidence, rightShare }) => (count / forecasts.length) * Math.abs(meanConfidence - rightShare),
  );
  return gaps.length === 0 ? Number.NaN : gaps.reduce((sum, gap) => sum + gap, 0);
}

export interface Consistency {
  readonly error: number;
  /** 95th percentile of the error that a perfectly calibrated forecaster with these confidences shows. */
  readonly limit: number;
  readonly isRejected: boolean;
}

/** METHODS §7: outcomes drawn from the confidences themselves, with a fixed seed. undefined: nothing to test. */
export function consistency(forecasts: readonly Forecast[], seed = 7): Consistency | undefined {
  if (forecasts.length === 0) return undefined;
  const random = seededRandom(seed);
  const errors: number[] = [];
  for (let round = 0; round < SIMULATIONS; round += 1)
    errors.push(calibrationError(forecasts.map(({ confidence }) => ({ confidence, isRight: random() < confidence }))));
  const error = calibrationError(forecasts);
  const limit = percentile(errors, 0.95);
  return { error, limit, isRejected: error > limit };
}

/** Of a sorted list: from (with) and to (without). Never between equal values, but as near as that to bins of equal size. */
export function boundaries(sorted: readonly number[], binCount: number): [number, number][] {
  const ends = sorted.flatMap((value, index) => (value === sorted[index + 1] ? [] : [index + 1]));
  const bins: [number, number][] = [];
  let from = 0;
  for (let bin = 1; bin <= binCount; bin += 1) {
    const wished = (bin * sorted.length) / binCount;
    const to = ends.reduce((best, end) => (Math.abs(end - wished) < Math.abs(best - wished) ? end : best), from);
    if (to > from) bins.push([from, to]);
    from = to;
  }
  return bins;
}
