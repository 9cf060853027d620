/** Time that traces spent beyond what the same operations took before, and on which node. */
import { median, medianAbsoluteDeviation } from '../metrics/statistics.ts';
import type { TracedSpan } from './spans.ts';

type Traces = ReadonlyMap<string, readonly TracedSpan[]>;

interface Usual {
  readonly milliseconds: number;
  readonly spread: number;
}

/** As for any latency: 5 % of the level, and 2 ms between machines; inside a process less is seen. */
const RELATIVE_FLOOR = 0.05;
const FLOOR_MILLISECONDS = 1;
/** Spreads that a span may be off before it counts as slow. */
const SLOW_SPREADS = 4;
/** Less than this says nothing of what is usual. */
const MIN_KNOWN = 3;
/** What is lost between the two ends of a call is half of each; more of it where more of a node's calls are slow. */
const GAP_BASE = 0.4;
const GAP_BY_SLOW_SHARE = 0.6;

/** Node → traces' worth of delay: a trace that took twice as long as it should is one, whatever it lasts. */
export function delayByNode(before: Traces, after: Traces): ReadonlyMap<string, number> {
  const usual = usualTimes(before);
  const slowShare = slowShares(after, usual);
  const delay = new Map<string, number>();
  for (const spans of after.values()) {
    const { excess, expected } = excessOfTrace(spans, usual, slowShare);
    const total = [...excess.values()].reduce((sum, value) => sum + value, 0);
    if (total <= 0) continue;
    const worth = Math.min(1, total / Math.max(expected, FLOOR_MILLISECONDS));
    for (const [node, milliseconds] of excess) delay.set(node, (delay.get(node) ?? 0) + (worth * milliseconds) / total);
  }
  return delay;
}

function operationKey({ node, operation, calledNodes }: TracedSpan): string {
  return JSON.stringify([node, operation, ...calledNodes]);
}

function usualTimes(before: Traces): ReadonlyMap<string, Usual> {
  const times = new Map<string, number[]>();
  for (const spans of before.values())
    for (const span of spans) {
      const known = times.get(operationKey(span)) ?? [];
      times.set(operationKey(span), known);
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
  return usual;
}

/** 0 where it is not slow, or where nobody knows what is usual. */
function excessOf(span: TracedSpan, usual: ReadonlyMap<string, Usual>): number {
  const known = usual.get(operationKey(span));
  if (!known) return 0;
  const excess = span.ownMilliseconds - known.milliseconds;
  return excess > SLOW_SPREADS * known.spread ? excess : 0;
}

/** Of the calls that a node makes or takes, the share that lose time on the way. */
function slowShares(after: Traces, usual: ReadonlyMap<string, Usual>): ReadonlyMap<string, number> {
  const calls = new Map<string, { all: number; slow: number }>();
  for (const spans of after.values())
    for (const span of spans) {
      if (span.calledNodes.length === 0 || !usual.has(operationKey(span))) continue;
      const isSlow = excessOf(span, usual) > 0;
      for (const node of [span.node, ...span.calledNodes]) {
        const known = calls.get(node) ?? { all: 0, slow: 0 };
        calls.set(node, known);
        known.all += 1;
        if (isSlow) known.slow += 1;
      }
    }
  return new Map([...calls].map(([node, { all, slow }]) => [node, slow / all]));
}

function excessOfTrace(
  spans: readonly TracedSpan[],
  usual: ReadonlyMap<string, Usual>,
  slowShare: ReadonlyMap<string, number>,
): { readonly excess: ReadonlyMap<string, number>; readonly expected: number } {
  const excess = new Map<string, number>();
  let expected = 0;
  const add = (node: string, milliseconds: number) => excess.set(node, (excess.get(node) ?? 0) + milliseconds);
  for (const span of spans) {
    expected += usual.get(operationKey(span))?.milliseconds ?? 0;
    const beyond = excessOf(span, usual);
    if (beyond === 0) continue;
    if (span.calledNodes.length === 0) {
      add(span.node, beyond);
      continue;
    }
    const ends = [span.node, ...span.calledNodes];
    for (const node of ends)
      add(node, (beyond / ends.length) * (GAP_BASE + GAP_BY_SLOW_SHARE * (slowShare.get(node) ?? 0)));
  }
  return { excess, expected };
}
