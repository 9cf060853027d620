/** How much of the window a series speaks for: "the whole window" is said of a whole one only. */
import { type EvidenceOf, hasEnded } from '../../domain/evidence.ts';
import type { Point } from '../../domain/telemetry.ts';
import { millisecondsOf, secondsBetween } from '../../lib/time.ts';
import { samplesOf, stepOf } from './samples.ts';

/** A scrape may be late or lost. */
const MISSING_STEPS = 4;
const LEAST_MILLISECONDS = 60_000;

export type Coverage = 'whole' | 'part' | 'one sample';

/** `part`: it begins later, or samples are missing in between. The end is not looked at: that is where a series falls silent. */
export function coverageOf(points: readonly Point[], from: string): Coverage {
  const samples = samplesOf(points);
  const [first] = samples;
  if (!first || samples.length === 1) return 'one sample';
  const most = Math.max(MISSING_STEPS * (stepOf([samples]) ?? 0), LEAST_MILLISECONDS);
  const start = millisecondsOf(from) ?? first.atMilliseconds;
  const begins = [start, ...samples.map(({ atMilliseconds }) => atMilliseconds)];
  const hasHole = samples.some(({ atMilliseconds }, index) => atMilliseconds - (begins[index] ?? start) > most);
  return hasHole ? 'part' : 'whole';
}

const STAYED: Readonly<Record<Coverage, string>> = {
  whole: 'stayed 1 in the whole window',
  part: 'was 1 in every sample',
  'one sample': 'is 1',
};

/** Of `up` that was never anything but 1. */
export function upStayedInWords({ data, window }: Pick<EvidenceOf<'metric'>, 'data' | 'window'>): string {
  return `the scrape metric up ${STAYED[coverageOf(data.points, window.from)]}`;
}

type MetricData = EvidenceOf<'metric'>['data'];

/** A shorter silence may be a late scrape. */
const GOES_ON_SECONDS = 60;

/** Its samples ended while those of `others` went on: it is gone. Where all ended at once, the scraper stopped. */
export function endedAlone(data: MetricData, others: readonly Pick<MetricData, 'points'>[]): boolean {
  const last = data.points.at(-1)?.at;
  if (last === undefined || !hasEnded(data)) return false;
  return others.some(({ points }) => secondsBetween(last, points.at(-1)?.at ?? last) > GOES_ON_SECONDS);
}
