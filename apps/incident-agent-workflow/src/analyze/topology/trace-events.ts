/** What happens in traces now and never happened before, and what always happened and no longer does: on which node. */
import type { LogLine } from '../../domain/telemetry.ts';
import { compareText } from '../../lib/compare-text.ts';
import { ERROR_LIKE, errorLikeness } from '../logs/error-likeness.ts';
import { readLogLine } from '../logs/read-log-line.ts';
import { mineTemplates } from '../logs/templates.ts';
import type { TracedSpan } from './spans.ts';

type Traces = ReadonlyMap<string, readonly TracedSpan[]>;

/** A log line that says which request it belongs to. */
export interface TraceText {
  readonly traceId: string;
  readonly spanId: string | undefined;
  readonly node: string;
  readonly line: LogLine;
}

/** Chance that what is missing is missing only since by accident; above it nothing is concluded. */
const MAX_CHANCE = 0.05;

interface Event {
  readonly text: TraceText;
  readonly template: string;
  /** Where the program wrote it, if the line says so; else its template. */
  readonly place: string;
  readonly isError: boolean;
  /** It may be anything, and comes and goes with what is asked for. */
  readonly isWarning: boolean;
}

/**
 * Node → traces in which it is the deepest one that fails anew or leaves something out. What happens in few of an
 * operation's runs counts for little: a fault shows wherever it is met.
 */
export function failuresByNode(
  before: { readonly traces: Traces; readonly texts: readonly TraceText[] },
  after: { readonly traces: Traces; readonly texts: readonly TraceText[] },
): ReadonlyMap<string, number> {
  const events = eventsOf([...before.texts, ...after.texts]);
  const old = before.texts.flatMap((text) => events.get(text) ?? []);
  const now = after.texts.flatMap((text) => events.get(text) ?? []);
  const known = new Set(old.map(({ template }) => template));
  const isMissing = missingEvents({ traces: before.traces, events: old }, { traces: after.traces, events: now });
  const novelBySpan = Map.groupBy(
    now.filter(({ template, isError }) => isError && !known.has(template)),
    ({ text }) => spanKey(text.traceId, text.spanId ?? ''),
  );
  const failsAnew = (span: TracedSpan): boolean => novelBySpan.has(spanKey(span.traceId, span.spanId));
  const shares = [failsAnew, isMissing].map((isOff) => ({ isOff, shares: offShares(after.traces, isOff) }));
  const failures = new Map<string, number>();
  for (const spans of after.traces.values()) {
    // An error line says it outright; what is missing after it may be its consequence.
    const found = shares.find(({ isOff }) => spans.some(isOff));
    if (!found) continue;
    const places = spans.filter(found.isOff);
    const deepest = Math.max(...places.map(({ depth }) => depth));
    const guilty = new Map<string, number>();
    for (const span of places)
      if (span.depth === deepest)
        guilty.set(span.node, Math.max(guilty.get(span.node) ?? 0, found.shares.get(operationKey(span)) ?? 0));
    for (const [node, share] of guilty) failures.set(node, (failures.get(node) ?? 0) + share / guilty.size);
  }
  return failures;
}

/** Operation → share of its runs that are off. */
function offShares(traces: Traces, isOff: (span: TracedSpan) => boolean): ReadonlyMap<string, number> {
  const runs = new Map<string, { all: number; off: number }>();
  for (const spans of traces.values())
    for (const span of spans) {
      const known = runs.get(operationKey(span)) ?? { all: 0, off: 0 };
      runs.set(operationKey(span), known);
      known.all += 1;
      if (isOff(span)) known.off += 1;
    }
  return new Map([...runs].map(([key, { all, off }]) => [key, off / all]));
}

