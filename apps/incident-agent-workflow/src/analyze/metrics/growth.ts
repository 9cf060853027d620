/**
 * Memory that grows without end. What is used swings with each collection, so the lowest value of each stretch is what
 * is looked at: what is left when all that could be freed was freed. A process that warms up levels off; a leak does not.
 */
import type { Sample } from './samples.ts';
import { median } from './statistics.ts';

const STRETCHES = 10;
/** A process fills its caches first. */
const WARM_UP_STRETCHES = 2;
const MIN_SAMPLES_PER_STRETCH = 2;
const MIN_MINUTES = 5;
const MIN_GROWTH_BYTES = 12 * 1024 * 1024;
const MIN_GROWTH_RATIO = 0.15;
/** Of all pairs of stretches the later one is the higher: METHODS §6, Mann–Kendall, p < .01 for eight stretches. */
const MIN_CONCORDANCE = 0.7;
/** In its last half it must climb at least so steeply, as a share of its whole climb. */
const MIN_LATE_SHARE = 0.4;
/** A process that has reached what it had before its restart has only come back. */
const ABOVE_EARLIER_RATIO = 1.15;

export interface Growth {
  readonly fromMilliseconds: number;
  /** The lowest of the first stretch after the warm-up, and of the last one. */
  readonly before: number;
  readonly now: number;
}

/** Of the process that runs now: its samples are those from `startedMilliseconds` on. undefined: it does not grow, or there is too little to say. */
export function growthOf(samples: readonly Sample[], startedMilliseconds: number | undefined): Growth | undefined {
  const isOfRunning = ({ atMilliseconds }: Sample) =>
    startedMilliseconds === undefined || atMilliseconds >= startedMilliseconds;
  const running = samples.filter(isOfRunning);
  const lows = lowsOf(running);
  const [first] = running;
  const last = running.at(-1);
  if (!lows || !first || !last || last.atMilliseconds - first.atMilliseconds < MIN_MINUTES * 60_000) return undefined;
  const settled = lows.slice(WARM_UP_STRETCHES);
  const before = settled[0] ?? 0;
  const now = settled.at(-1) ?? 0;
  const growth = now - before;
  if (growth < Math.max(MIN_GROWTH_BYTES, MIN_GROWTH_RATIO * before)) return undefined;
  if (concordance(settled) < MIN_CONCORDANCE || !stillGrows(settled, growth)) return undefined;
  const earlier = lowsOf(samples.filter((sample) => !isOfRunning(sample)));
  if (earlier && now < Math.max(...earlier) * ABOVE_EARLIER_RATIO) return undefined;
  return { fromMilliseconds: first.atMilliseconds, before, now };
}

/** The lowest value of each of ten stretches of equal length; undefined: too few samples. */
function lowsOf(samples: readonly Sample[]): number[] | undefined {
  if (samples.length < STRETCHES * MIN_SAMPLES_PER_STRETCH) return undefined;
  return Array.from({ length: STRETCHES }, (_none, index) => {
    const from = Math.floor((index * samples.length) / STRETCHES);
    const to = Math.floor(((index + 1) * samples.length) / STRETCHES);
    return Math.min(...samples.slice(from, to).map(({ value }) => value));
  });
}

/** 1: each is higher than all before it; 0: no order. */
function concordance(values: readonly number[]): number {
  let sum = 0;
  let pairs = 0;
  for (const [index, value] of values.entries()) {
    for (const later of values.slice(index + 1)) {
      sum += Math.sign(later - value);
      pairs += 1;
    }
  }
  return pairs > 0 ? sum / pairs : 0;
}

/** Median of the slopes of all pairs in the last half (Theil–Sen), against the slope of the whole. */
function stillGrows(lows: readonly number[], growth: number): boolean {
  const half = lows.slice(-Math.ceil((lows.length + 1) / 2));
  const slopes = half.flatMap((low, index) =>
    half.slice(index + 1).map((later, distance) => (later - low) / (distance + 1)),
  );
  return (median(slopes) ?? 0) >= (MIN_LATE_SHARE * growth) / (lows.length - 1);
}
