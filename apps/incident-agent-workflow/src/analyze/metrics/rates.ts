/** Counters as increases: per raw series, before anything is summed. */
import type { Series } from '../../domain/telemetry.ts';
import { MAX_POINTS, type Sample, samplesOf, stepOf } from './samples.ts';

/** What a counter rose by in the time up to `atMilliseconds`. */
interface Increase {
  readonly atMilliseconds: number;
  readonly seconds: number;
  readonly amount: number;
}

export interface CountedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly increases: readonly Increase[];
}

/** Longer pauses are a gap: what happened in them is not spread over them. */
const GAP_STEPS = 3;
const COUNTER_NAME = /_(?:total|count|sum|bucket)$/;
/** Exporters of older programs do not say so in the name. */
const COUNTS_UNSAID =
  /^(?:mysql_global_status_(?:slow_queries|queries|questions|connections|aborted_\w+|innodb_row_lock_waits|innodb_log_waits|table_locks_waited)|pg_stat_database_(?:conflicts|xact_\w+|tup_\w+|blks_\w+|temp_\w+)|phpfpm_(?:accepted_connections|slow_requests|max_children_reached)|nginx_ingress_controller_requests|envoy_(?:cluster_upstream|http_downstream)_(?:rq_(?:xx|total|completed|timeout|retry|pending_overflow|pending_failure_eject|rx_reset|tx_reset)|cx_(?:total|overflow|connect_fail|connect_timeout))|node_vmstat_pg\w+)$/;
/** How many there are, not how many there were: these rise and fall. */
const COUNTS_NOW = /(?:connections?|activity|threads?|locks|queue|clients|processes|backends)_count$/;
const TIME_USED = /_seconds_total$/;
const RISING_SHARE = 0.99;

/** By its name and by what it does: a gauge called `_count` that falls again and again is none. */
export function isCounter(metric: string, series: readonly Series[]): boolean {
  if (COUNTS_UNSAID.test(metric)) return true;
  if (!COUNTER_NAME.test(metric) || COUNTS_NOW.test(metric)) return false;
  // Time that was used up is never given back: a fall is a restart, however often.
  if (TIME_USED.test(metric)) return true;
  let steps = 0;
  let rising = 0;
  for (const { points } of series) {
    const samples = samplesOf(points);
    for (const [index, sample] of samples.entries()) {
      const previous = samples[index - 1];
      if (!previous) continue;
      steps += 1;
      // A fall to less than half is a restart: it begins again at zero.
      if (sample.value >= previous.value || sample.value < previous.value / 2) rising += 1;
    }
  }
  return rising >= steps * RISING_SHARE;
}

/**
 * The increases of each series, in the order given. A fall is a restart at zero. After a pause of more than three
 * steps nothing is known. A series that first appears while its siblings of the same instance were already counted
 * began at zero: its first value is an increase (a status class that nobody had declared).
 */
export function increasesOf(series: readonly Series[]): CountedSeries[] {
  const sampled = series.map(({ labels, points }) => ({ labels, samples: samplesOf(points) }));
  const step = stepOf(sampled.map(({ samples }) => samples)) ?? 0;
  const instants = instantsByInstance(sampled);
  return sampled.map(({ labels, samples }) => {
    const first = samples[0];
    const earlier = first && latestBefore(instants.get(instanceOf(labels)) ?? [], first.atMilliseconds);
    const born = earlier !== undefined && first && first.atMilliseconds - earlier <= step * GAP_STEPS;
    const known = born ? [{ atMilliseconds: earlier, value: 0 }, ...samples] : samples;
    return { labels, increases: risesBetween(known, step) };
  });
}

function risesBetween(samples: readonly Sample[], step: number): Increase[] {
  const increases: Increase[] = [];
  let previous: Sample | undefined;
  for (const sample of samples) {
    if (previous && sample.atMilliseconds - previous.atMilliseconds <= step * GAP_STEPS) {
      const rise = sample.value - previous.value;
      increases.push({
        atMilliseconds: sample.atMilliseconds,
        seconds: (sample.atMilliseconds - previous.atMilliseconds) / 1_000,
        amount: Math.max(0, rise >= 0 ? rise : sample.value),
      });
    }
    previous = sample;
  }
  return increases;
}

function instanceOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([labels.job ?? '', labels.instance ?? '']);
}

function instantsByInstance(
  sampled: readonly { readonly labels: Readonly<Record<string, string>>; readonly samples: readonly Sample[] }[],
): Map<string, number[]> {
  const instants = new Map<string, Set<number>>();
  for (const { labels, samples } of sampled) {
    const known = instants.get(instanceOf(labels)) ?? new Set<number>();
    instants.set(instanceOf(labels), known);
    for (const { atMilliseconds } of samples) known.add(atMilliseconds);
  }
  return new Map([...instants].map(([instance, known]) => [instance, [...known].sort((a, b) => a - b)]));
}

/** `ordered` ascending. */
function latestBefore(ordered: readonly number[], atMilliseconds: number): number | undefined {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle] ?? 0) < atMilliseconds) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? ordered[low - 1] : undefined;
}

/** All series over one stretch of time: what was counted, and how fast. */
export interface Interval {
  readonly atMilliseconds: number;
  readonly amount: number;
  readonly perSecond: number;
}

/** The instants at which the series were read: samples of several instances within half a step count as one reading. */
export function readingTimes(counted: readonly CountedSeries[]): number[] {
  const all = new Set<number>();
  const seconds: number[] = [];
  for (const { increases } of counted) {
    for (const each of increases) {
      all.add(each.atMilliseconds);
      seconds.push(each.seconds);
    }
  }
  const ordered = [...all].sort((a, b) => a - b);
  const step = stepOf([ordered.map((atMilliseconds) => ({ atMilliseconds, value: 0 }))]) ?? 0;
  const usual = Math.max(step, (seconds.sort((a, b) => a - b)[seconds.length >> 1] ?? 0) * 1_000);
  const span = (ordered.at(-1) ?? 0) - (ordered[0] ?? 0);
  const width = Math.max(usual / 2, span / (MAX_POINTS - 1));
  const readings: number[] = [];
  let start = Number.NEGATIVE_INFINITY;
  for (const at of ordered) {
    if (at - start >= width || readings.length === 0) {
      readings.push(at);
      start = at;
    } else readings[readings.length - 1] = at;
  }
  return readings;
}

/** The sum of all series at each reading that at least one of them covers; amounts are finite. */
export function summed(counted: readonly CountedSeries[], readings: readonly number[]): Interval[] {
  const amounts = readings.map(() => ({ amount: 0, perSecond: 0, isSeen: false }));
  for (const { increases } of counted) {
    let index = 0;
    const own = new Map<number, { amount: number; seconds: number }>();
    for (const { atMilliseconds, seconds, amount } of increases) {
      while (index < readings.length - 1 && (readings[index] ?? 0) < atMilliseconds) index += 1;
      const sum = own.get(index) ?? { amount: 0, seconds: 0 };
      own.set(index, { amount: sum.amount + amount, seconds: sum.seconds + seconds });
    }
    for (const [at, { amount, seconds }] of own) {
      const total = amounts[at];
      if (!total) continue;
      total.amount += amount;
      total.perSecond += seconds > 0 ? amount / seconds : 0;
      total.isSeen = true;
    }
  }
  return amounts.flatMap(({ amount, perSecond, isSeen }, index) => {
    const atMilliseconds = readings[index];
    const isUsable = isSeen && Number.isFinite(amount) && Number.isFinite(perSecond);
    return isUsable && atMilliseconds !== undefined ? [{ atMilliseconds, amount, perSecond }] : [];
  });
}
