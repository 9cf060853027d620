/** All traces among log lines: those in one field of a structured line, and those spread over lines of one stream. */
import type { ReadLine } from '../logs/read-log-line.ts';
import { CUT_OFF } from '../logs/stack-text.ts';
import { readAtTrace } from './at-frames.ts';
import { readDartTrace } from './dart.ts';
import { readGoTrace } from './go.ts';
import { readNativeTrace } from './native.ts';
import { readPhpTrace } from './php.ts';
import { readPythonTrace } from './python.ts';
import { readRubyTrace } from './ruby.ts';
import { readRustTrace } from './rust.ts';
import {
  type FoundTrace,
  MAX_MESSAGE_LINES,
  type ParsedTrace,
  type TraceLine,
  type TraceReader,
  UNKNOWN_TYPE,
} from './trace.ts';
import { type TraceStream, traceStreams } from './trace-streams.ts';

export interface ExtractedTrace extends ParsedTrace {
  /** Indexes of the lines it was read from: it owns them. The first is where it begins. */
  readonly lineIndexes: readonly number[];
  /** Its lines as they were printed, the frames of a very long one left out beyond the first. */
  readonly text: readonly string[];
  /** What is missing or not certain, a sentence each. */
  readonly losses: readonly string[];
}

/** Regular expressions see no more than this of a line: nobody's frame is longer. */
const MAX_CHARACTERS = 2_000;
const MAX_STACK_LINES = 10_000;
const MAX_TEXT_LINES = 60;
const MAX_TEXT_FRAMES = 40;
const MAX_TEXT_CHARACTERS = 500;
/** Two case-sensitive tests that all but a few ordinary lines fail; the readers look only at what passes. */
const FRAME_LIKE = /^\s*(?:(?:eval )?at |[|+][ |]*File "|File "|#\d+ )|^\s+\S{1,500}\.go:\d|^goroutine \d/;
const WORDS =
  /panic|Traceback \(most|fatal error:|SIGQUIT: |:in [`']|terminate called|Sanitizer: |runtime error: |Assertion [`']|SIG[A-Z]|tack backtrace:/;
const FRAME_LINE = /^\s*(?:at |File "|\S+\.go:\d|#\d+ |from \S|\S+:\d+:in )/;

/** The order matters: a reader sees only what those before it did not recognise. */
const READERS: readonly TraceReader[] = [
  readRubyTrace,
  readPythonTrace,
  readGoTrace,
  readRustTrace,
  readDartTrace,
  readPhpTrace,
  readNativeTrace,
  readAtTrace,
];

const END: TraceLine = { text: '', isHead: true };
const INTERLEAVED = 'lines of other writers stand between its frames: their order is not certain';
const HEADLESS = 'its beginning is missing: what was thrown is not known';
const CUT = 'the record that holds it was cut off: its last frames are missing';
const TOO_LONG = `it has more than ${MAX_STACK_LINES} lines: the others were not read`;

/** In the order of their first lines. Each line belongs to one trace at most. */
export function extractTraces(lines: readonly ReadLine[]): ExtractedTrace[] {
  const traces: ExtractedTrace[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const stack = lines[index]?.stack;
    const inField = stack === undefined ? undefined : readStackText(stack);
    if (inField) traces.push({ ...inField, lineIndexes: [index] });
  }
  for (const stream of traceStreams(lines)) traces.push(...tracesOfStream(stream));
  return traces.sort((a, b) => (a.lineIndexes[0] ?? 0) - (b.lineIndexes[0] ?? 0));
}

function tracesOfStream(stream: TraceStream): ExtractedTrace[] {
  const { indexes, noticeable } = stream;
  const lines = stream.plain();
  return scan(lines, noticeable).map(({ from, to, parsed, foreign = [] }) => {
    const isForeign = new Set(foreign);
    const own = lines.slice(from, to).filter((_line, offset) => !isForeign.has(from + offset));
    const text = shortened(own.map((line) => line.text));
    const lineIndexes = indexes.slice(from, to).filter((_index, offset) => !isForeign.has(from + offset));
    const losses = [...lossesOf(parsed), ...(foreign.length > 0 ? [INTERLEAVED] : [])];
    return { ...parsed, lineIndexes, text, losses };
  });
}

function lossesOf({ type }: ParsedTrace): string[] {
  return type === UNKNOWN_TYPE ? [HEADLESS] : [];
}

/** A whole stack as one text, as loggers put it into a field. undefined: no trace in it. */
export function readStackText(stack: string): Omit<ExtractedTrace, 'lineIndexes'> | undefined {
  const all = stack.split(/\r?\n/, MAX_STACK_LINES + 1);
  const lines = withoutMiddle(all.slice(0, MAX_STACK_LINES)).map((text) => ({
    text: text.slice(0, MAX_CHARACTERS),
    isHead: false,
  }));
  // What ends with the field ends as surely as before the next record.
  const found = scan([...lines, END], lines.keys())[0];
  if (!found) return undefined;
  const isCut = all.at(-1) === CUT_OFF;
  const losses = [
    ...lossesOf(found.parsed),
    ...(all.length > MAX_STACK_LINES ? [TOO_LONG] : []),
    ...(isCut ? [CUT] : []),
  ];
  return { ...found.parsed, text: shortened(lines.slice(found.from, found.to).map(({ text }) => text)), losses };
}

/** A validator's message has as many lines as there are complaints. Its name stands above them, and is not to be out of reach. */
function withoutMiddle(lines: readonly string[]): readonly string[] {
  const firstFrame = lines.findIndex((line) => FRAME_LIKE.test(line));
  if (firstFrame < MAX_MESSAGE_LINES) return lines;
  return [...lines.slice(0, MAX_MESSAGE_LINES - 2), ...lines.slice(firstFrame)];
}

/** `noticeable`: where a trace may be noticed, ascending. */
function scan(lines: readonly TraceLine[], noticeable: Iterable<number>): FoundTrace[] {
  const traces: FoundTrace[] = [];
  let earliest = 0;
  for (const index of noticeable) {
    if (index < earliest) continue;
    const text = lines[index]?.text ?? '';
    if (!FRAME_LIKE.test(text) && !WORDS.test(text)) continue;
    const found = readAt(lines, index, earliest);
    if (!found) continue;
    traces.push(found);
    earliest = found.to;
  }
  return traces;
}

function readAt(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  for (const read of READERS) {
    const found = read(lines, at, earliest);
    // One that ends where it began would be read for ever.
    if (found && found.to > at) return found;
  }
  return undefined;
}

/** What was said stays, and the first frames; the rest of a very deep recursion says nothing new. */
function shortened(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let frames = 0;
  for (const line of lines) {
    if (FRAME_LINE.test(line)) frames += 1;
    if (frames > MAX_TEXT_FRAMES && FRAME_LINE.test(line)) continue;
    kept.push(line.slice(0, MAX_TEXT_CHARACTERS).toWellFormed());
    if (kept.length === MAX_TEXT_LINES) break;
  }
  return kept;
}
