/** Names what the metric speaks of that moved most, in standard deviations of the time before the alert. */
import type { FaultClass } from '../../../apps/incident-agent-workflow/src/domain/fault-class.ts';
import type { Series } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { mean } from '../statistics/reliability.ts';
import { answer, type Dummy, guessedOnset, NOTHING_KNOWN } from './dummy.ts';

/** What a person reads out of a metric's name alone. The first that fits. */
const MEANS: readonly (readonly [RegExp, FaultClass])[] = [
  [/dependency_up|connection.*(?:refused|error)/, 'dependency-refused'],
  [/^up$|restart/, 'process-down'],
  [/pool|connections?_(?:in_use|active|waiting)|waiters/, 'pool-exhaustion'],
  [/queue|backlog|lag/, 'queue-backlog'],
  [/fds|file_descriptor/, 'file-descriptor-limit'],
  [/disk|filesystem/, 'disk-full'],
  [/memory|heap|rss|gc_/, 'memory-leak'],
  [/cpu|eventloop|event_loop/, 'cpu-saturation'],
  [/duration|latency|seconds/, 'timeout-latency'],
  [/requests/, 'traffic-spike'],
];
/** Say when something was started or what it is, not how it is. */
const NOT_LOUD = /start_time|_info$|timestamp|_bucket$|_created$/;
const COUNTER = /_(?:total|count|sum)$/;
const FEWEST_POINTS = 5;
/** A constant series has no deviation; a twentieth of its mean, and never nothing, stands in. */
const LEAST_SHARE = 0.05;
const LEAST = 0.001;

export const loudestMetric: Dummy = {
  name: 'loudest metric',
  predict(seen) {
    const onset = guessedOnset(seen);
    let loudest: { service: string; series: Series; loudness: number } | undefined;
    for (const { question, answer: said } of seen.observations)
      for (const series of said.telemetry.series ?? []) {
        const loudness = NOT_LOUD.test(series.metric) ? 0 : loudnessOf(series, onset);
        if (loudness > (loudest?.loudness ?? 0)) loudest = { service: question.service.name, series, loudness };
      }
    return answer(loudest && { ...NOTHING_KNOWN, service: loudest.service, class: classOf(loudest.series) });
  },
};

function classOf({ metric, labels }: Series): FaultClass {
  if (metric.includes('requests') && (labels.status ?? labels.code ?? '').startsWith('5')) return 'code-error';
  return MEANS.find(([pattern]) => pattern.test(metric))?.[1] ?? 'timeout-latency';
}

/** How far the value furthest from the mean lies from it; 0 where there is too little to compare. */
function loudnessOf(series: Series, onset: number): number {
  const values = COUNTER.test(series.metric) ? rates(series) : numbers(series);
  const before = values.filter(({ at }) => at < onset).map(({ value }) => value);
  const since = values.filter(({ at }) => at >= onset).map(({ value }) => value);
  if (before.length < FEWEST_POINTS || since.length === 0) return 0;
  const centre = mean(before);
  const deviation = Math.sqrt(mean(before.map((value) => (value - centre) ** 2)));
  const scale = Math.max(deviation, LEAST_SHARE * Math.abs(centre), LEAST);
  return Math.max(...since.map((value) => Math.abs(value - centre))) / scale;
}

interface Value {
  readonly at: number;
  readonly value: number;
}

function numbers({ points }: Series): Value[] {
  return points.flatMap(({ at, value }) => (value === null ? [] : [{ at: Date.parse(at), value }]));
}

function rates(series: Series): Value[] {
  const values = numbers(series);
  return values.slice(1).flatMap(({ at, value }, index) => {
    const last = values[index];
    if (!last || at <= last.at) return [];
    const grown = value >= last.value ? value - last.value : value;
    return [{ at, value: grown / ((at - last.at) / 1_000) }];
  });
}
