/** Crashes of C and C++: an exception nobody caught, a failed assertion, sanitizers, the stack of a debugger. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnNative } from './in-app.ts';
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

const TERMINATE = /terminate called (?:after throwing an instance of '(.{1,300})'|without an active exception)/;
const WHAT = /^\s*what\(\):\s+(.*)$/;
const ASSERTION = /(?:^|\s)(\S{1,300}):(\d{1,9}): (.{1,300}?): Assertion [`'](.{1,600})' failed\.\s*$/;
const SANITIZER = /(?:ERROR|WARNING): (\w+Sanitizer): (?:([\w-]+)(.*)|(.*))$/;
const RUNTIME_ERROR = /^(\S{1,300}):(\d{1,9}):(\d{1,9}): runtime error: (.*)$/;
const SIGNAL = /(?:received signal|terminated with signal|caught signal) (SIG[A-Z]+|\d+)[,:]? ?\(?(.*?)\)?\.?\s*$/;
const DUMPED =
  /^(?:(?:Aborted|Segmentation fault|Floating point exception|Bus error|Illegal instruction)(?: \(core dumped\))?)\s*$/;
/** Sanitizers: `#1 0x55 in f(int) /src/a.cpp:3:5`; debuggers: `#1  0x55 in f (x=3) at /src/a.cpp:3`. */
const FRAME =
  /^\s*#(\d{1,6})\s+(?:(0x[\da-f]+) (?:in )?)?(.{1,600}?)(?: at (\S{1,500}?):(\d{1,9})| (\/\S{0,500}?|[\w.-]\S{0,300}\.\w{1,4}):(\d{1,9})(?::(\d{1,9}))?| from (\S{1,300})| \((\S{1,300}\+0x[\da-f]+)\)(?: \(BuildId: \w+\))?)?\s*$/;
const SUMMARY = /^SUMMARY: \w+Sanitizer: /;
/** Between what ended the program and its stack. */
const MAX_LINES_BEFORE_STACK = 4;
/** Below the first stack: where memory was freed and allocated, shadow bytes, registers. */
const MAX_REPORT_LINES = 200;

/** At the line that says how it ended, or at a debugger's first frame. */
export function readNativeTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const line = lines[at];
  if (!line) return undefined;
  const { text } = line;
  const assertion = ASSERTION.exec(text);
  if (assertion) return readBelow(lines, at, { type: 'Assertion', message: assertion[4] ?? '' }, [placeOf(assertion)]);
  const terminate = TERMINATE.exec(text);
  if (terminate) return readTerminate(lines, at, terminate[1]);
  const sanitizer = SANITIZER.exec(text);
  if (sanitizer) return readSanitizer(lines, at, sanitizer);
  const runtime = RUNTIME_ERROR.exec(text);
  if (runtime)
    return readBelow(lines, at, { type: 'undefined behavior', message: runtime[4] ?? '' }, [runtimePlace(runtime)]);
  const signal = SIGNAL.exec(text);
  if (signal) return readBelow(lines, at, { type: signal[1] ?? UNKNOWN_TYPE, message: signal[2] ?? '' }, []);
  return isDebuggerFrame(lines, at, earliest) ? readBelow(lines, at - 1, undefined, []) : undefined;
}

/** Others number their frames too: here the first has an address or a place behind `at`. */
function isDebuggerFrame(lines: readonly TraceLine[], at: number, earliest: number): boolean {
  const [first, second] = [lines[at], lines[at + 1]].map((line) =>
    line?.isHead ? null : FRAME.exec(line?.text ?? ''),
  );
  if (first?.[1] !== '0' || at < earliest) return false;
  return (
    [first, second].some((frame) => frame && (frame[2] !== undefined || frame[4] !== undefined)) &&
    (second?.[1] === '1' || first[4] !== undefined)
  );
}

function readTerminate(lines: readonly TraceLine[], at: number, type: string | undefined): FoundTrace | undefined {
  const what = lines[at + 1]?.isHead ? null : WHAT.exec(lines[at + 1]?.text ?? '');
  const named = { type: type ?? 'std::terminate', message: what?.[1] ?? '' };
  const found = readBelow(lines, what ? at + 1 : at, named, []);
  return found && { ...found, from: at };
}

