/** Fields that hold a stack, under the many names that loggers have for it: of an object, of pairs, and behind a text. */
import { printedStack } from '../stack-traces/structured-frames.ts';
import { closingQuote, unquoted } from './logfmt.ts';
import { looksLikeStack, unescaped } from './stack-text.ts';

/**
 * `stack`, `stack_trace`, `stackTrace`, `error.stack`, `exception.stacktrace`, `exc_info`, `errorVerbose` (zap), `@x`
 * (Serilog), …: what they hold must look like a stack too.
 */
export const STACK_NAME = String.raw`(?:[\w@-]{1,40}\.){0,3}(?:\w{0,20}stack|\w{0,20}stack_?trace|exc_info|exc_text|\w{0,10}exception|traceback|backtrace|trace|error_?verbose|@x)`;
const STACK_KEY = new RegExp(`^${STACK_NAME}$`, 'i');
const MAX_KEYS = 100;
const MAX_STACK = 262_144;

/** Of texts and lists of frames: the longest that is a stack, for some loggers put it in two fields, one of them cut. */
export function longestStack(values: Iterable<unknown>): string | undefined {
  let longest: string | undefined;
  for (const value of values) {
    const text = joined(value) ?? printedStack(value);
    const stack = text === undefined ? undefined : unescaped(text);
    if (stack !== undefined && looksLikeStack(stack) && stack.length > (longest?.length ?? 0)) longest = stack;
  }
  return longest?.slice(0, MAX_STACK);
}

function joined(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const lines = value.filter((line) => typeof line === 'string');
  return lines.length === 0 ? undefined : lines.map((line) => line.replace(/\n$/, '')).join('\n');
}

/** What is held under such a name, in the object itself and in those inside it (`attributes`, `extra`, `err`, …). */
export function stackValues(fields: object, depth = 2): unknown[] {
  const held: unknown[] = [];
  for (const [key, value] of Object.entries(fields).slice(0, MAX_KEYS) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) {
      if (STACK_KEY.test(key)) held.push(value);
      if (depth > 0 && !Array.isArray(value)) held.push(...stackValues(value, depth - 1));
    } else if (typeof value === 'string' && hasLines(value) && STACK_KEY.test(key)) held.push(value);
  }
  return held;
}

/** Of all fields of all lines few have several lines, written as such or escaped: the rest need no closer look. */
export function hasLines(text: string): boolean {
  return text.includes('\n') || text.includes('\\n');
}

export function stackOfPairs(pairs: ReadonlyMap<string, string>): string | undefined {
  const written: string[] = [];
  for (const [key, value] of pairs) if (hasLines(value) && STACK_KEY.test(key)) written.push(unquoted(value));
  return longestStack(written);
}

export interface StackBehind {
  /** The line without the field. */
  readonly front: string;
  readonly stack: string;
}

const OBJECT_BEHIND = /[\s|]\{\s*"/;
const FIELD_BEHIND = new RegExp(String.raw`(?:^|[\s,;|([])${STACK_NAME}(?:=|: ?(?="))`, 'gi');
const MAX_FIELDS_BEHIND = 20;

/** `text {"stack": "…"}`, `text stack="…" more`, `text exception=…`; undefined: no such field with a stack in it. */
export function stackBehind(text: string): StackBehind | undefined {
  return inObjectBehind(text) ?? inFieldBehind(text);
}

function inObjectBehind(text: string): StackBehind | undefined {
  const at = OBJECT_BEHIND.exec(text)?.index;
  if (at === undefined || !text.endsWith('}')) return undefined;
  const fields = parsed(text.slice(at + 1));
  const stack = fields && longestStack(stackValues(fields));
  return stack === undefined ? undefined : { front: text.slice(0, at).trimEnd(), stack };
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // a brace in prose
  }
}

/** A quoted one is known by its end; one without quotes goes on to the end of the line, and begins in its first line. */
function inFieldBehind(text: string): StackBehind | undefined {
  const fields = [...text.matchAll(FIELD_BEHIND).take(MAX_FIELDS_BEHIND)].map((found) => ({
    at: found.index,
    from: found.index + found[0].length,
  }));
  for (const { at, from } of fields) {
    const end = text[from] === '"' ? closingQuote(text, from) : undefined;
    const stack = end === undefined ? undefined : longestStack([unquoted(text.slice(from + 1, end))]);
    if (end !== undefined && stack !== undefined) return { front: without(text, at, end + 1), stack };
  }
  const firstLine = /\n|\\n/.exec(text)?.index ?? text.length;
  const open = fields.findLast(({ at }) => at < firstLine);
  const stack = open && longestStack([text.slice(open.from).replace(/^"/, '')]);
  return stack === undefined ? undefined : { front: without(text, open?.at ?? 0, text.length), stack };
}

function without(text: string, from: number, to: number): string {
  return `${text.slice(0, from).trimEnd()} ${text.slice(to).trim()}`.trim();
}
