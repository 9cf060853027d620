/** What the readers of the languages give back, before paths are mapped and traces are counted. */
import type { Frame } from '../../domain/evidence.ts';
import { isTestFrame } from './test-code.ts';

export type Language = 'javascript' | 'python' | 'java' | 'go' | 'ruby' | 'php' | 'csharp' | 'rust' | 'cpp' | 'dart';

/** An error of a chain. */
export interface NamedError {
  readonly type: string;
  readonly message: string;
}

export interface ParsedTrace extends NamedError {
  readonly language: Language;
  /** Type and message are those of the innermost error. `unknown error`: the line that names it was cut off. */
  readonly type: string;
  readonly message: string;
  /** From the crash outwards, the innermost error first; Python as it prints them, towards the crash. */
  readonly frames: readonly Frame[];
  /** The first frame of our own code, seen from the crash; undefined: there is none. */
  readonly crashFrame: number | undefined;
  /** The errors that were thrown because of it, from the inside outwards. */
  readonly around?: readonly NamedError[];
  /** Go: how many other goroutines there were in each state. */
  readonly goroutines?: Readonly<Record<string, number>>;
}

/** One line as the readers see it. */
export interface TraceLine {
  readonly text: string;
  /** It begins a record of its own (it has a time, a level, or is JSON), so it can't continue a trace. */
  readonly isHead: boolean;
  /** It has a time or a level of its own; where frames have that too, it does not mean a new record. */
  readonly isStamped?: boolean | undefined;
}

/** A trace at `from` (inclusive) to `to` (exclusive) of the lines it was read from. */
export interface FoundTrace {
  readonly from: number;
  readonly to: number;
  readonly parsed: ParsedTrace;
  /** Lines in between that another writer put there. */
  readonly foreign?: readonly number[];
}

/** `at`: a line that may belong to a trace. Lines before `earliest` belong to an earlier one. */
export type TraceReader = (lines: readonly TraceLine[], at: number, earliest: number) => FoundTrace | undefined;

export const UNKNOWN_TYPE = 'unknown error';
/** How far above its first frame an error may be named: its message can have several lines. */
export const MAX_MESSAGE_LINES = 15;
const MAX_MESSAGE = 1_000;
const MAX_NAME = 300;

/** Source and line as written; `repositoryPath` is filled in by the mapping. */
export function frameAt(
  file: string,
  line: string | undefined,
  column: string | undefined,
  name: string | undefined,
  inApp: boolean,
): Frame {
  return {
    file: file.slice(0, MAX_NAME).toWellFormed(),
    line: numberOf(line),
    column: numberOf(column),
    function: name ? name.slice(0, MAX_NAME).toWellFormed() : null,
    inApp,
    repositoryPath: null,
  };
}

function numberOf(digits: string | undefined): number | null {
  const value = digits === undefined ? Number.NaN : Number(digits);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function messageOf(lines: readonly string[]): string {
  return lines.join('\n').trim().slice(0, MAX_MESSAGE).toWellFormed();
}

/** Each frame once: a cause repeats the frames that it shares with the error around it. */
export function withoutRepeats(frames: readonly Frame[]): Frame[] {
  const seen = new Set<string>();
  return frames.filter(({ file, line, column, function: name }) => {
    const key = JSON.stringify([file, line, column, name]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Of frames from the crash outwards; a test that called it is told only where there is nothing else. */
export function firstInApp(frames: readonly Frame[]): number | undefined {
  const code = frames.findIndex((frame) => frame.inApp && !isTestFrame(frame));
  const index = code < 0 ? frames.findIndex(({ inApp }) => inApp) : code;
  return index < 0 ? undefined : index;
}

/** Machinery that every failure of its language passes on the way out: never where it began. */
const RAISING =
  /^(?:panic|runtime\.(?:gopanic|panic\w*|sigpanic|throw|fatal\w*)|runtime\/debug\.Stack|rust_begin_unwind|(?:core|std)::panicking::.*|raise|abort|__assert_fail.*|__cxa_throw)$/;

/** The runtime's own files, and code that was made at run time, whose place is only that of its maker. */
function isPlaced({ file, line, function: name }: Frame): boolean {
  return line !== null && !file.startsWith('dart:') && !/^eval\b/.test(name ?? '');
}

/** Where it was thrown: the innermost frame that has a place, in our own code or in a library. */
export function throwSite({ language, frames }: Pick<ParsedTrace, 'language' | 'frames'>): Frame | undefined {
  const inward = language === 'python' ? frames.toReversed() : frames;
  const afterRaising = inward.findLastIndex((frame) => RAISING.test(frame.function ?? '')) + 1;
  return inward.slice(afterRaising).find(isPlaced) ?? inward.find(({ line }) => line !== null);
}
