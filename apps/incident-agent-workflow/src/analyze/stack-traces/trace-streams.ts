/**
 * Which lines can belong together. Two processes that write at the same time interleave in a merged file, never within
 * one stream; where a line says who wrote it (a container, a process, a thread, a request), each of them is a stream.
 */
import { readPlainFields } from '../logs/plain-line.ts';
import type { ReadLine } from '../logs/read-log-line.ts';
import type { TraceLine } from './trace.ts';

export interface TraceStream {
  /** Of the lines, in their order. */
  readonly indexes: readonly number[];
  /** The same lines as the readers see them. */
  readonly plain: readonly TraceLine[];
}

const MAX_CHARACTERS = 2_000;
/** `web-1  | text` of docker compose and foreman, `[pod/web-5d/app] text` of kubectl, `Jan  1 03:12:05 host app[12]: text` of syslog, `web-5d89f-x2x7p app text` of stern. */
const WRITER =
  /^(?:(?:\d\d:\d\d:\d\d )?([\w./-]{1,64}) +\| ?|\[([\w./:#-]{3,120})\] ?|(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,40}) [\w.-]{1,100} ([\w./-]{1,64}\[\d+\]): ?|([a-z0-9][\w.-]{0,60}-[a-z0-9]{5} [\w.-]{1,60}) )/;
/** A frame cannot begin a record, whatever stands before it. */
const SURELY_FRAME =
  /^\s*(?:at \S.{0,1000}[):\d]|File ".{1,1000}", line \d+(?:, in .{1,300})?|(?:from )?\S{1,500}:\d+:in [`'].*|#\d+\s+\S.{0,1000}|goroutine \d+ \[.{1,100}\]:|\.\.\. \d+ more)$/;

/** In the order of their first lines. */
export function traceStreams(lines: readonly ReadLine[]): TraceStream[] {
  const streams = new Map<string, { indexes: number[]; plain: TraceLine[] }>();
  let latestName: string | undefined;
  let latest: { indexes: number[]; plain: TraceLine[] } | undefined;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line) continue;
    const { name, plain } = placed(line);
    if (name !== latestName || !latest) {
      latest = streams.get(name) ?? { indexes: [], plain: [] };
      streams.set(name, latest);
      latestName = name;
    }
    latest.indexes.push(index);
    latest.plain.push(plain);
  }
  return [...streams.values()];
}

/** A line that carries its stack in a field is a record of its own, and is not read again as text. */
function placed(line: ReadLine): { readonly name: string; readonly plain: TraceLine } {
  const { text, message, stack, stream } = line;
  if (stack !== undefined) return { name: stream, plain: { text: '', isHead: true } };
  const writer = WRITER.exec(text);
  if (writer) {
    const key = writer[1] ?? writer[2] ?? writer[3] ?? writer[4] ?? '';
    return { name: `${stream}\n${key}`, plain: lineOf(text.slice(writer[0].length)) };
  }
  const isStamped = message.length < text.length;
  if (!isStamped) return { name: stream, plain: { text: message.slice(0, MAX_CHARACTERS), isHead: false } };
  return { name: stream, plain: stamped(text, message) };
}

/** What follows the writer's name is a line like any other. */
function lineOf(text: string): TraceLine {
  const { message } = readPlainFields(text.slice(0, MAX_CHARACTERS));
  return message.length < text.length ? stamped(text, message) : { text: message, isHead: false };
}

/** Some loggers put time and level before each line of a trace: an indented one, or a frame, still belongs to it. */
function stamped(text: string, message: string): TraceLine {
  const short = message.slice(0, MAX_CHARACTERS);
  const start = text.endsWith(message) ? text.length - message.length : 0;
  const blanks = /\s{0,200}$/.exec(text.slice(Math.max(0, start - 200), start))?.[0] ?? '';
  const indented = blanks.length > 1 ? `${blanks.slice(1)}${short}` : short;
  return SURELY_FRAME.test(indented) ? { text: indented, isHead: false } : { text: short, isHead: true };
}
