/** What keeping silent below some confidence costs and saves. */
import { wilson, Z_80_ONE_SIDED } from './proportions.ts';
import type { Forecast } from './reliability.ts';

/** Answering from this confidence on: which share of the cases that is, and which share of those answers is wrong. */
export interface CurvePoint {
  readonly from: number;
  readonly coverage: number;
  readonly risk: number;
}

/** From the most careful to always answering. One point for each confidence that occurs. */
export function riskCoverage(forecasts: readonly Forecast[]): CurvePoint[] {
  const sorted = forecasts.toSorted((a, b) => b.confidence - a.confidence);
  const points: CurvePoint[] = [];
  let wrong = 0;
  for (const [index, { confidence, isRight }] of sorted.entries()) {
    wrong += Number(!isRight);
    if (sorted[index + 1]?.confidence === confidence) continue;
    points.push({ from: confidence, coverage: (index + 1) / sorted.length, risk: wrong / (index + 1) });
  }
  return points;
}

/** Area under that curve: the mean risk over all levels of coverage, in steps. NaN without forecasts. */
export function areaUnderRisk(forecasts: readonly Forecast[]): number {
  let area = forecasts.length === 0 ? Number.NaN : 0;
  let before = 0;
  for (const { coverage, risk } of riskCoverage(forecasts)) {
    area += (coverage - before) * risk;
    before = coverage;
  }
  return area;
}

/** METHODS §7: the lower 80 % bound of the precision that an answer must have. */
const LEAST_PRECISION = 0.7;

/** The lowest confidence from which on answers are precise enough; undefined: none is, not even the highest. */
export function abstainLevel(forecasts: readonly Forecast[], leastPrecision = LEAST_PRECISION): number | undefined {
  const good = riskCoverage(forecasts).filter(({ coverage, risk }) => {
    const answered = Math.round(coverage * forecasts.length);
    return wilson(Math.round((1 - risk) * answered), answered, Z_80_ONE_SIDED).low >= leastPrecision;
  });
  return good.at(-1)?.from;
}
