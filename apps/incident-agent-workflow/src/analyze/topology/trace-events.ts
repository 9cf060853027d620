/** What happens in traces now and never happened before, and what always happened and no longer does: on which node. */
import type { LogLine } from '../../domain/telemetry.ts';
import { ERROR_LIKE, errorLikeness } from '../logs/error-likeness.ts';
import { type ReadLine, readLogLine } from '../logs/read-log-line.ts';
import { mineTemplates } from '../logs/templates.ts';
import { compareText } from '../metrics/samples.ts';
import type { TracedSpan } from './spans.ts';

type Traces = ReadonlyMap<string, readonly TracedSpan[]>;

/** A log line that says which request it belongs to. */
export interface TraceText {
  readonly traceId: string;
  readonly spanId: string | undefined;
  readonly node: string;
  readonly line: LogLine;
}

/** An operation must have been seen so often before what it always does is known. */
const MIN_SEEN = 4;

interface Event {
  readonly text: TraceText;
  readonly template: string;
  readonly isError: boolean;
}

/** Node → traces in which it is the deepest one that fails anew or leaves something out. */
export function failuresByNode(
  before: { readonly traces: Traces; readonly texts: readonly TraceText[] },
  after: { readonly traces: Traces; readonly texts: readonly TraceText[] },
): ReadonlyMap<string, number> {
  const events = eventsOf([...before.texts, ...after.texts]);
  const old = before.texts.flatMap((text) => events.get(text) ?? []);
  const now = after.texts.flatMap((text) => events.get(text) ?? []);
  const known = new Set(old.map(({ template }) => template));
  const always = alwaysHappening(before.traces, old);
  const bySpan = eventsBySpan(now);
  const failures = new Map<string, number>();
  const novel = Map.groupBy(
    now.filter(({ template, isError }) => isError && !known.has(template)),
    ({ text }) => text.traceId,
  );
  for (const [traceId, spans] of after.traces) {
    const places = [
      ...placesOfErrors(spans, novel.get(traceId) ?? []),
      ...spans.filter((span) => leavesOut(span, always, bySpan)).map(({ node, depth }) => ({ node, depth })),
    ];
    const deepest = Math.max(...places.map(({ depth }) => depth));
    const nodes = new Set(places.filter(({ depth }) => depth === deepest).map(({ node }) => node));
    for (const node of nodes) failures.set(node, (failures.get(node) ?? 0) + 1 / nodes.size);
  }
  return failures;
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
        events.set(one.text, { text: one.text, template: key, isError: isError(one.line) });
      }
  }
  return events;
}

/** A warning may be anything. */
function isError(line: ReadLine): boolean {
  return errorLikeness(line) >= ERROR_LIKE;
}

function spanKey(traceId: string, spanId: string): string {
  return JSON.stringify([traceId, spanId]);
}

function eventsBySpan(events: readonly Event[]): ReadonlyMap<string, ReadonlySet<string>> {
  const bySpan = new Map<string, Set<string>>();
  for (const { text, template } of events) {
    if (text.spanId === undefined) continue;
    const key = spanKey(text.traceId, text.spanId);
    bySpan.set(key, (bySpan.get(key) ?? new Set()).add(template));
  }
  return bySpan;
}

/** Where the span is named the error is as deep as that; else as deep as its node goes in that trace. */
function placesOfErrors(spans: readonly TracedSpan[], errors: readonly Event[]) {
  return errors.map(({ text }) => {
    const own = spans.find(({ spanId }) => spanId === text.spanId);
    const depths = spans.filter(({ node }) => node === text.node).map(({ depth }) => depth);
    return { node: text.node, depth: own?.depth ?? Math.max(0, ...depths) };
  });
}

/** What one run of an operation does: the lines it writes and the operations it starts. */
function doings(span: TracedSpan, bySpan: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const started = span.children.map(({ node, operation }) => JSON.stringify(['starts', node, operation]));
  return new Set([...started, ...(bySpan.get(spanKey(span.traceId, span.spanId)) ?? [])]);
}

function operationKey({ node, operation }: TracedSpan): string {
  return JSON.stringify([node, operation]);
}

/** Operation → what each of its runs did. */
function alwaysHappening(traces: Traces, events: readonly Event[]): ReadonlyMap<string, ReadonlySet<string>> {
  const bySpan = eventsBySpan(events);
  const seen = new Map<string, { runs: number; always: Set<string> }>();
  for (const spans of traces.values())
    for (const span of spans) {
      const done = doings(span, bySpan);
      const known = seen.get(operationKey(span));
      if (!known) seen.set(operationKey(span), { runs: 1, always: done });
      else {
        known.runs += 1;
        known.always = known.always.intersection(done);
      }
    }
  return new Map([...seen].filter(([, { runs }]) => runs >= MIN_SEEN).map(([key, { always }]) => [key, always]));
}

function leavesOut(
  span: TracedSpan,
  always: ReadonlyMap<string, ReadonlySet<string>>,
  bySpan: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const expected = always.get(operationKey(span));
  if (!expected || expected.size === 0) return false;
  return !expected.isSubsetOf(doings(span, bySpan));
}
