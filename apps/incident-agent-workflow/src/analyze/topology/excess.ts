/** What a node's requests cost more than before, in failed requests and in seconds: that adds up along a call graph, scores do not. */
import { isRise } from '../metrics/shares.ts';
import { median, medianAbsoluteDeviation } from '../metrics/statistics.ts';

/** Requests of one node in one stretch of time. */
export interface Requests {
  readonly atMilliseconds: number;
  readonly requests: number;
  /** undefined: nobody counted them. */
  readonly failed?: number;
  /** Of all its requests together. */
  readonly seconds?: number;
}

export interface NodeRequests {
  readonly node: string;
  readonly stretches: readonly Requests[];
  /** Shares of failed requests in a longer quiet time: how far they move by themselves. */
  readonly usualFailedShares?: readonly number[];
}

export interface Excess {
  readonly node: string;
  /** Failed requests beyond the share that failed before; undefined: not counted, or not counted before. */
  readonly failed: number | undefined;
  /** Seconds beyond the mean before. */
  readonly seconds: number | undefined;
  readonly hasMoreFailures: boolean;
}

/** Spreads of the quiet time that a rise must exceed, where such a time is known. */
const RESTLESS_SPREADS = 4;

export function excessOf(node: NodeRequests, onsetMilliseconds: number): Excess {
  const usable = node.stretches.filter(({ requests }) => Number.isFinite(requests) && requests > 0);
  const before = usable.filter(({ atMilliseconds }) => atMilliseconds < onsetMilliseconds);
  const after = usable.filter(({ atMilliseconds }) => atMilliseconds >= onsetMilliseconds);
  return {
    node: node.node,
    failed: beyond(before, after, ({ failed }) => failed),
    seconds: beyond(before, after, ({ seconds }) => seconds),
    hasMoreFailures: hasMoreFailures(before, after, node.usualFailedShares ?? []),
  };
}

/** Against the mean before; what nobody asked for before has no mean. */
function beyond(
  before: readonly Requests[],
  after: readonly Requests[],
  amountOf: (stretch: Requests) => number | undefined,
): number | undefined {
  const old = totals(before, amountOf);
  const now = totals(after, amountOf);
  return old.requests === 0 || now.requests === 0 ? undefined : now.amount - (old.amount / old.requests) * now.requests;
}

/** Only of the stretches in which the amount is known. */
function totals(stretches: readonly Requests[], amountOf: (stretch: Requests) => number | undefined) {
  let amount = 0;
  let requests = 0;
  for (const stretch of stretches) {
    const value = amountOf(stretch);
    if (value === undefined || !Number.isFinite(value)) continue;
    amount += value;
    requests += stretch.requests;
  }
  return { amount, requests };
}

/** In one stretch at least more than chance explains, and more than it has anyway: some nodes fail a little all the time. */
function hasMoreFailures(before: readonly Requests[], after: readonly Requests[], usual: readonly number[]): boolean {
  const failedOf = ({ failed }: Requests) => failed;
  const old = totals(before, failedOf);
  if (old.requests === 0) return false;
  const restless = RESTLESS_SPREADS * 1.4826 * medianAbsoluteDeviation(usual, median(usual) ?? 0);
  return after.some((stretch) => {
    const now = totals([stretch], failedOf);
    if (!isRise({ failed: old.amount, all: old.requests }, { failed: now.amount, all: now.requests })) return false;
    return now.amount / now.requests - old.amount / old.requests > restless;
  });
}
