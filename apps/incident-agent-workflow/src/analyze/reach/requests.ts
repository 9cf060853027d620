/** Which requests fail or have become slow, and which go on as before. */
import type { Observation, Series } from '../../domain/telemetry.ts';
import { compareText } from '../../lib/compare-text.ts';
import { increasesOf } from '../metrics/rates.ts';
import { isProbe, requestOf, secondsPerUnit, statusClass } from '../metrics/request-labels.ts';
import { inLabelOrder } from '../metrics/samples.ts';

export interface RequestsByOutcome {
  /** `POST /orders`, as labels name them. */
  readonly suffering: readonly string[];
  readonly healthy: readonly string[];
}

interface Counts {
  all: number;
  failed: number;
  seconds: number;
  timed: number;
}
interface Around {
  readonly before: Counts;
  readonly since: Counts;
}

const LEAST_REQUESTS = 5;
const LEAST_FAILURES = 3;
/** So much of a request fails, and twice as much as before. */
const FAILING_SHARE = 0.1;
const HEALTHY_SHARE = 0.02;
const SLOWER = 2;
const LEAST_SLOWER_SECONDS = 0.05;
const HARDLY_SLOWER = 1.3;

export function requestsByOutcome(
  observations: readonly Observation[],
  service: string,
  onset: string,
): RequestsByOutcome {
  const counts = countsOf(observations, service, Date.parse(onset));
  const names = [...counts.keys()].sort(compareText);
  const told = (is: (around: Around) => boolean) => names.filter((name) => is(counts.get(name) ?? around()));
  const failing = told(isFailing);
  // What is slow says more only where nothing fails.
  const suffering = failing.length > 0 ? failing : told(isSlower);
  return { suffering, healthy: told(isHealthy).filter((name) => !suffering.includes(name)) };
}

function isFailing({ before, since }: Around): boolean {
  if (since.failed < LEAST_FAILURES) return false;
  const share = since.failed / since.all;
  return share >= FAILING_SHARE && share >= 2 * (before.all > 0 ? before.failed / before.all : 0);
}

function isSlower(each: Around): boolean {
  const [before, since] = meansOf(each);
  return since >= SLOWER * before && since - before >= LEAST_SLOWER_SECONDS;
}

function isHealthy(each: Around): boolean {
  const { since } = each;
  if (since.all < LEAST_REQUESTS || since.failed / since.all > HEALTHY_SHARE) return false;
  const [before, now] = meansOf(each);
  return !(now >= HARDLY_SLOWER * before && now - before >= LEAST_SLOWER_SECONDS);
}

function meansOf({ before, since }: Around): [number, number] {
  return [meanOf(before), meanOf(since)];
}

/** NaN where too few were timed, which is neither more nor less than anything. */
function meanOf({ seconds, timed }: Counts): number {
  return timed >= LEAST_REQUESTS ? seconds / timed : Number.NaN;
}

function around(): Around {
  return { before: noCounts(), since: noCounts() };
}

function noCounts(): Counts {
  return { all: 0, failed: 0, seconds: 0, timed: 0 };
}

function countsOf(observations: readonly Observation[], service: string, onset: number): Map<string, Around> {
  const counts = new Map<string, Around>();
  for (const { question, answer } of observations) {
    const { series } = answer.telemetry;
    if (question.kind !== 'metric' || question.service.name !== service || !series) continue;
    const { metric } = question;
    // Of what is counted by size or duration the sum and the count say enough.
    if (metric.endsWith('_bucket')) continue;
    for (const [name, side, status, amount] of increasesIn(series, onset)) {
      const each = counts.get(name) ?? around();
      counts.set(name, each);
      const told = each[side];
      if (metric.endsWith('_sum')) told.seconds += amount * secondsPerUnit(metric);
      else if (metric.endsWith('_count')) told.timed += amount;
      else if (status !== undefined) {
        told.all += amount;
        if (status === '5') told.failed += amount;
      }
    }
  }
  return counts;
}

type Told = readonly [name: string, side: keyof Around, status: string | undefined, amount: number];

function increasesIn(series: readonly Series[], onset: number): Told[] {
  const ofRequests = series.filter(({ labels }) => requestOf(labels) !== undefined && !isProbe(labels));
  if (ofRequests.length === 0) return [];
  return increasesOf(inLabelOrder(ofRequests)).flatMap(({ labels, increases }) => {
    const name = requestOf(labels) ?? '';
    const status = statusClass(labels);
    return increases.map(
      ({ atMilliseconds, amount }): Told => [name, atMilliseconds < onset ? 'before' : 'since', status, amount],
    );
  });
}
