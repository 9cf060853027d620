/**
 * The declared transform of time. Seconds of a recording become a quarter of an hour of an incident, somewhere in the
 * past: every instant is moved away from the onset by TIME_SCALE and set down at the case's own date. Within an hour of
 * the onset times are stretched, beyond it they are moved only: a certificate's date keeps its distance.
 */
import { isoOfMilliseconds } from '../../../apps/incident-agent-workflow/src/lib/time.ts';

/** A scrape each second becomes one each 15 s, as a Prometheus of a small shop makes them. */
export const TIME_SCALE = 15;
const STRETCHED_MILLISECONDS = 3_600_000;

export interface Stretch {
  /** Milliseconds since 1970, as recorded → as told. */
  instant(recorded: number): number;
  iso(recorded: number): string;
}

export function stretchAround(onsetRecorded: number, onsetTold: number): Stretch {
  function instant(recorded: number): number {
    const away = recorded - onsetRecorded;
    const near = Math.max(-STRETCHED_MILLISECONDS, Math.min(STRETCHED_MILLISECONDS, away));
    return onsetTold + near * TIME_SCALE + (away - near);
  }
  return { instant, iso: (recorded) => isoAt(instant(recorded)) };
}

export function isoAt(milliseconds: number): string {
  const iso = isoOfMilliseconds(Math.round(milliseconds));
  if (iso === undefined) throw new Error(`${milliseconds} is no instant`);
  return iso;
}

/** Metrics whose value is an instant in seconds since 1970. */
export function isInstantMetric(metric: string): boolean {
  return /_(?:time|timestamp|expiry|not_after)_seconds$/.test(metric);
}

/** Counters of time that passed while something was so: they keep their share of the time only if they grow with it. */
export function isTimeIntegral(metric: string): boolean {
  return /(?:^|_)(?:cpu|gc|busy)_(?:.*_)?seconds(?:_total|_sum)?$/.test(metric) && !isInstantMetric(metric);
}
