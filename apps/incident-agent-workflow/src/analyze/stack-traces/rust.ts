/** Panics of Rust with or without a backtrace, and errors that were printed with one. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnRust } from './in-app.ts';
import {
  type FoundTrace,
  firstInApp,
  frameAt,
  MAX_MESSAGE_LINES,
  messageOf,
  type NamedError,
  type TraceLine,
  UNKNOWN_TYPE,
} from './trace.ts';

/** `thread 'main' panicked at src/main.rs:4:5:`; until 1.72 `thread 'main' panicked at 'text', src/main.rs:4:5`. */
const PANIC =
  /thread (?:'[^']{0,200}'|<unnamed>)(?: \(\d{1,20}\))? panicked at (?:'([\s\S]{0,2000}?)', ?)?(.{1,500}?):(\d{1,9}):(\d{1,9}):?\s*$/;
/** The old form, whose message goes on below. */
const OLD_PANIC = /thread (?:'[^']{0,200}'|<unnamed>) panicked at '/;
const BACKTRACE = /^\s*(?:stack backtrace|Stack backtrace):\s*$/;
const FRAME = /^\s*(\d{1,6}):\s+(?:0x[\da-f]+ - )?(\S.{0,600})$/;
const PLACE = /^\s+at (.{1,500}?):(\d{1,9})(?::(\d{1,9}))?\s*$/;
const NOTE = /^note: /;
const CAUSED_BY = /^\s*Caused by:\s*$/;
const ERROR = /(?:^|\s)Error: (.*)$/;

/** At the line that says `panicked`, or at `stack backtrace:` of an error that was returned. */
export function readRustTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const text = lines[at]?.text ?? '';
  if (OLD_PANIC.test(text) || PANIC.test(text)) return readPanic(lines, at);
  return BACKTRACE.test(text) ? readPrintedError(lines, at, earliest) : undefined;
}

function readPanic(lines: readonly TraceLine[], at: number): FoundTrace | undefined {
  const head = headOf(lines, at);
  if (!head) return undefined;
  const { found, to: below } = head;
  const message = [found[1] ?? ''];
  let to = below;
  while (to < lines.length && to < below + MAX_MESSAGE_LINES) {
    const line = lines[to];
    // The new form has its message below, on as many lines as it has; only the note or the backtrace ends it for sure.
    if (!line || line.isHead || NOTE.test(line.text) || BACKTRACE.test(line.text)) break;
    if (found[1] !== undefined || (to > below && !endsBelow(lines, to))) break;
    message.push(line.text);
    to += 1;
  }
  const thrownAt = frameAt(found[2] ?? '', found[3], found[4], undefined, isOwnRust(found[2] ?? '', ''));
  const trace = BACKTRACE.test(lines[to]?.text ?? '') ? readFrames(lines, to + 1) : { frames: [], to };
  to = trace.to;
  while (!lines[to]?.isHead && NOTE.test(lines[to]?.text ?? '')) to += 1;
  // Above the place of the panic there is only machinery; without a backtrace that place is all there is.
  const site = trace.frames.findIndex(({ file, line }) => line === thrownAt.line && isSamePath(file, thrownAt.file));
  const frames = site < 0 ? [thrownAt, ...trace.frames] : trace.frames.slice(site);
  const parsed = {
    language: 'rust',
    type: 'panic',
    message: messageOf(message),
    frames,
    crashFrame: firstInApp(frames),
  } as const;
  return { from: at, to, parsed };
}

/** The old form's message may have line ends in it. */
function headOf(
  lines: readonly TraceLine[],
  at: number,
): { readonly found: RegExpExecArray; readonly to: number } | undefined {
  let text = lines[at]?.text ?? '';
  for (let to = at + 1; to <= at + MAX_MESSAGE_LINES; to += 1) {
    const found = PANIC.exec(text);
    if (found) return { found, to };
    if (to >= lines.length || lines[to]?.isHead) return undefined;
    text = `${text}\n${lines[to]?.text ?? ''}`;
  }
  return undefined;
}

/** A message of several lines is known to be one only where something of the trace follows. */
function endsBelow(lines: readonly TraceLine[], from: number): boolean {
  for (let index = from; index < Math.min(lines.length, from + MAX_MESSAGE_LINES); index += 1) {
    const line = lines[index];
    if (!line || line.isHead || PANIC.test(line.text)) return false;
    if (NOTE.test(line.text) || BACKTRACE.test(line.text)) return true;
  }
  return false;
}

function isSamePath(left: string, right: string): boolean {
  const [a, b] = [left, right].map((path) => path.replaceAll('\\', '/').replace(/^\.\//, ''));
  return a === b || (a ?? '').endsWith(`/${b}`);
}

/** `Error: text`, its causes numbered below, then the backtrace: as anyhow prints what `main` returned. */
function readPrintedError(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const { frames, to } = readFrames(lines, at + 1);
  if (frames.length === 0) return undefined;
  let from = at;
  for (let index = at - 1; index >= Math.max(earliest, at - MAX_MESSAGE_LINES); index -= 1) {
    if (ERROR.test(lines[index]?.text ?? '')) from = index;
    if (from === index || lines[index]?.isHead) break;
  }
  const chain = chainOf(lines.slice(from, at).map(({ text }) => text));
  const { type, message } = chain[0] ?? { type: UNKNOWN_TYPE, message: '' };
  const around = chain.slice(1);
  return { from, to, parsed: { language: 'rust', type, message, frames, crashFrame: firstInApp(frames), around } };
}

/** From the inside outwards: the last cause is the innermost. */
function chainOf(said: readonly string[]): NamedError[] {
  const messages: string[] = [];
  let isCause = false;
  for (const line of said) {
    const text = ERROR.exec(line)?.[1];
    if (CAUSED_BY.test(line)) isCause = true;
    else if (isCause && line.trim() !== '') messages.push(line.trim().replace(/^\d{1,3}: /, ''));
    else if (!isCause && text !== undefined) messages.push(text);
  }
  return messages.reverse().map((message) => ({ type: 'Error', message }));
}

function readFrames(
  lines: readonly TraceLine[],
  from: number,
): { readonly frames: readonly Frame[]; readonly to: number } {
  const frames: Frame[] = [];
  let to = from;
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index];
    const found = line && !line.isHead ? FRAME.exec(line.text) : null;
    if (!found) break;
    const place = lines[index + 1]?.isHead ? null : PLACE.exec(lines[index + 1]?.text ?? '');
    frames.push(frameOf(found[2] ?? '', place));
    if (place) index += 1;
    to = index + 1;
  }
  return { frames, to };
}

/** Without the hashes that the compiler adds to names. */
function frameOf(name: string, place: RegExpExecArray | null): Frame {
  const plain = name.replace(/::h[\da-f]{16}$|\[[\da-f]{16}\]/g, '').replaceAll('{{closure}}', '{closure}');
  const file = place?.[1] ?? '';
  return frameAt(file, place?.[2], place?.[3], plain, isOwnRust(file, plain));
}
