/**
 * A whole log read at once. Lines of one shape say the same with other values, so the first of them is read in full and
 * tells of all the others what is the same: level, whether there is a stack, where the time stands. What differs is
 * read when somebody asks for it. What comes out is what `readLogLine` would say of each line.
 */
import type { LogLine } from '../../domain/telemetry.ts';
import { canonicalMilliseconds, isCanonicalInstant } from '../../lib/instant-text.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';
import { instantOfField } from './log-times.ts';
import { type LineShape, type ReadLine, readLogLine } from './read-log-line.ts';
import { emptyScan, type LineScan, scanLine } from './scan-line.ts';

interface KnownShape extends LineShape {
  readonly witnesses: number[];
  readonly first: ReadLine;
  /** A time that the source names is better than the line's own, which has no zone or is none. */
  readonly prefersSource: boolean;
  /** Word with which the line's own time begins; `none`: it has none; undefined: it has to be read in full. */
  readonly timeWord: number | 'none' | undefined;
  /** Hashes of the first line's words. */
  readonly hashes: Int32Array;
  /** Words that hold a value which so far was the same in every line. */
  readonly steady: number[];
}

/** A log with more shapes than that is a flood of unlike lines: they are read one by one. */
const MAX_SHAPES = 50_000;
/** Whatever is shown of a line is shown whole only up to here; see readLogLine. */
const MAX_TEXT = 4_000;

/**
 * In the order given. A line without a time of its own belongs to the one above it in its stream. `distrusted`: streams
 * whose own clock is off (clock-offsets.ts); of their lines the source's time is taken.
 */
export function readLogLines(lines: readonly LogLine[], distrusted: ReadonlySet<string> = NONE): ReadLine[] {
  const shapes = new Map<number, KnownShape | undefined>();
  const latest = new Map<string, string>();
  const scan = emptyScan();
  return lines.map((line, index) => {
    const isDistrusted = distrusted.size > 0 && distrusted.has(line.stream);
    const read = readOne(line, index, { shapes, scan, timeAbove: latest.get(line.stream), isDistrusted });
    if (read.at !== undefined) latest.set(line.stream, read.at);
    return read;
  });
}

const NONE: ReadonlySet<string> = new Set();

interface Reading {
  readonly shapes: Map<number, KnownShape | undefined>;
  readonly scan: LineScan;
  readonly timeAbove: string | undefined;
  readonly isDistrusted: boolean;
}

function readOne(line: LogLine, index: number, reading: Reading): ReadLine {
  const { shapes, scan, timeAbove, isDistrusted } = reading;
  scanLine(line.text, scan);
  if (scan.isCut || !scan.isPlain || line.text.length > MAX_TEXT) return inFull(line, reading);
  const known = shapes.get(scan.key);
  if (known) return lineLike(known, line, index, reading);
  const read = readLogLine(line);
  const isFresh = !shapes.has(scan.key) && shapes.size < MAX_SHAPES;
  const shape = isFresh ? shapeOf(read, line, scan, index) : undefined;
  if (isFresh) shapes.set(scan.key, shape);
  const at = (isDistrusted ? ofSource(line) : undefined) ?? read.at ?? timeAbove;
  return { ...read, at, ...(shape ? { shape } : {}) };
}

function inFull(line: LogLine, { timeAbove, isDistrusted }: Reading): ReadLine {
  const read = readLogLine(line);
  const at = (isDistrusted ? ofSource(line) : undefined) ?? read.at ?? timeAbove;
  return read.at === at ? read : { ...read, at };
}

function ofSource({ at }: LogLine): string | undefined {
  return at === undefined ? undefined : normalizedTime(at);
}

/** Of no line: tells whether the source's time is taken when there is one. */
const PROBED_TIME = '1999-12-31T23:59:58.987Z';

