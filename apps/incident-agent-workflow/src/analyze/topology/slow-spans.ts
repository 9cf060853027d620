/** Time that traces spent beyond what the same operations took before, and on which node. */
import { median, medianAbsoluteDeviation } from '../metrics/statistics.ts';
import type { TracedSpan } from './spans.ts';

type Traces = ReadonlyMap<string, readonly TracedSpan[]>;

interface Usual {
  readonly milliseconds: number;
  readonly spread: number;
}

/** As for any latency: 5 % of the level; and 1 ms, less than which is scheduling. */
const RELATIVE_FLOOR = 0.05;
const FLOOR_MILLISECONDS = 1;
/** Spreads that a span may be off before it counts as slow. */
const SLOW_SPREADS = 4;
/** Less than this says nothing of what is usual. */
const MIN_KNOWN = 3;
/** What is lost on the way between two nodes is half of each; more of it where more of a node's calls are slow. */
const GAP_BASE = 0.4;
const GAP_BY_SLOW_SHARE = 0.6;
/** An operation that is mostly slow when it calls a node, and four times less often when it does not, waits for the way to it. */
const SLOW_WITH = 0.5;
const LESS_WITHOUT = 4;

/**
 * Node → delay in doublings: a trace that took twice as long as it should counts one, four times as long two. Less what
 * the quiet time shows of it: some nodes stumble now and then.
 */
export function delayByNode(before: Traces, after: Traces): ReadonlyMap<string, number> {
  const usual = usualTimes(before);
  const quiet = delayIn(before, usual);
  const delay = new Map<string, number>();
  for (const [node, doublings] of delayIn(after, usual)) {
    const expected = ((quiet.get(node) ?? 0) * after.size) / Math.max(1, before.size);
    if (doublings > expected) delay.set(node, doublings - expected);
  }
  return delay;
}

function delayIn(traces: Traces, usual: UsualTimes): ReadonlyMap<string, number> {
  const calls = slowCalls(traces, usual);
  const delay = new Map<string, number>();
  for (const spans of traces.values()) {
    const { excess, expected } = excessOfTrace(spans, usual, calls);
    const total = [...excess.values()].reduce((sum, value) => sum + value, 0);
    if (total <= 0) continue;
    const doublings = Math.log2(1 + total / Math.max(expected, FLOOR_MILLISECONDS));
    for (const [node, milliseconds] of excess)
      delay.set(node, (delay.get(node) ?? 0) + (doublings * milliseconds) / total);
  }
  return delay;
}

type UsualTimes = (span: TracedSpan) => Usual | undefined;

/** By operation and what it calls; a call that was never made before is compared with the operation's other calls. */
function usualTimes(before: Traces): UsualTimes {
  const times = new Map<string, number[]>();
  for (const spans of before.values())
    for (const span of spans)
      for (const key of keysOf(span)) {
        const known = times.get(key) ?? [];
        times.set(key, known);
        known.push(span.ownMilliseconds);
      }
  const usual = new Map<string, Usual>();
  for (const [key, known] of times) {
    const centre = median(known);
    if (centre === undefined || known.length < MIN_KNOWN) continue;
    const spread = Math.max(
      1.4826 * medianAbsoluteDeviation(known, centre),
      RELATIVE_FLOOR * centre,
      FLOOR_MILLISECONDS,
    );
    usual.set(key, { milliseconds: centre, spread });
  }
  return (span) => {
    const key = keysOf(span).find((one) => usual.has(one));
    return key === undefined ? undefined : usual.get(key);
  };
}

/** The closest first. */
function keysOf({ node, operation, calledNodes }: TracedSpan): string[] {
  const calls = calledNodes.length > 0;
  return [JSON.stringify([node, operation, calledNodes]), ...(calls ? [JSON.stringify([node, operation, 'any'])] : [])];
}

/** 0 where it is not slow, or where nobody knows what is usual. */
function excessOf(span: TracedSpan, usual: UsualTimes): number {
  const known = usual(span);
  if (!known) return 0;
  const excess = span.ownMilliseconds - known.milliseconds;
  return excess > SLOW_SPREADS * known.spread ? excess : 0;
}

