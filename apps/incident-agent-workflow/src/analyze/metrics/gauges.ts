/** Any other metric: gauges series by series, counters as one rate. */
import type { Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { counterKind, gaugeKind, type MetricKind } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { measure } from './measure.ts';
import { increasesOf, readingTimes, summed } from './rates.ts';
import { inLabelOrder, type Sample, samplesOf, stepOf, thinned } from './samples.ts';

const MAX_SERIES = 3;
/** Beyond it the series of one metric are not looked at one by one. */
const MAX_EXAMINED = 300;

/** The series that left their level, farthest first; if none did, the first one, as not telling. */
export function gaugeFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const kind = gaugeKind(question.metric);
  const ordered = inLabelOrder(series).slice(0, MAX_EXAMINED);
  const differing = differingLabels(ordered);
  const findings = ordered.flatMap((one) => {
    const samples = samplesOf(one.points);
    const name = seriesName(question.metric, one, differing);
    return samples.length === 0 ? [] : [findingOf(name, kind, samples, frame)];
  });
  const telling = findings.filter(({ isTelling }) => isTelling);
  telling.sort((a, b) => (b.values.score ?? 0) - (a.values.score ?? 0));
  return telling.length > 0 ? telling.slice(0, MAX_SERIES) : findings.slice(0, 1);
}

/** The sum of all series, as a rate. */
export function counterFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const counted = increasesOf(inLabelOrder(series));
  const intervals = summed(counted, readingTimes(counted));
  if (intervals.length === 0) return [];
  const samples = intervals.map(({ atMilliseconds, perSecond }) => ({ atMilliseconds, value: perSecond }));
  return [findingOf(question.metric, counterKind(question.metric), samples, frame)];
}

function findingOf(name: string, kind: MetricKind, samples: readonly Sample[], frame: Frame): MetricFinding {
  const shown = thinned(samples);
  const measured = measure(shown, kind, frame.provisionalMilliseconds, stepOf([shown]) ?? 0);
  const values = valuesOf(name, kind, shown, measured);
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
