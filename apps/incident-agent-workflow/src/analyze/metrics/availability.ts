/** Metrics that are 1 when well and 0 when not: `up`, `dependency_up`. */
import type { Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { counted } from '../../lib/wording.ts';
import { coverageOf } from './coverage.ts';
import type { MetricKind } from './families.ts';
import { type Frame, type MetricFinding, type MetricReading, type MetricValues, valuesOf } from './finding.ts';
import { MAX_SCORE, type Measured, partAt } from './measure.ts';
import { inLabelOrder, type Sample, samplesOf, stepOf, thinned } from './samples.ts';
import { median } from './statistics.ts';

const AVAILABILITY: MetricKind = {
  family: 'availability',
  unit: '1',
  isShare: false,
  badDirection: 'down',
  floor: 0.05,
};
const MIN_SILENCE_MILLISECONDS = 60_000;
const SILENT_STEPS = 4;
const MAX_SERIES = 6;

/** True for `up`, and for what is named so and never was anything but 0 or 1. */
export function isAvailability(metric: string, series: readonly Series[]): boolean {
  if (metric === 'up' || metric === 'dependency_up') return true;
  return (
    /_up$|_healthy$|_available$/.test(metric) &&
    series.every(({ points }) => points.every(({ value }) => value === null || value === 0 || value === 1))
  );
}

/** One finding for each instance or dependency; always worth showing, since "it was up" rules causes out. */
export function availabilityFindings(reading: MetricReading, frame: Frame): MetricFinding[] {
  const { question, series } = reading;
  const kind: MetricKind =
    question.metric === 'dependency_up' ? { ...AVAILABILITY, family: 'dependency' } : AVAILABILITY;
  const ordered = inLabelOrder(series.filter(({ points }) => points.length > 0));
  if (ordered.length === 0) return question.metric === 'up' ? [neverSeen(reading, frame, kind)] : [];
  const name = seriesNames(question.metric, ordered);
  const findings = ordered.map((one) =>
    findingOf(samplesOf(one.points), kind, { frame, from: question.from }, name(one)),
  );
  // Those that are down first, then in the order of their labels.
  return findings.sort((a, b) => Number(isWell(a)) - Number(isWell(b))).slice(0, MAX_SERIES);
}

function isWell({ values }: MetricFinding): boolean {
  return values.direction === 'flat' && values.lastValue !== 0;
}

interface SeriesName {
  readonly metric: string;
  /** As the title says it. */
  readonly subject: (service: string) => string;
}

/** A dependency is named; an instance only where there are several. */
function seriesNames(metric: string, series: readonly Series[]): (one: Series) => SeriesName {
  return ({ labels }) => {
    const dependency = labels.dependency ?? labels.target;
    if (metric !== 'up' && dependency) {
      const name = oneLine(dependency, 80);
      return {
        metric: `${metric}{dependency="${name}"}`,
        subject: (service) => `${metric} of ${service} for ${name}`,
      };
    }
    const instance = series.length > 1 ? oneLine(labels.instance ?? '', 80) : '';
    if (instance === '') return { metric, subject: (service) => `${metric} of ${service}` };
    return {
      metric: `${metric}{instance="${instance}"}`,
      subject: (service) => `${metric} of ${service} (${instance})`,
    };
  };
}

function neverSeen({ question }: MetricReading, { service }: Frame, kind: MetricKind): MetricFinding {
  const values = valuesOf(question.metric, kind, [], {
    onsetMilliseconds: undefined,
    baselineMedian: undefined,
    incidentMedian: undefined,
    incidentExtreme: undefined,
    score: undefined,
    direction: 'flat',
    isAnomalous: false,
  });
  return {
    title: `${question.metric} of ${service} has no samples in the window: it is not scraped, or not under this name`,
    values,
    isTelling: true,
  };
}

function findingOf(
  all: readonly Sample[],
  kind: MetricKind,
  { frame, from }: { readonly frame: Frame; readonly from: string },
  name: SeriesName,
): MetricFinding {
  const step = stepOf([all]) ?? 0;
  const samples = thinned(all);
  const runs = runsOfIncident(downRuns(samples), frame);
  const last = samples.at(-1);
  const silence = Math.max(SILENT_STEPS * step, MIN_SILENCE_MILLISECONDS);
  const isSilent = last !== undefined && frame.endMilliseconds - last.atMilliseconds > silence;
  const onset = isSilent ? last.atMilliseconds : onsetOf(runs, samples);
  const values = valuesOf(name.metric, kind, samples, measuredAt(samples, onset, frame, step));
  const direction = runs.length > 0 || isSilent ? 'down' : 'flat';
  const told = { ...values, direction } as const;
  return {
    title: `${name.subject(frame.service)} ${stateInWords(told, runs, { isSilent, from })}`,
    values: told,
    isTelling: true,
  };
}

interface DownRun {
  readonly first: Sample;
  readonly last: Sample;
  readonly isLasting: boolean;
}

function downRuns(samples: readonly Sample[]): DownRun[] {
  const runs: DownRun[] = [];
  let first: Sample | undefined;
  let last: Sample | undefined;
  for (const sample of samples) {
    if (sample.value === 0) {
      first ??= sample;
      last = sample;
    } else if (first && last) {
      runs.push({ first, last, isLasting: false });
      first = undefined;
    }
  }
  if (first && last) runs.push({ first, last, isLasting: true });
  return runs;
}

/** A short outage that was over long before, a deploy perhaps, dates nothing. */
const EARLIER_MILLISECONDS = 300_000;

/** Those that last, or ended so late that they can belong to the incident. */
function runsOfIncident(runs: readonly DownRun[], { provisionalMilliseconds }: Frame): DownRun[] {
  return runs.filter(
    ({ last, isLasting }) => isLasting || last.atMilliseconds >= provisionalMilliseconds - EARLIER_MILLISECONDS,
  );
}

/** A series that begins with 0 says nothing about when it went down. */
function onsetOf([run]: readonly DownRun[], samples: readonly Sample[]): number | undefined {
  return run && run.first !== samples[0] ? run.first.atMilliseconds : undefined;
}

function measuredAt(samples: readonly Sample[], onset: number | undefined, frame: Frame, step: number): Measured {
  const { before, after } = partAt(samples, onset ?? frame.provisionalMilliseconds, step);
  const baselineMedian = median(before);
  const incidentExtreme = after.length > 0 ? Math.min(...after) : undefined;
  const drop = (baselineMedian ?? 0) - (incidentExtreme ?? 0);
  const isJudged = before.length >= 8 && incidentExtreme !== undefined;
  return {
    onsetMilliseconds: onset,
    baselineMedian,
    incidentMedian: median(after),
    incidentExtreme,
    score: isJudged ? Math.min(MAX_SCORE, Math.max(0, drop / AVAILABILITY.floor)) : undefined,
    direction: 'flat',
    isAnomalous: false,
  };
}

/** The same in all samples, of which the evidence holds the first. */
function throughout(whole: string, seen: string, { points }: MetricValues, from: string): string {
  const first = clockTime(points[0]?.at ?? from);
  switch (coverageOf(points, from)) {
    case 'whole':
      return `${whole} in the whole window (${counted(points.length, 'sample')})`;
    case 'part':
      return `${seen} in each of its ${counted(points.length, 'sample')}, the first at ${first}`;
    case 'one sample':
      return `${seen} in its only sample, at ${first}`;
  }
}

/** Counts are those of the points in the evidence, the time is its onset. */
function stateInWords(
  values: MetricValues,
  runs: readonly DownRun[],
  { isSilent, from }: { readonly isSilent: boolean; readonly from: string },
): string {
  const { points, onset, lastValue } = values;
  const since = onset === null ? '' : ` since ${clockTime(onset)}`;
  const downCount = points.filter(({ value }) => value === 0).length;
  const outOf = `0 in ${downCount} of ${counted(points.length, 'sample')}`;
  if (lastValue === null) return 'has no readable sample in the window';
  if (isSilent) return `has no sample${since.replace('since', 'after')}, where it was ${lastValue}`;
  if (downCount === 0 && lastValue !== 1) return `is ${lastValue}`;
  if (downCount === 0) return throughout('stayed 1', 'was 1', values, from);
  if (downCount === points.length) return throughout('is 0', 'was 0', values, from);
  if (runs.length === 0) return `was ${outOf}, all long before the incident, and is 1 again`;
  if (lastValue !== 0) return `was ${outOf}${since}, and is 1 again`;
  return runs.length === 1 && since !== ''
    ? `is 0${since}`
    : `is 0, and was so in ${outOf.slice('0 in '.length)}${since}`;
}
