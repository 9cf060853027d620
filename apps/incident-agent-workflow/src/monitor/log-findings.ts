/** Lines → findings: flagged, grouped by what they say, each with the lines around its first one. Pure. */
import type { LogFinding, LogGravity } from '../domain/log-finding.ts';
import { earliest } from '../lib/instants.ts';
import { templateOf } from './line-template.ts';
import { continues, gravityOf } from './log-flags.ts';

/** A line of a log, redacted, with its own time where it names one. */
export interface LookedLine {
  readonly text: string;
  readonly at: string | undefined;
}

export interface LogPart {
  readonly service: string;
  readonly log: string;
  readonly lines: readonly LookedLine[];
  /** 1-based number of the first of them; undefined: not counted. */
  readonly firstLine: number | undefined;
}

const CONTEXT_LINES = 8;
/** A stack may be longer than the context; this much of it is shown. */
const MAX_STACK_LINES = 40;
/** More kinds of trouble than this in one look are one trouble; the rest is counted in the last. */
const MAX_FINDINGS = 200;
const ORDER: readonly LogGravity[] = ['critical', 'error', 'warning'];

interface Group {
  readonly gravity: LogGravity;
  readonly template: string;
  readonly index: number;
  readonly times: string[];
  lastAt: string | undefined;
  count: number;
}

/** Gravest first, then in the order of the log. `digest`: hex digest of a text. */
export function findingsIn(part: LogPart, digest: (text: string) => string): LogFinding[] {
  const groups = new Map<string, Group>();
  for (const { index, gravity, says } of flagged(part.lines)) {
    const template = templateOf(part.lines[says]?.text ?? '');
    const group = groups.get(template) ?? { gravity, template, index, times: [], lastAt: undefined, count: 0 };
    if (group.count === 0 && groups.size >= MAX_FINDINGS) continue;
    groups.set(template, group);
    group.count += 1;
    const at = part.lines[index]?.at;
    if (at === undefined) continue;
    if (group.times.length === 0) group.times.push(at);
    group.lastAt = at;
  }
  return [...groups.values()]
    .map((group) => findingOf(group, part, digest))
    .toSorted((left, right) => ORDER.indexOf(left.gravity) - ORDER.indexOf(right.gravity));
}

interface Flagged {
  readonly index: number;
  readonly gravity: LogGravity;
  /** The line that says what it is: of a Python trace the last one. */
  says: number;
}

/** A trace is one thing: its frames, its causes and the error that ends it are not flagged again. */
function flagged(lines: readonly LookedLine[]): Flagged[] {
  const found: Flagged[] = [];
  let trace: Flagged | undefined;
  let isPython = false;
  for (const [index, { text, at }] of lines.entries()) {
    if (trace && at === undefined && (continues(text) || isPython)) {
      // `ValueError: …` stands at the left edge and ends a Python trace.
      if (isPython && !continues(text) && text.trim() !== '') {
        isPython = false;
        if (IS_TRACEBACK.test(lines[trace.says]?.text ?? '')) trace.says = index;
      }
      continue;
    }
    const gravity = gravityOf(text);
    const isBelowHead = gravity !== undefined && belongsToHead(found, lines, index);
    if (gravity !== undefined && !isBelowHead) found.push({ index, gravity, says: index });
    trace = gravity === undefined ? undefined : found.at(-1);
    isPython = gravity !== undefined && IS_TRACEBACK.test(text);
  }
  return found;
}

const IS_TRACEBACK = /Traceback \(most recent call last\)/;

/** `ERROR request failed` and, without a time of its own, the trace right below it. */
function belongsToHead(
  found: readonly { readonly index: number }[],
  lines: readonly LookedLine[],
  index: number,
): boolean {
  const head = lines[index - 1];
  const isTrace = /^(?:Traceback \(most|[\w.$]{0,120}(?:Error|Exception)\b)/.test(lines[index]?.text ?? '');
  return isTrace && lines[index]?.at === undefined && head?.at !== undefined && found.at(-1)?.index === index - 1;
}

function findingOf(group: Group, part: LogPart, digest: (text: string) => string): LogFinding {
  const { index, gravity, template, count } = group;
  const from = Math.max(0, index - CONTEXT_LINES);
  let to = index + 1;
  while (to < part.lines.length && to - index <= MAX_STACK_LINES && isStack(part.lines[to])) to += 1;
  const until = Math.max(to, index + 1 + CONTEXT_LINES);
  return {
    service: part.service,
    log: part.log,
    gravity,
    template,
    fingerprint: digest(JSON.stringify([part.service, template])).slice(0, 16),
    count,
    firstAt: earliest(group.times) ?? null,
    lastAt: group.lastAt ?? null,
    line: part.firstLine === undefined ? null : part.firstLine + index,
    excerpt: { lines: part.lines.slice(from, until).map(({ text }) => text), marked: index - from },
  };
}

function isStack(line: LookedLine | undefined): boolean {
  return line !== undefined && line.at === undefined && line.text.trim() !== '';
}
