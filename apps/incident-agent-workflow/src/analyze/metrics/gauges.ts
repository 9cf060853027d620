/** Any other metric: gauges series by series, counters as one rate. */
import type { Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import { isOver } from './expiry.ts';
import { counterKind, gaugeKind, type MetricKind } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { growthOf } from './growth.ts';
import { fullFinding, type Limit } from './limits.ts';
import { extremeOf, MAX_SCORE, MIN_BASELINE, measure } from './measure.ts';
import { quantity } from './quantity.ts';
import { type Interval, increasesOf, readingTimes, summed } from './rates.ts';
import { inLabelOrder, type Sample, samplesOf, stepOf, thinned } from './samples.ts';
import { median } from './statistics.ts';
import { topicOf } from './topics.ts';

const MAX_SERIES = 3;
/** Beyond it the series of one metric are not looked at one by one. */
const MAX_EXAMINED = 300;
/** Not what is reserved or allowed. */
const USED_MEMORY = /resident|(?:^|_)rss|used|working_set|heap_(?:bytes|alloc)|alloc_bytes/;

/** What else is known of the service that a gauge is to be read with. */
export interface Beside {
  /** When the process that runs now was started, if it was in the window. */
  readonly startedMilliseconds?: number | undefined;
  /** The highest that a series can be (of what is free: all there is), if another metric says so. */
  readonly limitOf?: ((one: Series) => Limit | undefined) | undefined;
}

/** The series that left their level, farthest first; if none did, the first one, as not telling. */
export function gaugeFindings({ question, series }: MetricReading, frame: Frame, beside: Beside = {}): MetricFinding[] {
  const kind = gaugeKind(question.metric);
  const ordered = inLabelOrder(series).slice(0, MAX_EXAMINED);
  const differing = differingLabels(ordered);
  const findings = ordered.flatMap((one) => {
    const samples = samplesOf(one.points);
    const name = seriesName(question.metric, one, differing);
    if (samples.length === 0) return [];
    const finding = findingOf(name, kind, samples, frame);
    return [
      fullFinding(finding, samples, frame, beside.limitOf?.(one)) ??
        grownFinding(finding, samples, frame, beside) ??
        finding,
    ];
  });
  const telling = findings.filter(({ isTelling }) => isTelling);
  telling.sort((a, b) => (b.values.score ?? 0) - (a.values.score ?? 0));
  return telling.length > 0 ? telling.slice(0, MAX_SERIES) : findings.slice(0, 1);
}

/** Memory that rises without levelling off is told so, whatever its level was before. */
function grownFinding(
  { values }: MetricFinding,
  samples: readonly Sample[],
  { service }: Frame,
  { startedMilliseconds }: Beside,
): MetricFinding | undefined {
  if (topicOf(values.metric) !== 'memory' || values.unit !== 'bytes' || !USED_MEMORY.test(values.metric))
    return undefined;
  const growth = growthOf(thinned(samples), startedMilliseconds);
  if (!growth) return undefined;
  const { before, now, fromMilliseconds } = growth;
  const at = isoOfMilliseconds(fromMilliseconds);
  const from = `${quantity(before, 'bytes', false)} to ${quantity(now, 'bytes', false)}`;
  return {
    title: `${values.metric} of ${service} grew from ${from}${at ? ` since ${clockTime(at)}` : ''} and did not level off (lowest of each stretch of time)`,
    values: {
      ...values,
      baselineMedian: before,
      incidentMedian: now,
      incidentExtreme: extremeOf(
        samples.map(({ value }) => value),
        'up',
      ),
      score: Math.max(values.score ?? 0, Math.min(MAX_SCORE, (now - before) / Math.max(1, 0.02 * before))),
      direction: 'up',
      onset: at ?? null,
      shape: 'grows',
    },
    isTelling: true,
  };
}

/** A count that rose regularly and has stopped: so many would have been expected since. */
const EXPECTED_SINCE = 6;

function stoppedFinding(
  finding: MetricFinding,
  intervals: readonly Interval[],
  { service }: Frame,
): MetricFinding | undefined {
  const lastRise = intervals.findLastIndex(({ amount }) => amount > 0);
  const before = intervals.slice(0, lastRise + 1);
  const since = intervals.slice(lastRise + 1);
  const [first] = since;
  if (!first || before.length < MIN_BASELINE) return undefined;
  const perInterval = before.reduce((sum, { amount }) => sum + amount, 0) / before.length;
  const expected = perInterval * since.length;
  if (expected < EXPECTED_SINCE) return undefined;
  const { values } = finding;
  const usual = median(before.map(({ perSecond }) => perSecond)) ?? 0;
  const at = isoOfMilliseconds(first.atMilliseconds);
  return {
    title: `${values.metric} of ${service} stopped rising${at ? ` at ${clockTime(at)}` : ''}, after ${quantity(usual, values.unit, false)}`,
    values: {
      ...values,
      baselineMedian: usual,
      incidentMedian: 0,
      incidentExtreme: 0,
      score: Math.min(MAX_SCORE, expected),
      direction: 'down',
      onset: at ?? null,
      shape: 'stopped',
    },
    isTelling: true,
  };
}

/** The sum of all series, as a rate. */
export function counterFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const counted = increasesOf(inLabelOrder(series));
  const intervals = summed(counted, readingTimes(counted));
  if (intervals.length === 0) return [];
  const samples = intervals.map(({ atMilliseconds, perSecond }) => ({ atMilliseconds, value: perSecond }));
  const finding = findingOf(question.metric, counterKind(question.metric), samples, frame);
  // A count of failures that stopped is no trouble.
  const stopped = finding.values.family === 'errors' ? undefined : stoppedFinding(finding, intervals, frame);
  return [stopped ?? finding];
}

function findingOf(name: string, kind: MetricKind, samples: readonly Sample[], frame: Frame): MetricFinding {
  const shown = thinned(samples);
  const measured = measure(shown, kind, frame.provisionalMilliseconds, stepOf([shown]) ?? 0);
  const values = valuesOf(name, kind, shown, measured);
  // What has run out stays as it is: it tells by where it stands, not by a change.
  if (isOver(name, shown.at(-1))) return { title: `${name} of ${frame.service} has passed`, values, isTelling: true };
  return {
    title: `${name} of ${frame.service} ${changeInWords(values, kind)}`,
    values,
    isTelling: measured.isAnomalous,
  };
}

function differingLabels(series: readonly Series[]): string[] {
  const seen = new Map<string, Set<string>>();
  for (const { labels } of series) {
    for (const [name, value] of Object.entries(labels)) {
      const known = seen.get(name) ?? new Set<string>();
      seen.set(name, known.add(value));
    }
  }
  return [...seen]
    .filter(([, values]) => values.size > 1)
    .map(([name]) => name)
    .sort();
}

function seriesName(metric: string, { labels }: Series, differing: readonly string[]): string {
  const named = differing.flatMap((name) =>
    labels[name] === undefined ? [] : [`${name}="${oneLine(labels[name], 60)}"`],
  );
  return named.length === 0 ? metric : `${metric}{${named.slice(0, 3).join(', ')}}`;
}
