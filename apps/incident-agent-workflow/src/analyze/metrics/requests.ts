/** `http_requests_total` and its like: how many requests, and which share of them failed. */
import type { Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { compareText } from '../../lib/compare-text.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import { listed } from '../../lib/wording.ts';
import { type MetricKind, RATE_OF_ERRORS, REQUEST_RATE, SHARE_OF_ERRORS } from './families.ts';
import {
  changeInWords,
  type Frame,
  type MetricFinding,
  type MetricReading,
  type MetricValues,
  valuesOf,
} from './finding.ts';
import { extremeOf, guardMilliseconds, measure } from './measure.ts';
import { findOnset } from './onset.ts';
import { quantity } from './quantity.ts';
import { type CountedSeries, increasesOf, readingTimes, summed } from './rates.ts';
import { exactStatus, isProbe, requestOf, statusClass } from './request-labels.ts';
import { inLabelOrder, type Sample, stepOf } from './samples.ts';
import {
  beforeOnset,
  isRise,
  type Outcome,
  outcomesOf,
  shareScore,
  sharesAround,
  sinceOnset,
  totalOf,
} from './shares.ts';
import { median } from './statistics.ts';
import { stoppedRoutes } from './stopped-routes.ts';

/** Handlers are named in the title until they carry so much of the errors. */
const NAMED_SHARE = 0.6;
const MAX_NAMED = 2;

/** Errors of the server first, then those of the callers, then the number of requests. */
export function requestFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const tally = tallyOf(question.metric, series, frame);
  const serverErrors = errorFinding(tally, '5');
  const callerErrors = errorFinding(tally, '4');
  const traffic = trafficFinding(tally);
  return [
    ...(serverErrors ? [serverErrors] : []),
    ...(callerErrors?.isTelling ? [callerErrors] : []),
    ...(traffic ? [traffic] : []),
    ...stoppedRoutes(
      question.metric,
      tally.counted.filter(({ labels }) => !isProbe(labels)),
      tally.readings,
      frame,
    ),
  ];
}

interface Tally {
  readonly metric: string;
  readonly counted: readonly CountedSeries[];
  readonly readings: readonly number[];
  readonly step: number;
  readonly frame: Frame;
}

/** Where nothing says how a request ended, only how many there were. */
export function trafficFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const traffic = trafficFinding(tallyOf(question.metric, series, frame));
  return traffic ? [traffic] : [];
}

function tallyOf(metric: string, series: readonly Series[], frame: Frame): Tally {
  const counted = increasesOf(inLabelOrder(series));
  const readings = readingTimes(counted);
  const step = stepOf([readings.map((atMilliseconds) => ({ atMilliseconds, value: 0 }))]) ?? 0;
  return { metric, counted, readings, step, frame };
}

function trafficFinding({ metric, counted, readings, step, frame }: Tally): MetricFinding | undefined {
  const intervals = summed(
    counted.filter(({ labels }) => !isProbe(labels)),
    readings,
  );
  if (intervals.length === 0) return undefined;
  const samples = intervals.map(({ atMilliseconds, perSecond }) => ({ atMilliseconds, value: perSecond }));
  const measured = measure(samples, REQUEST_RATE, frame.provisionalMilliseconds, step);
  const values = valuesOf(metric, REQUEST_RATE, samples, measured);
  const isIdle = samples.every(({ value }) => value === 0);
  const change = isIdle ? 'stayed 0 per second in the whole window' : changeInWords(values, REQUEST_RATE);
  return { title: `request rate of ${frame.service} ${change}`, values, isTelling: measured.isAnomalous };
}

function errorFinding(tally: Tally, statusDigit: string): MetricFinding | undefined {
  const ofPeople = tally.counted.filter(({ labels }) => !isProbe(labels));
  const ofProbes = tally.counted.filter(({ labels }) => isProbe(labels));
  const chosen = hasFailures(ofPeople, statusDigit) || !hasFailures(ofProbes, statusDigit) ? ofPeople : ofProbes;
  const failing = chosen.filter(({ labels }) => statusClass(labels) === statusDigit);
  const outcomes = outcomesOf(summed(failing, tally.readings), summed(chosen, tally.readings));
  if (totalOf(outcomes).all === 0) return undefined;
  const onset = errorOnset(outcomes, tally);
  const isRisen = onset !== undefined && isRise(...countsAround(outcomes, onset, tally.step));
  return isRisen
    ? risenErrors(tally, statusDigit, failing, outcomes, onset)
    : steadyErrors(tally, statusDigit, outcomes);
}

function hasFailures(counted: readonly CountedSeries[], statusDigit: string): boolean {
  return counted.some(
    ({ labels, increases }) => statusClass(labels) === statusDigit && increases.some(({ amount }) => amount > 0),
  );
}

function countsAround(outcomes: readonly Outcome[], onset: number, step: number) {
  const guard = guardMilliseconds(step);
  const guarded = totalOf(beforeOnset(outcomes, onset - guard));
  const before = guarded.all > 0 ? guarded : totalOf(beforeOnset(outcomes, onset));
  return [before, totalOf(sinceOnset(outcomes, onset))] as const;
}