/** Templates are mined node by node from all lines at once, in an order of their own. */
function eventsOf(texts: readonly TraceText[]): ReadonlyMap<TraceText, Event> {
  const events = new Map<TraceText, Event>();
  const read = texts.map((text) => ({ text, line: readLogLine(text.line) }));
  for (const [node, ofNode] of Map.groupBy(read, ({ text }) => text.node)) {
    const ordered = ofNode.toSorted(
      (a, b) => compareText(a.line.message, b.line.message) || compareText(a.text.traceId, b.text.traceId),
    );
    for (const template of mineTemplates(
      ordered.map(({ line }) => line),
      new Set(),
    ))
      for (const index of template.lineIndexes) {
        const one = ordered[index];
        if (!one) continue;
        const key = JSON.stringify([node, one.line.logger ?? '', template.level, template.text]);
        const place = PLACE.exec(one.line.message.slice(0, 200))?.[1] ?? template.text;
        events.set(one.text, {
          text: one.text,
          template: key,
          place: JSON.stringify([node, one.line.logger ?? '', place]),
          isError: errorLikeness(one.line) >= ERROR_LIKE,
          isWarning: one.line.level === 'warning',
        });
      }
  }
  return events;
}

/** `o.s.OrderServiceImpl#342`, `orders/store.ts:42`: the same place may say many things. */
const PLACE = /^(?:\S{1,80}\s){0,3}?\(?([\w.$/-]{2,80}[#:]\d{1,6})\b/;

function spanKey(traceId: string, spanId: string): string {
  return JSON.stringify([traceId, spanId]);
}

function eventsBySpan(events: readonly Event[]): ReadonlyMap<string, ReadonlySet<string>> {
  const bySpan = new Map<string, Set<string>>();
  for (const { text, place, isWarning } of events) {
    if (text.spanId === undefined || isWarning) continue;
    const key = spanKey(text.traceId, text.spanId);
    bySpan.set(key, (bySpan.get(key) ?? new Set()).add(place));
  }
  return bySpan;
}

/** What one run of an operation does: the lines it writes and the operations it starts. */
function doings(span: TracedSpan, bySpan: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const started = span.children.map(({ node, operation }) => JSON.stringify(['starts', node, operation]));
  return new Set([...started, ...(bySpan.get(spanKey(span.traceId, span.spanId)) ?? [])]);
}

/** With the operations of the same node that led to it: one method serves several routes. */
function operationKey(span: TracedSpan): string {
  const way = [span.operation];
  for (let at = span.parent; at?.node === span.node; at = at.parent) way.push(at.operation);
  return JSON.stringify([span.node, ...way]);
}

interface Happened {
  readonly traces: Traces;
  readonly events: readonly Event[];
}

/** Whether a run leaves out what all runs before did, and leaves it out too often for chance. */
function missingEvents(before: Happened, after: Happened): (span: TracedSpan) => boolean {
  const old = runsOf(before);
  const missing = new Map<string, ReadonlySet<string>>();
  for (const [key, now] of runsOf(after)) {
    const known = old.get(key);
    if (!known) continue;
    const gone = [...known.counts].flatMap(([doing, count]) => {
      const left = now.runs - (now.counts.get(doing) ?? 0);
      return count === known.runs && left > 0 && chanceOfMissing(known.runs, now.runs, left) <= MAX_CHANCE
        ? [doing]
        : [];
    });
    if (gone.length > 0) missing.set(key, new Set(gone));
  }
  const bySpan = eventsBySpan(after.events);
  return (span) => {
    const gone = missing.get(operationKey(span));
    return gone !== undefined && !gone.isSubsetOf(doings(span, bySpan));
  };
}

/** Operation → how often it ran and how often it did what. */
function runsOf({ traces, events }: Happened) {
  const bySpan = eventsBySpan(events);
  const runs = new Map<string, { runs: number; counts: Map<string, number> }>();
  for (const spans of traces.values())
    for (const span of spans) {
      const known = runs.get(operationKey(span)) ?? { runs: 0, counts: new Map<string, number>() };
      runs.set(operationKey(span), known);
      known.runs += 1;
      for (const doing of doings(span, bySpan)) known.counts.set(doing, (known.counts.get(doing) ?? 0) + 1);
    }
  return runs;
}

/** That all `missing` of `before + after` runs fall among those after (Fisher's exact test, one-sided). */
function chanceOfMissing(before: number, after: number, missing: number): number {
  let chance = 1;
  for (let index = 0; index < missing; index += 1) chance *= (after - index) / (before + after - index);
  return chance;
}
