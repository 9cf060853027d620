/** Failed of all: counts are compared, since a ratio of few requests has no spread to be scored against. */
import type { Interval } from './rates.ts';
import type { Sample } from './samples.ts';

export interface Counts {
  readonly failed: number;
  readonly all: number;
}

/** A share of fewer requests than this is not printed. */
const MIN_REQUESTS_PER_SHARE = 20;
const MAX_SCORE = 1_000;
/** Below MIN_REQUESTS_PER_SHARE requests one failure more or less decides: it may speak, not shout. */
const MAX_SCORE_OF_FEW = 6;
/** A long quiet baseline must not drown a short incident. */
const MAX_BASELINE_REQUESTS = 2_000;
const ANOMALOUS_SCORE = 4;
const MIN_SHARE_RISE = 0.006;
const MIN_FAILED = 2;

/** Two proportions compared, positive when the incident's is larger; undefined: no requests on one of the sides. */
export function shareScore(before: Counts, after: Counts): number | undefined {
  if (before.all <= 0 || after.all <= 0) return undefined;
  const weight = Math.min(1, MAX_BASELINE_REQUESTS / before.all);
  const baseline = { failed: before.failed * weight, all: before.all * weight };
  const pooled = (baseline.failed + after.failed + 0.5) / (baseline.all + after.all + 1);
  const spread = Math.sqrt(Math.max(0, pooled * (1 - pooled)) * (1 / baseline.all + 1 / after.all));
  const score = (after.failed / after.all - baseline.failed / baseline.all) / Math.max(spread, 0.002);
  if (!Number.isFinite(score)) return undefined;
  return Math.min(after.all < MIN_REQUESTS_PER_SHARE ? MAX_SCORE_OF_FEW : MAX_SCORE, Math.max(0, score));
}

/** One failed request is never a rise. Without requests before there is nothing to rise from: then many are needed. */
export function isRise(before: Counts, after: Counts): boolean {
  if (after.failed < MIN_FAILED || after.all <= 0) return false;
  const score = shareScore(before, after);
  if (score === undefined) return after.failed / after.all >= 0.05;
  return score >= ANOMALOUS_SCORE && after.failed / after.all - before.failed / before.all >= MIN_SHARE_RISE;
}

/** Failures and requests of one reading. */
export interface Outcome extends Counts {
  readonly atMilliseconds: number;
  readonly failedPerSecond: number;
}

/** In the order of `all`; a reading without a failed series has none that failed. */
export function outcomesOf(failed: readonly Interval[], all: readonly Interval[]): Outcome[] {
  const failures = new Map(failed.map((interval) => [interval.atMilliseconds, interval]));
  return all.map(({ atMilliseconds, amount }) => {
    const failure = failures.get(atMilliseconds);
    return {
      atMilliseconds,
      failed: Math.min(failure?.amount ?? 0, amount),
      all: amount,
      failedPerSecond: failure?.perSecond ?? 0,
    };
  });
}

export function totalOf(outcomes: readonly Counts[]): Counts {
  let failed = 0;
  let all = 0;
  for (const outcome of outcomes) {
    failed += outcome.failed;
    all += outcome.all;
  }
  return { failed, all };
}

/** Shares of at least MIN_REQUESTS_PER_SHARE requests each, dated at their first reading. */
export function sharesAround(outcomes: readonly Outcome[], onsetMilliseconds: number): Sample[] {
  return mergedAround(outcomes, onsetMilliseconds, MIN_REQUESTS_PER_SHARE).map(({ atMilliseconds, readings }) => {
    const { failed, all } = totalOf(readings);
    return { atMilliseconds, value: failed / all };
  });
}

/** How many requests one reading counts. */
interface Counted {
  readonly atMilliseconds: number;
  readonly all: number;
}

interface Merged<T extends Counted> {
  /** Of the first of its readings. */
  readonly atMilliseconds: number;
  readonly readings: readonly T[];
}

/**
 * Readings put together until there are `least` requests, away from the onset on both sides, so that none straddles it.
 * What is left over joins its neighbour on the side of the incident.
 */
export function mergedAround<T extends Counted>(readings: readonly T[], onset: number, least: number): Merged<T>[] {
  return [
    ...merged(beforeOnset(readings, onset).toReversed(), least).toReversed(),
    ...merged(sinceOnset(readings, onset), least),
  ];
}

function merged<T extends Counted>(readings: readonly T[], least: number): Merged<T>[] {
  const groups: T[][] = [];
  let open: T[] = [];
  let all = 0;
  for (const reading of readings) {
    open.push(reading);
    all += reading.all;
    if (all < least) continue;
    groups.push(open);
    open = [];
    all = 0;
  }
  groups.at(-1)?.push(...open);
  return groups.map((group) => ({
    atMilliseconds: Math.min(...group.map(({ atMilliseconds }) => atMilliseconds)),
    readings: group,
  }));
}

export function beforeOnset<T extends Pick<Counted, 'atMilliseconds'>>(readings: readonly T[], onset: number): T[] {
  return readings.filter(({ atMilliseconds }) => atMilliseconds < onset);
}

export function sinceOnset<T extends Pick<Counted, 'atMilliseconds'>>(readings: readonly T[], onset: number): T[] {
  return readings.filter(({ atMilliseconds }) => atMilliseconds >= onset);
}
