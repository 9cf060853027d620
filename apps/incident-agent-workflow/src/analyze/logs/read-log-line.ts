/** One log line in the words of the domain, whatever wrote it. Any text can be read: what says nothing stays plain text. */
import type { LogLine } from '../../domain/telemetry.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';
import { readJsonFields } from './json-line.ts';
import type { Level } from './levels.ts';
import { readLogfmt, readPlainFields } from './plain-line.ts';
import { type LoggedRequest, requestInText } from './request-text.ts';
import { stackBehind } from './stack-fields.ts';
import { looksLikeStack, unescaped } from './stack-text.ts';

export interface ReadLine {
  /** ISO in UTC; undefined: neither line nor source says when. */
  readonly at: string | undefined;
  readonly level: Level;
  /** Without time, level and logger; of a structured line its message. */
  readonly message: string;
  readonly logger?: string | undefined;
  /** A stack that the line carries in one field, with real line ends. */
  readonly stack?: string | undefined;
  readonly request?: LoggedRequest | undefined;
  /** The whole line, without colours and control characters, cut. */
  readonly text: string;
  readonly stream: string;
  readonly line: number | undefined;
  /** What it shares with other lines of the same log, where it shares it. */
  readonly shape?: LineShape | undefined;
}

/** What all lines with the same words share. */
export interface LineShape {
  /** Indexes of lines that together show which values differ: the first line, and each in which another value first did. */
  readonly witnesses: readonly number[];
}

/** What a format finds in a line. */
export interface LineFields {
  readonly at?: string | undefined;
  /** The line's own time names its zone, so it is better than the time of ingestion. */
  readonly isZoned: boolean;
  readonly level: Level;
  readonly message: string;
  readonly logger?: string | undefined;
  readonly stack?: string | undefined;
  readonly request?: LoggedRequest | undefined;
}

/** Longer lines are no longer parsed as JSON: Loki refuses them too. */
export const MAX_PARSED = 262_144;
const MAX_TEXT = 4_000;
const MAX_MESSAGE = 2_000;
const MAX_UNWRAPS = 2;

/** Never throws. A container runtime's wrapping is taken off first. */
export function readLogLine(line: LogLine): ReadLine {
  const unwrapped = unwrap(withoutColours(line.text), MAX_UNWRAPS);
  const fields = readJsonFields(unwrapped.text.slice(0, MAX_PARSED)) ?? readPlainRecord(unwrapped.text);
  const ingested = normalized(line.at) ?? normalized(unwrapped.at);
  const message = fields.message.slice(0, MAX_MESSAGE).toWellFormed();
  return {
    at: (fields.isZoned ? fields.at : undefined) ?? ingested ?? fields.at,
    level: fields.level,
    message,
    logger: fields.logger?.slice(0, 200),
    stack: fields.stack,
    request: fields.request ?? requestInText(message),
    text: readable(line.text.length === unwrapped.text.length ? unwrapped.text : withoutColours(line.text)),
    stream: line.stream,
    line: line.line,
  };
}

/** An entry may hold a whole record: its first line says when and how grave, the rest is its stack. */
function readPlainRecord(text: string): LineFields {
  const whole = text.slice(0, MAX_PARSED);
  const record = unescaped(whole);
  const end = record.indexOf('\n');
  if (end < 0 || !looksLikeStack(record)) return readPlainFields(text.slice(0, MAX_TEXT));
  const pairs = readLogfmt(whole);
  if (pairs?.stack !== undefined) return pairs;
  const behind = stackBehind(whole);
  if (behind) return { ...readPlainFields((behind.front || behind.stack).slice(0, MAX_TEXT)), stack: behind.stack };
  return { ...(pairs ?? readPlainFields(record.slice(0, Math.min(end, MAX_TEXT)))), stack: record };
}

const COLOUR = /(?![\t\r\n])\p{Cc}\[[0-9;:?]{0,32}[A-Za-z]/gu;

function withoutColours(text: string): string {
  const plain = text.includes('\u001b') ? text.replace(COLOUR, '') : text;
  let end = plain.length;
  // Not by a pattern: one that is anchored at the end tries every run of line ends before it.
  while (end > 0 && (plain[end - 1] === '\n' || plain[end - 1] === '\r')) end -= 1;
  return plain.slice(0, end);
}

const CONTROL = /(?![\t\n])\p{Cc}/gu;

/** For people: no control characters, no half characters, cut. */
export function readable(text: string): string {
  return text.slice(0, MAX_TEXT).replace(CONTROL, '�').toWellFormed();
}

/** `2026-01-01T03:12:05.1Z stderr F text` (CRI) and Docker's `{"log": "text\n", "stream": …, "time": …}`. */
function unwrap(text: string, times: number): { readonly text: string; readonly at?: string | undefined } {
  if (times === 0) return { text };
  const cri = /^(\d{4}-\d\d-\d\dT\S{8,40}) std(?:out|err) [FP] /.exec(text.slice(0, 80));
  if (cri) return { at: cri[1], ...withoutAt(unwrap(text.slice(cri[0].length), times - 1)) };
  if (!text.startsWith('{"log":"') || text.length > MAX_PARSED) return { text };
  const wrapped = dockerLine(text);
  return wrapped ? { at: wrapped.at, ...withoutAt(unwrap(wrapped.text, times - 1)) } : { text };
}

function withoutAt({ text }: { readonly text: string }): { readonly text: string } {
  return { text };
}

function dockerLine(text: string): { readonly text: string; readonly at: string | undefined } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('log' in value) || typeof value.log !== 'string')
      return undefined;
    const at = 'time' in value && typeof value.time === 'string' ? value.time : undefined;
    return { text: withoutColours(value.log), at };
  } catch {
    return undefined; // a line that only looks like it
  }
}

function normalized(at: string | undefined): string | undefined {
  return at === undefined ? undefined : isoOfMilliseconds(millisecondsOf(at) ?? Number.NaN);
}
