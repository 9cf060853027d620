/** Mean latency from `…_seconds_sum` and `…_seconds_count`. */
import { oneLine } from '../../lib/clean-text.ts';
import { MEAN_LATENCY } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { measure } from './measure.ts';
import { type CountedSeries, increasesOf, readingTimes, summed } from './rates.ts';
import { isProbe } from './requests.ts';
import { compareText, inLabelOrder, type Sample, stepOf } from './samples.ts';

const NAMED_SHARE = 0.6;

/** `http_request_duration_seconds` of `http_request_duration_seconds_sum`; undefined: no sum of durations. */
export function durationName(metric: string): string | undefined {
  return /^(.*_(?:seconds|duration))_sum$/.exec(metric)?.[1];
}

/** undefined: nothing was asked in the window. Health checks and scrapes are left out. */
export function latencyFinding(sum: MetricReading, count: MetricReading, frame: Frame): MetricFinding | undefined {
  const seconds = increasesOf(inLabelOrder(sum.series)).filter(({ labels }) => !isProbe(labels));
  const requests = increasesOf(inLabelOrder(count.series)).filter(({ labels }) => !isProbe(labels));
  const readings = readingTimes([...seconds, ...requests]);
  const samples = meansOf(seconds, requests, readings);
  if (samples.length === 0) return undefined;
  const step = stepOf([readings.map((atMilliseconds) => ({ atMilliseconds, value: 0 }))]) ?? 0;
  const measured = measure(samples, MEAN_LATENCY, frame.provisionalMilliseconds, step);
  const metric = durationName(sum.question.metric) ?? sum.question.metric;
  const values = valuesOf(metric, MEAN_LATENCY, samples, measured);
  const since = measured.onsetMilliseconds ?? frame.provisionalMilliseconds;
  const slowest = measured.isAnomalous ? slowestHandler(seconds, since) : undefined;
  const where = slowest === undefined ? '' : ` (mostly ${slowest})`;
  return {
    title: `mean latency of ${frame.service} ${changeInWords(values, MEAN_LATENCY)}${where}`,
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
    const name = oneLine(`${labels.method ?? ''} ${labels.handler ?? labels.route ?? ''}`, 80);
    for (const { atMilliseconds, amount } of increases) {
      if (atMilliseconds < sinceMilliseconds) continue;
      spent.set(name, (spent.get(name) ?? 0) + amount);
      all += amount;
    }
  }
  const [first] = [...spent].sort(([a, m], [b, n]) => n - m || compareText(a, b));
  return first && first[0] !== '' && first[1] >= all * NAMED_SHARE ? first[0] : undefined;
}
