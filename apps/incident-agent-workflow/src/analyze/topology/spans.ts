/** Traces as trees of spans: who called whom, how long each span worked itself, and what was lost between two ends of a call. */
import { compareText } from '../../lib/compare-text.ts';
import type { Dependency } from './graph.ts';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** undefined: the first of its trace. */
  readonly parentId: string | undefined;
  readonly node: string;
  readonly operation: string;
  readonly startMilliseconds: number;
  readonly durationMilliseconds: number;
}

export interface TracedSpan extends Span {
  /** 0 for the first; a span whose parent is missing counts as a first one. */
  readonly depth: number;
  readonly parent: TracedSpan | undefined;
  /** Time in which no other span of the trace that lies within it was running: not only its children, async siblings too. */
  readonly ownMilliseconds: number;
  /** Called nodes, where its direct children run elsewhere: then its own time is what lies between the two ends. */
  readonly calledNodes: readonly string[];
  readonly children: readonly TracedSpan[];
}

/** A longer trace is read up to here: its end says nothing that its beginning does not. */
const MAX_SPANS_PER_TRACE = 2_000;

/** An async sibling that ends a moment later lies within it all the same. */
const MAX_LATE_MILLISECONDS = 1;
const MAX_LATE_SHARE = 0.05;

/** Trace by trace in the order of their ids, spans by start. The order of arrival does not matter. */
export function readTraces(spans: readonly Span[]): ReadonlyMap<string, readonly TracedSpan[]> {
  const byTrace = new Map<string, Span[]>();
  for (const span of spans) {
    if (!Number.isFinite(span.startMilliseconds) || !Number.isFinite(span.durationMilliseconds)) continue;
    const known = byTrace.get(span.traceId) ?? [];
    byTrace.set(span.traceId, known);
    known.push(span);
  }
  return new Map(
    [...byTrace].sort(([a], [b]) => compareText(a, b)).map(([traceId, ofTrace]) => [traceId, readTrace(ofTrace)]),
  );
}

interface OpenSpan extends TracedSpan {
  depth: number;
  parent: TracedSpan | undefined;
  ownMilliseconds: number;
  calledNodes: readonly string[];
  readonly children: TracedSpan[];
}

function readTrace(spans: readonly Span[]): TracedSpan[] {
  // A span that was exported twice is one span.
  const ordered: OpenSpan[] = [...new Map(spans.map((span) => [span.spanId, span])).values()]
    .toSorted(
      (a, b) =>
        a.startMilliseconds - b.startMilliseconds ||
        b.durationMilliseconds - a.durationMilliseconds ||
        compareText(a.spanId, b.spanId),
    )
    .slice(0, MAX_SPANS_PER_TRACE)
    .map((span) => ({ ...span, depth: 0, parent: undefined, ownMilliseconds: 0, calledNodes: [], children: [] }));
  const byId = new Map(ordered.map((span) => [span.spanId, span]));
  for (const span of ordered) {
    const parent = span.parentId === undefined ? undefined : byId.get(span.parentId);
    if (!parent || parent === span || isAbove(span, parent)) continue;
    span.parent = parent;
    parent.children.push(span);
  }
  for (const span of ordered) {
    span.depth = depthOf(span);
    span.calledNodes = [...new Set(span.children.map(({ node }) => node))]
      .filter((node) => node !== span.node)
      .sort(compareText);
  }
  for (const [index, span] of ordered.entries()) span.ownMilliseconds = ownTime(span, index, ordered);
  return ordered;
}

/** Whether `span` stands above `other` already: a circle of parents must not hang us. */
function isAbove(span: TracedSpan, other: TracedSpan): boolean {
  for (let at: TracedSpan | undefined = other; at !== undefined; at = at.parent) if (at === span) return true;
  return false;
}

function depthOf(span: TracedSpan): number {
  let depth = 0;
  for (let at = span.parent; at !== undefined; at = at.parent) depth += 1;
  return depth;
}

function ownTime(span: TracedSpan, index: number, ordered: readonly TracedSpan[]): number {
  const start = span.startMilliseconds;
  const end = start + span.durationMilliseconds;
  const covered: (readonly [number, number])[] = [];
  for (let next = index + 1; next < ordered.length; next += 1) {
    const other = ordered[next];
    if (!other || other.startMilliseconds >= end) break;
    const otherEnd = other.startMilliseconds + other.durationMilliseconds;
    const late = otherEnd - end;
    if (late <= Math.max(MAX_LATE_MILLISECONDS, MAX_LATE_SHARE * other.durationMilliseconds) && !isAbove(other, span))
      covered.push([other.startMilliseconds, Math.min(end, otherEnd)]);
  }
  // The clock of another machine may put a child outside: then it is moved inside.
  for (const child of span.children) {
    const childEnd = child.startMilliseconds + child.durationMilliseconds;
    if (child.startMilliseconds >= start && childEnd <= end) continue;
    const from = Math.max(start, Math.min(child.startMilliseconds, end - child.durationMilliseconds));
    covered.push([from, Math.min(end, from + child.durationMilliseconds)]);
  }
  return span.durationMilliseconds - lengthOf(covered);
}

/** Of the union. */
function lengthOf(intervals: readonly (readonly [number, number])[]): number {
  let length = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of intervals.toSorted(([a], [b]) => a - b)) {
    length += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return length;
}

/** Calls between nodes as they were seen. */
export function dependenciesSeen(traces: ReadonlyMap<string, readonly TracedSpan[]>): Dependency[] {
  const seen = new Map<string, Dependency>();
  for (const spans of traces.values())
    for (const { node, calledNodes } of spans)
      for (const callee of calledNodes) seen.set(JSON.stringify([node, callee]), { caller: node, callee });
  return [...seen.values()];
}
