/** All traces among log lines: those in one field of a structured line, and those spread over lines of one stream. */
import type { ReadLine } from '../logs/read-log-line.ts';
import { readAtTrace } from './at-frames.ts';
import { readGoTrace } from './go.ts';
import { readPythonTrace } from './python.ts';
import type { FoundTrace, ParsedTrace, TraceLine } from './trace.ts';

export interface ExtractedTrace extends ParsedTrace {
  /** Indexes of the lines it was read from: it owns them. The first is where it begins. */
  readonly lineIndexes: readonly number[];
  /** Its lines as they were printed, the frames of a very long one left out beyond the first. */
  readonly text: readonly string[];
}

/** Regular expressions see no more than this of a line: nobody's frame is longer. */
const MAX_CHARACTERS = 2_000;
const MAX_STACK_LINES = 10_000;
const MAX_TEXT_LINES = 60;
const MAX_TEXT_FRAMES = 40;
const MAX_TEXT_CHARACTERS = 500;
/** One case-sensitive test that all but a few ordinary lines fail; the readers look only at what passes. */
const WORTH_A_LOOK = /^\s*at |Traceback \(most|^\s*(?:[|+]\s*)?File "|panic|fatal error:|^goroutine \d/;
const FRAME_LINE = /^\s*(?:at |File "|\S+\.go:\d)/;

/** In the order of their first lines. Each line belongs to one trace at most. */
export function extractTraces(lines: readonly ReadLine[]): ExtractedTrace[] {
  const traces: ExtractedTrace[] = [];
  for (const indexes of byStream(lines).values()) traces.push(...tracesOfStream(lines, indexes));
  return traces.sort((a, b) => (a.lineIndexes[0] ?? 0) - (b.lineIndexes[0] ?? 0));
}

/** Two processes that write at the same time interleave in a merged file, never within one stream. */
function byStream(lines: readonly ReadLine[]): Map<string, number[]> {
  const streams = new Map<string, number[]>();
  for (const [index, { stream }] of lines.entries()) {
    const known = streams.get(stream);
    if (known) known.push(index);
    else streams.set(stream, [index]);
  }
  return streams;
}

function tracesOfStream(lines: readonly ReadLine[], indexes: readonly number[]): ExtractedTrace[] {
  const traces: ExtractedTrace[] = [];
  const plain: TraceLine[] = [];
  for (const index of indexes) {
    const line = lines[index];
    if (line) plain.push(traceLineOf(line));
    const inField = line?.stack === undefined ? undefined : readStackText(line.stack);
    if (inField) traces.push({ ...inField, lineIndexes: [index] });
  }
  for (const { from, to, parsed } of scan(plain)) {
    const text = shortened(plain.slice(from, to).map((line) => line.text));
    traces.push({ ...parsed, lineIndexes: indexes.slice(from, to), text });
  }
  return traces;
}

/** A line that carries its stack in a field is a record of its own, and is not read again as text. */
function traceLineOf({ text, message, stack }: ReadLine): TraceLine {
  if (stack !== undefined) return { text: '', isHead: true };
  return { text: message.slice(0, MAX_CHARACTERS), isHead: message.length < text.length };
}

/** A whole stack as one text, as loggers put it into a field. undefined: no trace in it. */
function readStackText(stack: string): (ParsedTrace & { readonly text: readonly string[] }) | undefined {
  const lines = stack
    .split(/\r?\n/, MAX_STACK_LINES)
    .map((text) => ({ text: text.slice(0, MAX_CHARACTERS), isHead: false }));
  const found = scan(lines)[0];
  return found && { ...found.parsed, text: shortened(lines.slice(found.from, found.to).map(({ text }) => text)) };
}

function scan(lines: readonly TraceLine[]): FoundTrace[] {
  const traces: FoundTrace[] = [];
  let earliest = 0;
  for (let index = 0; index < lines.length; index += 1) {
    if (!WORTH_A_LOOK.test(lines[index]?.text ?? '')) continue;
    const found = readPythonTrace(lines, index) ?? readGoTrace(lines, index) ?? readAtTrace(lines, index, earliest);
    if (!found) continue;
    traces.push(found);
    earliest = found.to;
    index = found.to - 1;
  }
  return traces;
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