/** By the rate of failures; where that is too short to fit, the first failure after none, at the earliest in the guard. */
function errorOnset(outcomes: readonly Outcome[], { frame, step }: Tally): number | undefined {
  const rates = failureRates(outcomes);
  const found = findOnset(rates, RATE_OF_ERRORS.floor);
  const firstFailure = rates.find(({ value }) => value > 0)?.atMilliseconds;
  if (found && found.shift > 0) {
    // Single failures long before it belong to the noise; one right before it is its beginning.
    const isClose = firstFailure !== undefined && found.atMilliseconds - firstFailure <= guardMilliseconds(step);
    return isClose ? Math.min(firstFailure, found.atMilliseconds) : found.atMilliseconds;
  }
  const earliest = frame.provisionalMilliseconds - guardMilliseconds(step);
  if (firstFailure !== undefined && firstFailure >= earliest) return firstFailure;
  return rates.find(({ atMilliseconds, value }) => value > 0 && atMilliseconds >= earliest)?.atMilliseconds;
}

function failureRates(outcomes: readonly Outcome[]): Sample[] {
  return outcomes.map(({ atMilliseconds, failedPerSecond }) => ({ atMilliseconds, value: failedPerSecond }));
}

/** As a share where there are enough requests for one, else as a rate. */
function risenErrors(
  tally: Tally,
  statusDigit: string,
  failing: readonly CountedSeries[],
  outcomes: readonly Outcome[],
  onset: number,
): MetricFinding {
  const shares = sharesAround(outcomes, onset);
  const isShare = shares.some(({ atMilliseconds }) => atMilliseconds >= onset);
  const kind = isShare ? SHARE_OF_ERRORS : RATE_OF_ERRORS;
  const samples = isShare ? shares : failureRates(outcomes);
  const values = errorValues(tally, kind, samples, onset, shareScore(...countsAround(outcomes, onset, tally.step)));
  const told: MetricValues = { ...values, direction: 'up', onset: isoOfMilliseconds(onset) ?? null };
  const what = isShare ? `${statusDigit}xx share` : `rate of ${statusDigit}xx answers`;
  // Of what callers are refused, the very status says why.
  const status = statusDigit === '4' ? mostlyWith(failing, onset) : '';
  const where = [status, namedHandlers(failing, onset)].filter((part) => part !== '').join(', ');
  return {
    title: `${what} of ${tally.frame.service} ${changeInWords(told, kind)}${where ? ` (${where})` : ''}`,
    values: told,
    isTelling: true,
  };
}

function errorValues(
  { metric }: Tally,
  kind: MetricKind,
  samples: readonly Sample[],
  partedAt: number,
  score: number | undefined,
): MetricValues {
  const before = beforeOnset(samples, partedAt).map(({ value }) => value);
  const after = sinceOnset(samples, partedAt).map(({ value }) => value);
  return valuesOf(metric, kind, samples, {
    onsetMilliseconds: undefined,
    baselineMedian: median(before),
    incidentMedian: median(after),
    incidentExtreme: after.length > 0 ? extremeOf(after, 'up') : undefined,
    score,
    direction: 'flat',
    isAnomalous: false,
  });
}

/** No rise: none at all, or some that were always there. Shown because an alert speaks of them. */
function steadyErrors(tally: Tally, statusDigit: string, outcomes: readonly Outcome[]): MetricFinding {
  const { frame } = tally;
  const samples = failureRates(outcomes);
  const [before, after] = countsAround(outcomes, frame.provisionalMilliseconds, tally.step);
  const values = errorValues(tally, RATE_OF_ERRORS, samples, frame.provisionalMilliseconds, shareScore(before, after));
  const highest = extremeOf(
    samples.map(({ value }) => value),
    'up',
  );
  const what = `${statusDigit}xx answers of ${frame.service}`;
  if (highest === 0) return { title: `${what}: 0 per second in the whole window`, values, isTelling: false };
  const title = `${what}: at most ${quantity(highest, 'per second', false)}, no clear rise`;
  return { title, values, isTelling: false };
}

const ONE_STATUS = 0.9;

/** `401`, where nearly all that failed since the onset did so with it; empty: several, or they are not told apart. */
function mostlyWith(failing: readonly CountedSeries[], onset: number): string {
  const amounts = new Map<string, number>();
  let all = 0;
  for (const { labels, increases } of failing) {
    const status = exactStatus(labels) ?? '';
    for (const { atMilliseconds, amount } of increases) {
      if (atMilliseconds < onset) continue;
      amounts.set(status, (amounts.get(status) ?? 0) + amount);
      all += amount;
    }
  }
  return [...amounts].find(([, amount]) => amount > 0 && amount >= ONE_STATUS * all)?.[0] ?? '';
}

/** `GET /items/`, the handlers that carry most of the failures since the onset. */
function namedHandlers(failing: readonly CountedSeries[], onset: number): string {
  const amounts = new Map<string, number>();
  let all = 0;
  for (const { labels, increases } of failing) {
    const request = requestOf(labels);
    if (request === undefined) continue;
    const name = oneLine(request, 80);
    for (const { atMilliseconds, amount } of increases) {
      if (atMilliseconds < onset) continue;
      amounts.set(name, (amounts.get(name) ?? 0) + amount);
      all += amount;
    }
  }
  const ranked = [...amounts].filter(([, amount]) => amount > 0).sort(([a, m], [b, n]) => n - m || compareText(a, b));
  const named: string[] = [];
  let covered = 0;
  for (const [name, amount] of ranked.slice(0, MAX_NAMED)) {
    if (covered >= all * NAMED_SHARE) break;
    named.push(name);
    covered += amount;
  }
  return ranked.length > named.length && named.length > 0 ? `mostly ${listed(named)}` : listed(named);
}
