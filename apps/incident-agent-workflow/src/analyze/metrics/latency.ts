/** Mean latency from `…_seconds_sum` and `…_seconds_count`. */
import { oneLine } from '../../lib/clean-text.ts';
import { compareText } from '../../lib/compare-text.ts';
import { MEAN_LATENCY, type MetricKind } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { measure } from './measure.ts';
import { type CountedSeries, increasesOf, readingTimes, summed } from './rates.ts';
import { isProbe, requestOf, secondsPerUnit } from './request-labels.ts';
import { inLabelOrder, type Sample, stepOf } from './samples.ts';

const NAMED_SHARE = 0.6;
/** Time that the service waits or works for something else than an answer to its callers. */
const NOT_SERVED =
  /lag|(?:^|_)gc(?:_|$)|garbage|upstream|client|outbound|external|downstream|(?:^|_)(?:db|sql|query|queries|pool|jobs?|tasks?|scrape|rule)(?:_|$)|(?:^|_)(?:tx|transaction|replication|queue)(?:_|$)/;
/** A proxy's upstream is the service itself, where the proxy is asked about it. */
const PROXIED = /^envoy_cluster_upstream_/;

/** Whether it measures how long callers wait, rather than what the service itself waits for. */
export function isServed(metric: string): boolean {
  return PROXIED.test(metric) || !NOT_SERVED.test(metric.toLowerCase());
}

/** Pauses of a runtime are no latency that anybody asks for: they say how full its memory is. */
function kindOf(metric: string): MetricKind {
  return /(?:^|_)gc(?:_|$)|garbage/.test(metric) ? { ...MEAN_LATENCY, family: 'saturation' } : MEAN_LATENCY;
}

/** `http_request_duration_seconds` of `http_request_duration_seconds_sum`, in whatever unit; undefined: no sum of durations. */
export function durationName(metric: string): string | undefined {
  return /^(.*_(?:seconds|duration|latency|milliseconds|millis|ms|microseconds|nanoseconds|rq_time)(?:_by_\w+)?)_sum$/.exec(
    metric,
  )?.[1];
}

/** undefined: nothing was asked in the window. Health checks and scrapes are left out. */
export function latencyFinding(sum: MetricReading, count: MetricReading, frame: Frame): MetricFinding | undefined {
  const seconds = increasesOf(inLabelOrder(sum.series)).filter(({ labels }) => !isProbe(labels));
  const requests = increasesOf(inLabelOrder(count.series)).filter(({ labels }) => !isProbe(labels));
  const readings = readingTimes([...seconds, ...requests]);
  const unit = secondsPerUnit(sum.question.metric);
  const samples = meansOf(seconds, requests, readings).map(({ atMilliseconds, value }) => ({
    atMilliseconds,
    value: value * unit,
  }));
  if (samples.length === 0) return undefined;
  const step = stepOf([readings.map((atMilliseconds) => ({ atMilliseconds, value: 0 }))]) ?? 0;
  const metric = durationName(sum.question.metric) ?? sum.question.metric;
  const kind = kindOf(metric);
  const measured = measure(samples, kind, frame.provisionalMilliseconds, step);
  const values = valuesOf(metric, kind, samples, measured);
  const since = measured.onsetMilliseconds ?? frame.provisionalMilliseconds;
  const slowest = measured.isAnomalous ? slowestHandler(seconds, since) : undefined;
  const where = slowest === undefined ? '' : ` (mostly ${slowest})`;
  return {
    title: `mean ${isServed(metric) ? 'latency' : oneLine(metric, 80)} of ${frame.service} ${changeInWords(values, kind)}${where}`,
    values,
    isTelling: measured.isAnomalous,
  };
}

function meansOf(
  seconds: readonly CountedSeries[],
  requests: readonly CountedSeries[],
  readings: readonly number[],
): Sample[] {
  const counts = new Map(summed(requests, readings).map(({ atMilliseconds, amount }) => [atMilliseconds, amount]));
  return summed(seconds, readings).flatMap(({ atMilliseconds, amount }) => {
    const count = counts.get(atMilliseconds) ?? 0;
    const mean = amount / count;
    return count >= 1 && Number.isFinite(mean) ? [{ atMilliseconds, value: mean }] : [];
  });
}

/** The handler in which most of the time was spent; undefined: no single one. */
function slowestHandler(seconds: readonly CountedSeries[], sinceMilliseconds: number): string | undefined {
  const spent = new Map<string, number>();
  let all = 0;
  for (const { labels, increases } of seconds) {
    const name = oneLine(requestOf(labels) ?? '', 80);
    for (const { atMilliseconds, amount } of increases) {
      if (atMilliseconds < sinceMilliseconds) continue;
      spent.set(name, (spent.get(name) ?? 0) + amount);
      all += amount;
    }
  }
  const [first] = [...spent].sort(([a, m], [b, n]) => n - m || compareText(a, b));
  return first && first[0] !== '' && first[1] >= all * NAMED_SHARE ? first[0] : undefined;
}
