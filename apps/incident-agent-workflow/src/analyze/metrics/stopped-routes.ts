/** A route whose requests no longer end, well or badly, while the service goes on: they hang, or are asked no more. */
import { oneLine } from '../../lib/clean-text.ts';
import { compareText } from '../../lib/compare-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import type { MetricKind } from './families.ts';
import { type Frame, type MetricFinding, valuesOf } from './finding.ts';
import { MAX_SCORE, MIN_BASELINE } from './measure.ts';
import { quantity } from './quantity.ts';
import { type CountedSeries, summed } from './rates.ts';
import { requestOf } from './request-labels.ts';
import { median } from './statistics.ts';

const ENDED: MetricKind = { family: 'other', unit: 'per second', isShare: false, badDirection: 'down', floor: 0.05 };
/** So many would have ended since: that none did is no chance. */
const EXPECTED_SINCE = 8;
const EARLIEST_BEFORE_MILLISECONDS = 600_000;
const MAX_ROUTES = 2;

/** Those that were used most first. */
export function stoppedRoutes(
  metric: string,
  counted: readonly CountedSeries[],
  readings: readonly number[],
  frame: Frame,
): MetricFinding[] {
  const routes = Map.groupBy(counted, routeOf);
  const found = [...routes].flatMap(([route, series]) => {
    const finding = route === '' ? undefined : stoppedFinding(metric, route, summed(series, readings), frame);
    return finding ? [finding] : [];
  });
  return found
    .toSorted((a, b) => (b.values.score ?? 0) - (a.values.score ?? 0) || compareText(a.title, b.title))
    .slice(0, MAX_ROUTES);
}

function routeOf({ labels }: CountedSeries): string {
  return oneLine(requestOf(labels) ?? '', 80).trim();
}

function stoppedFinding(
  metric: string,
  route: string,
  intervals: ReturnType<typeof summed>,
  { service, provisionalMilliseconds }: Frame,
): MetricFinding | undefined {
  const lastEnd = intervals.findLastIndex(({ amount }) => amount > 0);
  const before = intervals.slice(0, lastEnd + 1);
  const since = intervals.slice(lastEnd + 1);
  const [first] = since;
  if (!first || before.length < MIN_BASELINE) return undefined;
  if (first.atMilliseconds < provisionalMilliseconds - EARLIEST_BEFORE_MILLISECONDS) return undefined;
  const perInterval = before.reduce((sum, { amount }) => sum + amount, 0) / before.length;
  const expected = perInterval * since.length;
  if (expected < EXPECTED_SINCE) return undefined;
  const samples = intervals.map(({ atMilliseconds, perSecond }) => ({ atMilliseconds, value: perSecond }));
  const usual = before.reduce((sum, { perSecond }) => sum + perSecond, 0) / before.length;
  const at = isoOfMilliseconds(first.atMilliseconds);
  const values = valuesOf(`${metric}{route="${route}"}`, ENDED, samples, {
    onsetMilliseconds: first.atMilliseconds,
    baselineMedian: median(before.map(({ perSecond }) => perSecond)),
    incidentMedian: 0,
    incidentExtreme: 0,
    score: Math.min(MAX_SCORE, expected),
    direction: 'down',
    isAnomalous: true,
  });
  return {
    title: `no request to ${route} of ${service} ended${at ? ` since ${clockTime(at)}` : ''}, after ${quantity(usual, ENDED.unit, false)}`,
    values: { ...values, baselineMedian: usual, shape: 'stopped' },
    isTelling: true,
  };
}
