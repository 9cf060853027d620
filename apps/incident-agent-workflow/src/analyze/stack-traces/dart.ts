/** Traces of Dart and Flutter. Errors of the core library print words instead of their type. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnPath } from './in-app.ts';
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

const FRAME =
  /^\s*#(\d{1,6})\s+(\S.{0,300}?) \(((?:dart|package|file|https?|org-dartlang-\w+):[^)\s]{1,500}?)(?::(\d{1,9}))?(?::(\d{1,9}))?\)\s*$/;
const SUSPENSION = /^\s*<asynchronous suspension>\s*$/;
const HEAD = /(?:^|\s)(?:Unhandled [Ee]xception|Uncaught Error):\s*(.*)$/;
const NAMED = /^(?:.{0,100}: )?((?:[A-Z]\w*)(?:Error|Exception))(?: \([^)]{0,60}\))?(?:: (.*))?$/;

/** What `toString` of the core library's errors prints, in the order in which it is tried. */
const PRINTED: readonly (readonly [RegExp, string])[] = [
  [/^Bad state: /, 'StateError'],
  [/^Invalid argument(?:\(s\)|s)?(?: \([^)]{0,100}\))?: ?/, 'ArgumentError'],
  [/^Unsupported operation: /, 'UnsupportedError'],
  [/^Concurrent modification during iteration\b/, 'ConcurrentModificationError'],
  [/^Assertion failed\b|Failed assertion: /, 'AssertionError'],
  [/^Out of Memory$/, 'OutOfMemoryError'],
  [/^Stack Overflow$/, 'StackOverflowError'],
  [/^Reading static variable .{1,200} during its initialization/, 'CyclicInitializationError'],
  [/Switch case fall-through/, 'FallThroughError'],
  [/malformed type: |^type '.{1,200}' is not a subtype of /, 'TypeError'],
  [/^Null check operator used on a null value/, 'TypeError'],
];
const EXCEPTION = /^Exception: /;
const INSTANCE = /^Instance of '([\w$]{1,200})'/;

/** At a frame. */
export function readDartTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const first = lines[at];
  if (!first || first.isHead || !FRAME.test(first.text)) return undefined;
  const frames: Frame[] = [];
  let to = at;
  for (let index = at; index < lines.length; index += 1) {
    const line = lines[index];
    const found = line && !line.isHead ? FRAME.exec(line.text) : null;
    if (found && Number(found[1]) < frames.length) break;
    if (found) frames.push(frameOf(found));
    else if (!line || line.isHead || !SUSPENSION.test(line.text)) break;
    to = index + 1;
  }
  const { from, named } = headOf(lines, at, earliest);
  if (from === at && frames.length < 2) return undefined;
  const { type, message } = named ?? thrownBy(frames);
  return { from, to, parsed: { language: 'dart', type, message, frames, crashFrame: firstInApp(frames) } };
}

function headOf(
  lines: readonly TraceLine[],
  at: number,
  earliest: number,
): { readonly from: number; readonly named: NamedError | undefined } {
  const above = lines[at - 1];
  for (let index = at - 1; index >= Math.max(earliest, at - MAX_MESSAGE_LINES); index -= 1) {
    const line = lines[index];
    if (!line || (index < at - 1 && lines[index + 1]?.isHead)) break;
    const head = HEAD.exec(line.text);
    if (!head) continue;
    const said = [head[1] ?? '', ...lines.slice(index + 1, at).map(({ text }) => text)];
    return { from: index, named: errorOf(said) };
  }
  const named = at - 1 >= earliest && above ? NAMED.exec(above.text) : null;
  return named && above ? { from: at - 1, named: errorOf([above.text]) } : { from: at, named: undefined };
}

function errorOf(said: readonly string[]): NamedError {
  const text = messageOf(said);
  const [first = '', ...rest] = text.split('\n');
  // The words are no type: they stay, as they are what one would look for.
  for (const [printed, type] of PRINTED) if (printed.test(first)) return { type, message: text };
  if (EXCEPTION.test(first)) return { type: 'Exception', message: text.replace(EXCEPTION, '') };
  const instance = INSTANCE.exec(first);
  if (instance?.[1] !== undefined) return { type: instance[1], message: text };
  const found = NAMED.exec(first);
  if (found?.[1] === undefined) return { type: UNKNOWN_TYPE, message: text };
  return { type: found[1], message: messageOf([found[2] ?? '', ...rest]) };
}

/** The library's own first frame names what it threw: `_TypeError._throwNew`. */
function thrownBy(frames: readonly Frame[]): NamedError {
  const found = /^_?([A-Z]\w*Error)\._throw/.exec(frames[0]?.function ?? '');
  return { type: found?.[1] ?? UNKNOWN_TYPE, message: '' };
}

function frameOf([, , name, place = '', line, column]: RegExpExecArray): Frame {
  return frameAt(place, line, column, name, isOwnDart(place));
}

/** A package is somebody else's or ours: its name alone does not tell, the mapping to the repository does. */
function isOwnDart(place: string): boolean {
  return (
    !/^package:(?:flutter|flutter_test|test|test_api|async|collection|http|path|shelf\w*|stack_trace|stream_channel|bloc|flutter_bloc|provider|riverpod|dio|rxdart|mocktail)\//.test(
      place,
    ) && isOwnPath(place)
  );
}