/** `said` is the last line of what was said; frames, if there are any, follow it. */
function readBelow(
  lines: readonly TraceLine[],
  said: number,
  named: NamedError | undefined,
  known: readonly Frame[],
): FoundTrace | undefined {
  const start = firstFrameBelow(lines, said + 1);
  const stack = isFrame(lines[start]) ? readFrames(lines, start) : { frames: [], to: said + 1 };
  let { to } = stack;
  while (!lines[to]?.isHead && (DUMPED.test(lines[to]?.text ?? '') || SUMMARY.test(lines[to]?.text ?? ''))) to += 1;
  const frames = stack.frames.length > 0 ? stack.frames : known;
  if (!named && frames.length < 2) return undefined;
  return { from: named ? said : start, to, parsed: parsedOf(named, frames) };
}

/** A debugger first shows the signal and where it stopped. `from` itself if no frame follows. */
function firstFrameBelow(lines: readonly TraceLine[], from: number): number {
  for (let index = from; index <= from + MAX_LINES_BEFORE_STACK; index += 1) {
    if (isFrame(lines[index])) return index;
    if (!lines[index] || lines[index]?.isHead) break;
  }
  return from;
}

function parsedOf(named: NamedError | undefined, frames: readonly Frame[]): FoundTrace['parsed'] {
  const { type, message } = named ?? { type: UNKNOWN_TYPE, message: '' };
  return { language: 'cpp', type, message: messageOf([message]), frames: [...frames], crashFrame: firstInApp(frames) };
}

function isFrame(line: TraceLine | undefined): boolean {
  return line !== undefined && !line.isHead && FRAME.test(line.text);
}

/** The first stack is that of the bad access; the others say where the memory came from and went. */
function readSanitizer(lines: readonly TraceLine[], at: number, found: RegExpExecArray): FoundTrace {
  const [, tool = '', kind = '', more = '', rest = ''] = found;
  let first: readonly Frame[] = [];
  let to = at + 1;
  for (let index = at + 1; index < Math.min(lines.length, at + MAX_REPORT_LINES); index += 1) {
    const line = lines[index];
    if (!line || line.isHead) break;
    if (isFrame(line)) {
      const stack = readFrames(lines, index);
      if (first.length === 0) first = stack.frames;
      index = stack.to - 1;
      to = stack.to;
    } else if (/^==\d+==ABORTING/.test(line.text)) {
      to = index + 1;
      break;
    } else if (SUMMARY.test(line.text)) to = Math.max(to, endOfShadow(lines, index));
    else if (first.length > 0 && index - to > MAX_MESSAGE_LINES) break;
  }
  const named = { type: kind === '' ? tool : `${tool}: ${kind}`, message: kind === '' ? rest : more.trim() };
  const from = /^={20,}$/.test(lines[at - 1]?.text ?? '') ? at - 1 : at;
  return { from, to, parsed: parsedOf(named, first) };
}

const SHADOW = /^(?:Shadow byte|\s{2}|=>|==\d+==|HINT: |NOTE: )/;

/** Below its summary a sanitizer shows the bytes around the address. */
function endOfShadow(lines: readonly TraceLine[], summary: number): number {
  let to = summary + 1;
  while (to < summary + MAX_REPORT_LINES && !lines[to]?.isHead && SHADOW.test(lines[to]?.text ?? '')) to += 1;
  return to;
}

function readFrames(
  lines: readonly TraceLine[],
  from: number,
): { readonly frames: readonly Frame[]; readonly to: number } {
  const frames: Frame[] = [];
  let index = from;
  for (; index < lines.length; index += 1) {
    const line = lines[index];
    const found = line && !line.isHead ? FRAME.exec(line.text) : null;
    if (!found || Number(found[1]) < frames.length) break;
    frames.push(frameOf(found));
  }
  return { frames, to: index };
}

function frameOf([, , , written = '', file, line, other, otherLine, column, library, module]: RegExpExecArray): Frame {
  const path = file ?? other ?? library ?? module?.replace(/\+0x[\da-f]+$/, '') ?? '';
  const name = nameOf(written);
  return frameAt(path, line ?? otherLine, column, name, (line ?? otherLine) !== undefined && isOwnNative(path, name));
}

/** Without parameters: a debugger shows their values. Of a template and of `operator()` the brackets belong to the name. */
function nameOf(written: string): string {
  const name = written.replace(/^(?:void|int|bool|auto|static) /, '');
  const brackets = /^(?:[^()]|operator\(\)|\(anonymous namespace\))+(?= ?\()/.exec(name);
  return (brackets?.[0] ?? name).trim();
}

function placeOf([, file = '', line, name]: RegExpExecArray): Frame {
  return frameAt(file, line, undefined, nameOf(name ?? ''), isOwnNative(file, ''));
}

function runtimePlace([, file = '', line, column]: RegExpExecArray): Frame {
  return frameAt(file, line, column, undefined, isOwnNative(file, ''));
}