interface SlowCalls {
  /** Of the calls that a node makes or takes, the share that lose time on the way. */
  readonly shareOf: (node: string) => number;
  /** Of an operation's runs with the same calls, the share that is slow: a fault shows wherever it is met. */
  readonly slowShareOf: (span: TracedSpan) => number;
  /** The called node that an operation is slow with, and only with; undefined: it is slow by itself. */
  readonly waitsFor: (span: TracedSpan) => string | undefined;
}

interface Tally {
  all: number;
  slow: number;
}

function slowCalls(traces: Traces, usual: UsualTimes): SlowCalls {
  const ends = new Map<string, Tally>();
  const runs = new Map<string, Tally>();
  const operations = new Map<string, { own: Tally; withCall: Map<string, Tally> }>();
  for (const spans of traces.values())
    for (const span of spans) {
      if (!usual(span)) continue;
      const isSlow = excessOf(span, usual) > 0;
      count(runs, keysOf(span)[0] ?? '', isSlow);
      if (span.calledNodes.length > 0) for (const node of [span.node, ...span.calledNodes]) count(ends, node, isSlow);
      const key = JSON.stringify([span.node, span.operation]);
      const known = operations.get(key) ?? { own: { all: 0, slow: 0 }, withCall: new Map<string, Tally>() };
      operations.set(key, known);
      add(known.own, isSlow);
      for (const node of reachedNodes(span)) count(known.withCall, node, isSlow);
    }
  return {
    shareOf: (node) => shareOf(ends.get(node)),
    slowShareOf: (span) => shareOf(runs.get(keysOf(span)[0] ?? '')),
    waitsFor(span) {
      const known = operations.get(JSON.stringify([span.node, span.operation]));
      return known && reachedNodes(span).find((node) => isSlowOnlyWith(known.own, known.withCall.get(node)));
    },
  };
}

function count(tallies: Map<string, Tally>, key: string, isSlow: boolean): void {
  const tally = tallies.get(key) ?? { all: 0, slow: 0 };
  tallies.set(key, tally);
  add(tally, isSlow);
}

function add(tally: Tally, isSlow: boolean): void {
  tally.all += 1;
  if (isSlow) tally.slow += 1;
}

function shareOf(tally: Tally | undefined): number {
  return tally && tally.all > 0 ? tally.slow / tally.all : 0;
}

function isSlowOnlyWith(all: Tally, withCall: Tally | undefined): boolean {
  if (!withCall || withCall.all === all.all) return false;
  const without = { all: all.all - withCall.all, slow: all.slow - withCall.slow };
  return shareOf(withCall) >= SLOW_WITH && shareOf(without) * LESS_WITHOUT <= shareOf(withCall);
}

/** The first nodes that are entered below the span. */
function reachedNodes(span: TracedSpan): string[] {
  const reached = new Set<string>();
  const open = [span];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const child of at.children) {
      if (child.node === span.node) open.push(child);
      else reached.add(child.node);
    }
  return [...reached].sort();
}

function excessOfTrace(
  spans: readonly TracedSpan[],
  usual: UsualTimes,
  calls: SlowCalls,
): { readonly excess: ReadonlyMap<string, number>; readonly expected: number } {
  const excess = new Map<string, number>();
  let expected = 0;
  for (const span of spans) {
    expected += usual(span)?.milliseconds ?? 0;
    const beyond = excessOf(span, usual) * calls.slowShareOf(span);
    if (beyond === 0) continue;
    const waitsFor = calls.waitsFor(span);
    const called = span.calledNodes.length > 0 ? span.calledNodes : waitsFor === undefined ? [] : [waitsFor];
    const ends = [span.node, ...called];
    for (const node of ends) {
      const weight = called.length === 0 ? 1 : GAP_BASE + GAP_BY_SLOW_SHARE * calls.shareOf(node);
      excess.set(node, (excess.get(node) ?? 0) + (beyond / ends.length) * weight);
    }
  }
  return { excess, expected };
}
