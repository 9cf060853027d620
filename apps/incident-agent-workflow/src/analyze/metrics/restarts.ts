/** `process_start_time_seconds`: it moves only when the process was started anew. */
import { oneLine } from '../../lib/clean-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import type { MetricKind } from './families.ts';
import { type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { inLabelOrder, type Sample, samplesOf, thinned } from './samples.ts';

const START_TIME: MetricKind = { family: 'restart', unit: 's', isShare: false, badDirection: 'both', floor: 1 };
const MAX_SERIES = 3;
/** A start time before this was never read from a clock. */
const PLAUSIBLE_FROM_SECONDS = 946_684_800;

export function isStartTime(metric: string): boolean {
  return metric === 'process_start_time_seconds';
}

/** Kept by the platform, whatever the process itself says. */
export function countsRestarts(metric: string): boolean {
  return /^kube_pod_(?:init_)?container_status_restarts_total$/.test(metric);
}

/** One for each container that was started again in the window. */
export function countedRestarts({ question, series }: MetricReading, { service }: Frame): MetricFinding[] {
  return inLabelOrder(series)
    .flatMap(({ labels, points }) => {
      const samples = thinned(samplesOf(points));
      const rises = samples.filter(({ value }, index) => value > (samples[index - 1]?.value ?? value));
      const [first] = rises;
      if (!first) return [];
      const container = labels.container ?? service;
      const at = isoOfMilliseconds(first.atMilliseconds);
      const values = valuesOf(`${question.metric}{container="${oneLine(container, 60)}"}`, START_TIME, samples, {
        onsetMilliseconds: first.atMilliseconds,
        baselineMedian: samples[0]?.value,
        incidentMedian: samples.at(-1)?.value,
        incidentExtreme: samples.at(-1)?.value,
        score: undefined,
        direction: 'up',
        isAnomalous: true,
      });
      const often = rises.length === 1 ? '' : ' again and again';
      const title = `a container of ${service} was started anew${often}${at ? ` since ${clockTime(at)}` : ''} (${question.metric})`;
      return [{ title, values: { ...values, unit: '1' }, isTelling: true }];
    })
    .slice(0, MAX_SERIES);
}

/** One finding for each instance; telling only if it was restarted in the window. */
export function restartFindings({ question, series }: MetricReading, { service }: Frame): MetricFinding[] {
  return inLabelOrder(series)
    .map(({ points }) => restartFinding(question.metric, thinned(samplesOf(points)), service))
    .filter((finding) => finding !== undefined)
    .sort((a, b) => Number(b.isTelling) - Number(a.isTelling))
    .slice(0, MAX_SERIES);
}

function restartFinding(metric: string, samples: readonly Sample[], service: string): MetricFinding | undefined {
  const first = samples[0];
  if (!first) return undefined;
  const starts = samples.filter((sample, index) => {
    const previous = samples[index - 1];
    return previous !== undefined && Math.abs(sample.value - previous.value) > START_TIME.floor;
  });
  const [earliest] = starts;
  const latest = starts.at(-1);
  const values = valuesOf(metric, START_TIME, samples, {
    onsetMilliseconds: earliest && startOf(earliest),
    baselineMedian: first.value,
    incidentMedian: latest?.value,
    incidentExtreme: latest?.value,
    score: undefined,
    direction: starts.length > 0 ? 'up' : 'flat',
    isAnomalous: starts.length > 0,
  });
  if (!earliest || !latest) return { title: `${service} was not restarted in the window`, values, isTelling: false };
  const often = starts.length === 1 ? `at ${timeOf(earliest)}` : `${starts.length} times since ${timeOf(earliest)}`;
  return { title: `${service} was restarted ${often}`, values, isTelling: true };
}

/** What the process says itself; the time of the sample where that is no time. */
function startOf({ value, atMilliseconds }: Sample): number {
  const isPlausible = value >= PLAUSIBLE_FROM_SECONDS && value * 1_000 <= atMilliseconds + 60_000;
  return isPlausible ? Math.round(value * 1_000) : atMilliseconds;
}

function timeOf(sample: Sample): string {
  const at = isoOfMilliseconds(startOf(sample));
  return at === undefined ? '' : clockTime(at);
}

/** When the process that runs now was first seen, if it was started in the window; of several instances the latest. */
export function lastStart(reading: MetricReading | undefined): number | undefined {
  const seen = (reading?.series ?? []).flatMap(({ points }) => {
    const samples = samplesOf(points);
    const last = samples.at(-1);
    const first = samples.find(({ value }) => last !== undefined && Math.abs(value - last.value) <= START_TIME.floor);
    return first && first !== samples[0] ? [first.atMilliseconds] : [];
  });
  return seen.length > 0 ? Math.max(...seen) : undefined;
}
