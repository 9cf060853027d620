/** What the metrics say: the changes worth showing, and what the alert speaks of even where nothing changed. */
import type { Observed } from '../../domain/evidence.ts';
import type { Observation, Series } from '../../domain/telemetry.ts';
import type { AnalysisContext } from '../context.ts';
import { availabilityFindings, isAvailability } from './availability.ts';
import { collectingFinding, isCollecting } from './collections.ts';
import { type Frame, frameOf, type MetricFinding, type MetricReading, metricEvidence, readingOf } from './finding.ts';
import { counterFindings, gaugeFindings } from './gauges.ts';
import { durationName, isServed, latencyFinding } from './latency.ts';
import { limitBeside, limitNames } from './limits.ts';
import { callFindings, countsCalls, failureOf } from './outward.ts';
import { isStateMetric, stateFindings } from './platform-states.ts';
import { isTimeOfProcessors, processorFindings } from './processors.ts';
import { quantileFinding } from './quantiles.ts';
import { isCounter } from './rates.ts';
import { statusClass } from './request-labels.ts';
import { requestFindings, trafficFindings } from './requests.ts';
import { countedRestarts, countsRestarts, isStartTime, lastStart, restartFindings } from './restarts.ts';
import { labelKey, samplesOf } from './samples.ts';
import { togetherOf, wholeOf } from './together.ts';
import { type Topic, topicOf, topicsIn } from './topics.ts';

/**
 * Evidence in the order of the questions. Rates are computed here, per raw series. A metric that did not change is
 * shown if it says whether something was up, if an alert speaks of it, or (traffic) if errors or latency are shown.
 */
export function observeMetrics(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  const readings = distinctReadings(observations);
  const said = alertWords(context);
  const shown: Shown[] = [];
  for (const reading of readings) {
    const { findings, partner } = findingsOf(reading, readings, context);
    const worth = findings.filter((finding) => isWorthShowing(finding, reading, findings, said));
    shown.push(...worth.map((finding) => ({ reading, partner, finding })));
  }
  return withoutCrowd(shown).map(({ reading, partner, finding }) => {
    const digest = context.digest(JSON.stringify([reading.series, partner?.series ?? []]));
    const query = partner ? `${reading.query}\n${partner.query}` : reading.query;
    return metricEvidence({ ...reading, query }, finding, digest);
  });
}

interface Shown {
  readonly reading: MetricReading;
  readonly partner: MetricReading | undefined;
  readonly finding: MetricFinding;
}

/** Thirty gauges that move with one fault are not thirty facts for a reader: of each family the strongest are shown. */
const MOST_OF_FAMILY: Partial<Record<MetricFinding['values']['family'], number>> = {
  saturation: 8,
  latency: 3,
  errors: 4,
  traffic: 2,
  other: 2,
};

/** Of one resource: three views of a pool are worth it, six of an event loop are one view. */
const MOST_OF_TOPIC: Partial<Record<Topic, number>> = { 'event loop': 2, handles: 1, threads: 1 };
const MOST_OF_OTHER_TOPICS = 3;

