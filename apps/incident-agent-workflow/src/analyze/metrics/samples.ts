/** Series as numbers over time, for reckoning: no null, no text. */
import type { Point, Series } from '../../domain/telemetry.ts';
import { compareText } from '../../lib/compare-text.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';
import { median, quantile } from './statistics.ts';

export interface Sample {
  readonly atMilliseconds: number;
  readonly value: number;
}

/** Evidence holds at most so many points of a series. */
export const MAX_POINTS = 600;

/** In time order, one per instant (the last one said); what is not a number or has no instant is left out. */
export function samplesOf(points: readonly Point[]): Sample[] {
  const byInstant = new Map<number, number>();
  for (const { at, value } of points) {
    const atMilliseconds = millisecondsOf(at);
    if (atMilliseconds !== undefined && value !== null && Number.isFinite(value)) byInstant.set(atMilliseconds, value);
  }
  const samples = [...byInstant].map(([atMilliseconds, value]) => ({ atMilliseconds, value }));
  return samples.sort((a, b) => a.atMilliseconds - b.atMilliseconds);
}

/** The usual distance between two samples of one series, in milliseconds; undefined: no series has two. */
export function stepOf(series: readonly (readonly Sample[])[]): number | undefined {
  const steps: number[] = [];
  for (const samples of series) {
    let previous: Sample | undefined;
    for (const sample of samples) {
      if (previous) steps.push(sample.atMilliseconds - previous.atMilliseconds);
      previous = sample;
    }
  }
  return median(steps);
}

export function pointsOf(samples: readonly Sample[]): Point[] {
  return samples.flatMap(({ atMilliseconds, value }) => {
    const at = isoOfMilliseconds(atMilliseconds);
    return at === undefined ? [] : [{ at, value }];
  });
}

/** At most MAX_POINTS: of neighbours, the one farthest from the middle of all stays, since it is what a reader looks for. */
export function thinned(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= MAX_POINTS) return samples;
  const middle = quantile(
    samples.map(({ value }) => value),
    0.5,
  );
  const kept: Sample[] = [];
  for (let bucket = 0; bucket < MAX_POINTS; bucket += 1) {
    const from = Math.floor((bucket * samples.length) / MAX_POINTS);
    const to = Math.floor(((bucket + 1) * samples.length) / MAX_POINTS);
    const farthest = samples
      .slice(from, to)
      .reduce((far, each) => (Math.abs(each.value - (middle ?? 0)) > Math.abs(far.value - (middle ?? 0)) ? each : far));
    kept.push(farthest);
  }
  return kept;
}

/** In the order of their labels, so that the order of arrival does not matter. */
export function inLabelOrder(series: readonly Series[]): Series[] {
  const keyed = series.map((one) => ({ one, key: labelKey(one.labels) }));
  return keyed.sort((a, b) => compareText(a.key, b.key)).map(({ one }) => one);
}

export function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => compareText(a, b)));
}