/** undefined: the line is more than it seems (wrapped, several lines in one): its like are read in full. */
function shapeOf(read: ReadLine, line: LogLine, scan: LineScan, index: number): KnownShape | undefined {
  if (read.text !== line.text || read.stack !== undefined) return undefined;
  const { at: _time, ...timeless } = line;
  const own = readLogLine(timeless).at;
  const steady: number[] = [];
  for (let word = 0; word < scan.wordCount; word += 1) if (scan.values[word] === 1) steady.push(word);
  return {
    witnesses: [index],
    first: read,
    prefersSource: readLogLine({ ...line, at: PROBED_TIME }).at === PROBED_TIME,
    timeWord: own === undefined ? 'none' : timeWordOf(own, line.text, scan),
    hashes: scan.hashes.slice(0, scan.wordCount),
    steady,
  };
}

/** Where the time that was read stands in the text; undefined: not in one word, as log4j's seconds and nanoseconds. */
function timeWordOf(own: string, text: string, scan: LineScan): number | undefined {
  if (text.includes('"epochSecond"')) return undefined;
  for (let word = 0; word < scan.wordCount; word += 1) {
    if (scan.values[word] === 1 && instantAt(text, scan.starts[word] ?? 0) === own) return word;
  }
  return undefined;
}

function normalizedTime(at: string): string | undefined {
  return isCanonicalInstant(at) ? at : isoOfMilliseconds(millisecondsOf(at) ?? Number.NaN);
}

/** As `instantOfField` reads it; the canonical form, which most loggers write, without a pattern. */
function instantAt(text: string, start: number): string | undefined {
  if (!Number.isNaN(canonicalMilliseconds(text, start))) return text.slice(start, start + 24);
  const found = WRITTEN_TIME.exec(text.slice(start, start + 45))?.[0];
  return found === undefined ? undefined : instantOfField(found);
}

const WRITTEN_TIME =
  /^(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?|\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}|\d{9,19}(?:\.\d{1,9})?)/;

/** As `readLogLine` chooses the time; see there. */
function lineLike(shape: KnownShape, line: LogLine, index: number, reading: Reading): ReadLine {
  const { scan, timeAbove, isDistrusted } = reading;
  noteDifferences(shape, scan, index);
  const told = shape.prefersSource || isDistrusted ? ofSource(line) : undefined;
  if (told !== undefined) return new LineLikeFirst(shape, line, told);
  if (shape.timeWord === 'none') return new LineLikeFirst(shape, line, timeAbove);
  const own = shape.timeWord === undefined ? undefined : instantAt(line.text, scan.starts[shape.timeWord] ?? 0);
  return own === undefined ? { ...inFull(line, reading), shape } : new LineLikeFirst(shape, line, own);
}

/**
 * A line that is read in full when somebody asks for what differs. A class, since a hundred thousand object literals
 * with accessors of their own cost three times as much.
 */
class LineLikeFirst implements ReadLine {
  readonly at: string | undefined;
  readonly shape: KnownShape;
  readonly stack = undefined;
  readonly #line: LogLine;
  #whole: ReadLine | undefined;

  constructor(shape: KnownShape, line: LogLine, at: string | undefined) {
    this.at = at;
    this.shape = shape;
    this.#line = line;
  }
  get level() {
    return this.shape.first.level;
  }
  get text() {
    return this.#line.text;
  }
  get stream() {
    return this.#line.stream;
  }
  get line() {
    return this.#line.line;
  }
  get message() {
    return this.#read().message;
  }
  get logger() {
    return this.#read().logger;
  }
  get request() {
    return this.#read().request;
  }
  #read(): ReadLine {
    this.#whole ??= readLogLine(this.#line);
    return this.#whole;
  }
}

function noteDifferences({ hashes, steady, witnesses }: KnownShape, scan: LineScan, index: number): void {
  if (steady.length === 0) return;
  let kept = 0;
  for (const word of steady) {
    if (scan.hashes[word] === hashes[word]) {
      steady[kept] = word;
      kept += 1;
    }
  }
  if (kept === steady.length) return;
  steady.length = kept;
  witnesses.push(index);
}