/** In the order given; what an alert speaks of without having changed is not counted. */
function withoutCrowd(shown: readonly Shown[]): Shown[] {
  const strongest = shown.filter(({ finding }) => finding.isTelling).toSorted((a, b) => strengthOf(b) - strengthOf(a));
  const kept = new Set<Shown>();
  const counts = new Map<string, number>();
  for (const each of strongest) {
    const { family, metric } = each.finding.values;
    const service = each.reading.question.service.name;
    const topic = topicOf(metric);
    const ofTopic = JSON.stringify([service, 'topic', topic]);
    const mostOfTopic = topic === undefined ? Number.POSITIVE_INFINITY : (MOST_OF_TOPIC[topic] ?? MOST_OF_OTHER_TOPICS);
    if (isStateMetric(metric.replace(/\{.*$/, ''))) {
      kept.add(each);
      continue;
    }
    if ((counts.get(ofTopic) ?? 0) >= mostOfTopic) continue;
    const ofFamily = JSON.stringify([service, family]);
    const count = counts.get(ofFamily) ?? 0;
    if (count >= (MOST_OF_FAMILY[family] ?? Number.POSITIVE_INFINITY)) continue;
    counts.set(ofFamily, count + 1);
    counts.set(ofTopic, (counts.get(ofTopic) ?? 0) + 1);
    kept.add(each);
  }
  return shown.filter((each) => !each.finding.isTelling || kept.has(each));
}

function strengthOf({ finding }: Shown): number {
  return Math.abs(finding.values.score ?? 0);
}

/** A metric that two rounds asked for is looked at once: the first answer with series in it. */
function distinctReadings(observations: readonly Observation[]): MetricReading[] {
  const byQuestion = new Map<string, MetricReading>();
  for (const observation of observations) {
    const reading = readingOf(observation);
    if (!reading) continue;
    const { service, metric, labels, from, to } = reading.question;
    const key = JSON.stringify([service.name, metric, labelKey(labels), from, to]);
    const known = byQuestion.get(key);
    if (!known || (known.series.length === 0 && reading.series.length > 0)) byQuestion.set(key, reading);
  }
  return [...byQuestion.values()];
}

interface Findings {
  readonly findings: readonly MetricFinding[];
  /** A second metric that was needed. */
  readonly partner?: MetricReading;
}

function findingsOf(reading: MetricReading, all: readonly MetricReading[], context: AnalysisContext): Findings {
  const { metric } = reading.question;
  const { series } = reading;
  const frame = frameOf(reading, context);
  if (isAvailability(metric, series)) return { findings: availabilityFindings(reading, frame) };
  if (isStartTime(metric)) return { findings: restartFindings(reading, frame) };
  if (countsRestarts(metric)) return { findings: countedRestarts(reading, frame) };
  if (isStateMetric(metric)) return { findings: stateFindings(reading, frame) };
  if (isTimeOfProcessors(metric)) return { findings: processorFindings(reading, frame) };
  const duration = durationName(metric);
  if (duration !== undefined) {
    const partner = partnerOf(reading, `${duration}_count`, all);
    const finding = partner && latencyFinding(reading, partner, frame);
    const collecting = isCollecting(metric) ? collectingFinding(reading, frame) : undefined;
    const findings = [finding, collecting].filter((each) => each !== undefined);
    return partner ? { findings, partner } : { findings };
  }
  if (isCollecting(metric))
    return { findings: [collectingFinding(reading, frame)].filter((each) => each !== undefined) };
  if (metric.endsWith('_bucket') && durationName(metric.replace(/_bucket$/, '_sum')) !== undefined) {
    const finding = quantileFinding(reading, frame);
    return { findings: finding ? [finding] : [] };
  }
  if (countsCalls(metric) && isCounter(metric, series) && series.some(({ labels }) => failureOf(labels) !== undefined))
    return { findings: callFindings(reading, frame) };
  if (isCountOfDurations(metric)) return { findings: requestsAmong(reading, all, frame) };
  if (COUNTS_SINGLY.test(metric)) return gaugesOf(sinceFirst(reading), all, frame);
  if (!isCounter(metric, series)) return gaugesOf(reading, all, frame);
  return { findings: hasStatus(reading) ? requestFindings(reading, frame) : counterFindings(reading, frame) };
}

/** One is enough, and no rate: how many there were is what counts. */
const COUNTS_SINGLY = /(?:^|_)oom(?:_|$)|_deadlocks(?:_total)?$/;

/** Among thousands that were counted before, three more are seen no better than a wave. */
function sinceFirst(reading: MetricReading): MetricReading {
  const firsts = reading.series.map(({ points }) => points.find(({ value }) => value !== null)?.value ?? 0);
  if (firsts.every((first) => first === 0)) return reading;
  const metric = `increase_of_${reading.question.metric}`;
  const series = reading.series.map((one, index) => ({
    ...one,
    points: one.points.map(({ at, value }) => ({
      at,
      value: value === null ? null : Math.max(0, value - (firsts[index] ?? 0)),
    })),
  }));
  return { ...reading, question: { ...reading.question, metric }, series };
}

function isCountOfDurations(metric: string): boolean {
  const base = metric.replace(/_count$/, '');
  return base !== metric && durationName(`${base}_sum`) !== undefined;
}

/** A count of durations speaks through its sum; where nothing else counts the requests, it counts them. */
function requestsAmong(reading: MetricReading, all: readonly MetricReading[], frame: Frame): readonly MetricFinding[] {
  const { metric, service } = reading.question;
  if (!isServed(metric)) return [];
  const isCounted = all.some(
    ({ question, series }) =>
      question.service.name === service.name &&
      /(?:requests?|responses?|handled)\w*_total\w*$/.test(question.metric) &&
      isServed(question.metric) &&
      isCounter(question.metric, series) &&
      series.length > 0,
  );
  if (isCounted) return [];
  if (hasStatus(reading)) return requestFindings(reading, frame);
  return /http|grpc|rpc|request|response/.test(metric) ? trafficFindings(reading, frame) : [];
}

function hasStatus({ series }: MetricReading): boolean {
  return series.some(({ labels }) => statusClass(labels) !== undefined);
}

function gaugesOf(asked: MetricReading, all: readonly MetricReading[], frame: Frame): Findings {
  const { metric } = asked.question;
  const reading = { ...asked, series: togetherOf(metric, asked.series) };
  const whole = wholeOf(metric, asked.series);
  const limits = limitNames(metric).flatMap((name) => partnerOf(reading, name, all) ?? []);
  // A limit of nothing is how some say that there is none.
  const limited = limits.find(({ series }) =>
    series.some(({ points }) => points.some(({ value }) => (value ?? 0) > 0)),
  );
  const limitOf = (one: Series) =>
    whole ? { metric, samples: samplesOf(whole.points) } : limited && limitBeside(one, reading.series.length, limited);
  const startedMilliseconds = lastStart(partnerOf(reading, 'process_start_time_seconds', all));
  const findings = gaugeFindings(reading, frame, { limitOf, startedMilliseconds });
  return limited && findings.some(({ values }) => values.shape === 'full')
    ? { findings, partner: limited }
    : { findings };
}

function partnerOf(reading: MetricReading, metric: string, all: readonly MetricReading[]): MetricReading | undefined {
  return all.find(
    ({ question }) => question.metric === metric && question.service.name === reading.question.service.name,
  );
}

function isWorthShowing(
  finding: MetricFinding,
  { question }: MetricReading,
  beside: readonly MetricFinding[],
  said: string,
): boolean {
  if (finding.isTelling) return true;
  const { family } = finding.values;
  const isNamed = said.includes(question.metric.toLowerCase());
  const topic = topicOf(question.metric);
  const isMeant =
    isNamed ||
    (SPOKEN_OF[family]?.test(said) ?? false) ||
    (topic !== undefined && family === 'saturation' && topicsIn(said).includes(topic));
  // How many requests there were is what a share of errors is to be read against.
  return (
    isMeant ||
    (family === 'traffic' && beside.some(({ values }) => values.family === 'errors' && values.direction === 'up'))
  );
}

/** Words by which an alert speaks of a family; names of metrics count too. */
const SPOKEN_OF: Partial<Record<MetricFinding['values']['family'], RegExp>> = {
  errors: /5xx|error|failing|failed request|status/,
  traffic: /5xx|error|traffic|request rate|throughput|no requests/,
  latency: /latenc|slow|duration|response time|timeout/,
  restart: /restart|crash|reboot/,
};

function alertWords({ alerts }: AnalysisContext): string {
  return alerts
    .slice(0, 20)
    .flatMap(({ labels, annotations, generatorUrl }) => [
      labels.alertname ?? '',
      annotations.summary ?? '',
      annotations.description ?? '',
      decoded(generatorUrl ?? ''),
    ])
    .join('\n')
    .slice(0, 20_000)
    .toLowerCase();
}

/** Prometheus puts the rule's expression into the address. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url; // a lone % sign: then it is read as it stands
  }
}
