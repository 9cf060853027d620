/**
 * How long the slowest requests take, from the buckets of a histogram (METHODS §1.1): increases of each bucket first,
 * then the quantile within the bucket in which it lies. Too few requests say nothing of a quantile, so readings are
 * merged, away from the onset on both sides, until there are enough.
 */
import { isoOfMilliseconds } from '../../lib/time.ts';
import { MEAN_LATENCY } from './families.ts';
import {
  changeInWords,
  type Frame,
  type MetricFinding,
  type MetricReading,
  type MetricValues,
  valuesOf,
} from './finding.ts';
import { isServed } from './latency.ts';
import { findOnset } from './onset.ts';
import { type CountedSeries, increasesOf, readingTimes, summed } from './rates.ts';
import { isProbe, secondsPerUnit } from './request-labels.ts';
import { inLabelOrder } from './samples.ts';
import { beforeOnset, isRise, mergedAround, type Outcome, shareScore, sinceOnset, totalOf } from './shares.ts';

/** The highest first; each needs ten requests beyond it in every step. */
const QUANTILES = [0.95, 0.9] as const;
const BEYOND = 10;
/** Below that the buckets may have made it. */
const MIN_FACTOR = 1.5;

/** Of one reading: how many requests ended within each bound, and how many there were. */
interface Filled {
  readonly atMilliseconds: number;
  readonly seconds: number;
  readonly within: readonly number[];
  readonly all: number;
}

/** undefined: no histogram of answers, or too few requests on one side of the onset. */
export function quantileFinding({ question, series }: MetricReading, frame: Frame): MetricFinding | undefined {
  if (!isServed(question.metric)) return undefined;
  const counted = increasesOf(inLabelOrder(series)).filter(({ labels }) => !isProbe(labels));
  const unit = secondsPerUnit(question.metric);
  const bounds = boundsOf(counted, unit);
  if (bounds.length < 2) return undefined;
  const filled = filledAt(counted, bounds, unit);
  const quantile = QUANTILES.find((q) => hasEnough(filled, frame.provisionalMilliseconds, q));
  if (quantile === undefined) return undefined;
  const usual = quantileOf(beforeOnset(filled, frame.provisionalMilliseconds), bounds, quantile);
  const outcomes = slowerThan(
    filled,
    bounds.findIndex((bound) => bound >= usual),
  );
  const dated = findOnset(
    outcomes.map(({ atMilliseconds, failed }) => ({ atMilliseconds, value: failed })),
    1,
  );
  const onset = dated && dated.shift > 0 ? dated.atMilliseconds : frame.provisionalMilliseconds;
  if (!hasEnough(filled, onset, quantile)) return undefined;
  return told(question.metric, { filled, bounds, quantile, outcomes, onset }, frame);
}

interface Dated {
  readonly filled: readonly Filled[];
  readonly bounds: readonly number[];
  readonly quantile: number;
  readonly outcomes: readonly Outcome[];
  readonly onset: number;
}

function told(metric: string, { filled, bounds, quantile, outcomes, onset }: Dated, { service }: Frame): MetricFinding {
  const was = quantileOf(beforeOnset(filled, onset), bounds, quantile);
  const now = quantileOf(sinceOnset(filled, onset), bounds, quantile);
  const counts = [totalOf(beforeOnset(outcomes, onset)), totalOf(sinceOnset(outcomes, onset))] as const;
  const isTelling = isRise(...counts) && now >= Math.max(was * MIN_FACTOR, was + MEAN_LATENCY.floor);
  const samples = mergedAround(filled, onset, BEYOND / (1 - quantile)).map(({ atMilliseconds, readings }) => ({
    atMilliseconds,
    value: quantileOf(readings, bounds, quantile),
  }));
  const values: MetricValues = {
    ...valuesOf(metric, MEAN_LATENCY, samples, {
      onsetMilliseconds: isTelling ? onset : undefined,
      baselineMedian: was,
      incidentMedian: now,
      incidentExtreme: Math.max(now, ...sinceOnset(samples, onset).map(({ value }) => value)),
      score: shareScore(...counts),
      direction: isTelling ? 'up' : 'flat',
      isAnomalous: isTelling,
    }),
    onset: isTelling ? (isoOfMilliseconds(onset) ?? null) : null,
  };
  const name = `p${Math.round(quantile * 100)} latency`;
  // Beyond the last bound nothing is known but that it is beyond.
  const most = bounds.findLast((bound) => Number.isFinite(bound));
  const beyond = isTelling && now === most ? ', or more' : '';
  return { title: `${name} of ${service} ${changeInWords(values, MEAN_LATENCY)}${beyond}`, values, isTelling };
}

/** In seconds, ascending, the last one without end. */
function boundsOf(counted: readonly CountedSeries[], unit: number): number[] {
  const bounds = counted.map(({ labels }) => boundOf(labels, unit)).filter((bound) => !Number.isNaN(bound));
  return [...new Set(bounds)].sort((a, b) => a - b);
}

function boundOf({ le }: Readonly<Record<string, string>>, unit: number): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le ?? 'NaN') * unit;
}

function filledAt(counted: readonly CountedSeries[], bounds: readonly number[], unit: number): Filled[] {
  const readings = readingTimes(counted);
  const amounts = bounds.map((bound) => {
    const own = counted.filter(({ labels }) => boundOf(labels, unit) === bound);
    return new Map(summed(own, readings).map(({ atMilliseconds, amount }) => [atMilliseconds, amount]));
  });
  return readings.map((atMilliseconds, index) => {
    const within: number[] = [];
    // Cumulative by definition: what a scrape in between has torn apart is put in order.
    for (const amount of amounts) within.push(Math.max(within.at(-1) ?? 0, amount.get(atMilliseconds) ?? 0));
    const seconds = (atMilliseconds - (readings[index - 1] ?? atMilliseconds)) / 1_000;
    return { atMilliseconds, seconds, within, all: within.at(-1) ?? 0 };
  });
}

function hasEnough(filled: readonly Filled[], onset: number, quantile: number): boolean {
  const least = BEYOND / (1 - quantile);
  const count = (of: readonly Filled[]) => of.reduce((sum, { all }) => sum + all, 0);
  return count(beforeOnset(filled, onset)) >= least && count(sinceOnset(filled, onset)) >= least;
}

/** Requests beyond the bound count as those that failed do in an error share. */
function slowerThan(filled: readonly Filled[], bound: number): Outcome[] {
  return filled.map(({ atMilliseconds, seconds, within, all }) => {
    const failed = all - (within[bound] ?? all);
    return { atMilliseconds, failed, all, failedPerSecond: seconds > 0 ? failed / seconds : 0 };
  });
}

/** Linear within its bucket; in the last one the highest bound that there is. 0 without requests. */
function quantileOf(filled: readonly Filled[], bounds: readonly number[], quantile: number): number {
  const within = bounds.map((_bound, index) => filled.reduce((sum, one) => sum + (one.within[index] ?? 0), 0));
  const rank = quantile * (within.at(-1) ?? 0);
  const index = within.findIndex((count) => count >= rank);
  const [lower, upper] = [bounds[index - 1] ?? 0, bounds[index] ?? 0];
  if (rank <= 0 || !Number.isFinite(upper)) return rank <= 0 ? 0 : lower;
  const [below, count] = [within[index - 1] ?? 0, within[index] ?? 0];
  return lower + ((upper - lower) * (rank - below)) / Math.max(1e-9, count - below);
}
