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
  /** Where in `indexes` a trace may be noticed. Elsewhere nothing has to be read. */
  readonly noticeable: readonly number[];
  /** The same lines as the readers see them; each is read when it is asked for. */
  plain(): readonly TraceLine[];
}

const MAX_CHARACTERS = 2_000;

/** `web-1  | text` of docker compose and foreman. */
const BEFORE_BAR = /^(?:\d\d:\d\d:\d\d )?([\w./-]{1,64}) +\| ?/;
/** `[pod/web-5d/app] text` of kubectl, `[request-id] text`, `[thread] text`; a time or a level names nobody. */
const IN_BRACKETS =
  /^\[(?![\d.:T/+-]*[.:T/][\d.:TZ/+-]*\]|(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\])([\w./:#-]{3,120})\] /i;
/** `Jan  1 03:12:05 host app[12]: text` of syslog and the journal. */
const OF_SYSLOG =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,40}) [\w.-]{1,100} ([\w./-]{1,64}\[\d+\]): ?/;
/** `web-5d89f-x2x7p app text` of stern. */
const OF_STERN = /^([a-z0-9][a-z0-9.-]{0,60}-[a-z0-9]{5} [\w.-]{1,60}) /;
const MAX_WRITER_CHARACTERS = 80;
const OPENING_BRACKET = 0x5b;
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;
const SPACE = 0x20;
const TAB = 0x09;
/** What a frame begins with, cheap to try on every line; Ruby's begins with a path. */
const BEGINS_LIKE_FRAME = /^\s*(?:at |File "|from |#\d|goroutine |\.\.\. )/;
const SURELY_FRAME =
  /^\s*(?:at \S.{0,1000}[):\d]|File ".{1,1000}", line \d+(?:, in .{1,300})?|(?:from )?\S{1,500}:\d+:in [`'].*|#\d+\s+\S.{0,1000}|goroutine \d+ \[.{1,100}\]:|\.\.\. \d+ more)$/;

/** A frame cannot begin a record, whatever stands before it. */
function isSurelyFrame(text: string): boolean {
  return (BEGINS_LIKE_FRAME.test(text) || text.includes(':in ')) && SURELY_FRAME.test(text);
}

/**
 * One case-sensitive test of the whole line that all but a few ordinary lines fail. What passes is then looked at closely,
 * so it may let through too much, never too little.
 */
const NOTICEABLE =
  /at (?:.{0,200}\(|\S*[:/\\.<[])|File \\?"|#\d+ |goroutine \d|\.go:\d|panic|Traceback \(most|fatal error:|SIGQUIT: |:in [`']|terminate called|Sanitizer: |runtime error: |Assertion [`']|SIG[A-Z]|tack backtrace:/;

/** In the order of their first lines. */
export function traceStreams(lines: readonly ReadLine[]): TraceStream[] {
  const noticed: number[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line && line.stack === undefined && NOTICEABLE.test(line.text)) noticed.push(index);
  }
  if (noticed.length === 0) return [];
  const writers = writersOfFrames(lines, noticed);
  const names = new Set(noticed.map((index) => nameOf(lines[index], writers)));
  const streams = new Map<string, { readonly indexes: number[]; readonly noticeable: number[] }>();
  let next = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const isNoticed = noticed[next] === index;
    if (isNoticed) next += 1;
    const name = nameOf(lines[index], writers);
    if (!names.has(name)) continue;
    const stream = streams.get(name) ?? { indexes: [], noticeable: [] };
    streams.set(name, stream);
    if (isNoticed) stream.noticeable.push(stream.indexes.length);
    stream.indexes.push(index);
  }
  return [...streams.values()].map((stream) => ({
    ...stream,
    plain: () => stream.indexes.map((index) => readLater(lines[index], writers)),
  }));
}

function nameOf(line: ReadLine | undefined, writers: ReadonlySet<string>): string {
  if (!line) return '';
  const written = writers.size === 0 ? undefined : writtenBy(line);
  return written && writers.has(written.name) ? written.name : line.stream;
}

/** Most lines of a log are never looked at. */
function readLater(line: ReadLine | undefined, writers: ReadonlySet<string>): TraceLine {
  let known: TraceLine | undefined;
  const read = (): TraceLine => {
    known ??= line ? traceLineOf(line, writers) : { text: '', isHead: true };
    return known;
  };
  return {
    get text() {
      return read().text;
    },
    get isHead() {
      return read().isHead;
    },
    get isStamped() {
      return read().isStamped;
    },
  };
}

function traceLineOf(line: ReadLine, writers: ReadonlySet<string>): TraceLine {
  const written = writers.size === 0 ? undefined : writtenBy(line);
  return written && writers.has(written.name) ? lineOf(written.rest) : plainOf(line);
}

/** Where only the first line of a trace names its writer the others do not: such a name parts nothing. */
function writersOfFrames(lines: readonly ReadLine[], noticed: readonly number[]): Set<string> {
  const writers = new Set<string>();
  for (const index of noticed) {
    const line = lines[index];
    const written = line && writtenBy(line);
    if (written && isSurelyFrame(written.rest)) writers.add(written.name);
  }
  return writers;
}

interface Written {
  /** Of the stream and its writer. */
  readonly name: string;
  readonly rest: string;
}

function writtenBy({ text, stack, stream }: ReadLine): Written | undefined {
  const writer = stack === undefined ? writerOf(text) : null;
  return writer ? { name: `${stream}\n${writer[1] ?? ''}`, rest: text.slice(writer[0].length) } : undefined;
}

/** A line that carries its stack in a field is a record of its own, and is not read again as text. */
function plainOf({ text, message, stack }: ReadLine): TraceLine {
  if (stack !== undefined) return { text: '', isHead: true };
  return message.length < text.length
    ? stamped(text, message)
    : { text: message.slice(0, MAX_CHARACTERS), isHead: false };
}

/** Each form is tried only where its first characters allow it: this is done for every line of a log. */
function writerOf(text: string): RegExpExecArray | null {
  const first = text.charCodeAt(0);
  if (first === OPENING_BRACKET) return IN_BRACKETS.exec(text);
  const bar = text.indexOf('|');
  if (bar > 0 && bar <= MAX_WRITER_CHARACTERS) return BEFORE_BAR.exec(text);
  if (text.includes(']: ')) return OF_SYSLOG.exec(text);
  return first >= LOWER_A && first <= LOWER_Z ? OF_STERN.exec(text) : null;
}

/** What follows the writer's name is a line like any other. */
function lineOf(text: string): TraceLine {
  const { message } = readPlainFields(text.slice(0, MAX_CHARACTERS));
  return message.length < text.length ? stamped(text, message) : { text: message, isHead: false };
}

/** Some loggers put time and level before each line of a trace: an indented one, or a frame, still belongs to it. */
function stamped(text: string, message: string): TraceLine {
  const short = message.slice(0, MAX_CHARACTERS);
  const start = text.length - message.length;
  const isIndented =
    isBlank(text.charCodeAt(start - 1)) && isBlank(text.charCodeAt(start - 2)) && text.endsWith(message);
  const written = isIndented ? `${blanksBefore(text, start)}${short}` : short;
  return { text: written, isHead: !isSurelyFrame(written), isStamped: true };
}

/** One of them parts the message from what stands before it. */
function blanksBefore(text: string, start: number): string {
  let first = start - 1;
  while (first > 0 && isBlank(text.charCodeAt(first - 1))) first -= 1;
  return text.slice(first + 1, start);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
