/** Traces as witnesses: each node's share of all traces that were delayed or failed by that node itself. */
import type { Dependency } from './graph.ts';
import { delayByNode } from './slow-spans.ts';
import { dependenciesSeen, readTraces, type Span } from './spans.ts';
import { failuresByNode, type TraceText } from './trace-events.ts';

export interface Traced {
  readonly spans: readonly Span[];
  readonly texts: readonly TraceText[];
}

export interface TraceDamage {
  readonly node: string;
  /** In traces: one that took twice as long as it should is one. */
  readonly delayed: number;
  /** Traces in which it is the deepest that fails. */
  readonly failed: number;
}

export interface TracesRead {
  readonly dependencies: readonly Dependency[];
  readonly damage: ReadonlyMap<string, TraceDamage>;
}

export function readTraceDamage(before: Traced, after: Traced): TracesRead {
  const old = { traces: readTraces(before.spans), texts: before.texts };
  const now = { traces: readTraces(after.spans), texts: after.texts };
  const delay = delayByNode(old.traces, now.traces);
  const failures = failuresByNode(old, now);
  const damage = new Map<string, TraceDamage>();
  for (const node of new Set([...delay.keys(), ...failures.keys()]))
    damage.set(node, { node, delayed: delay.get(node) ?? 0, failed: failures.get(node) ?? 0 });
  return { dependencies: [...dependenciesSeen(old.traces), ...dependenciesSeen(now.traces)], damage };
}
