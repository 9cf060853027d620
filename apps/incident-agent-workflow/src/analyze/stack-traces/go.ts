/** Panics of Go: a sentence, then goroutines of two lines a frame. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnGo } from './in-app.ts';
import { type FoundTrace, firstInApp, frameAt, messageOf, type TraceLine, UNKNOWN_TYPE } from './trace.ts';

const PANIC = /(?:^|\s)(panic|fatal error|http: panic serving [^\s:]+(?::\d+)?): (.*)$/;
const GOROUTINE = /^goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[([^\]]{1,100})\]:/;
const PLACE = /^\s+(\S.{0,500}?\.(?:go|s)):(\d{1,9})(?: \+0x[\da-f]+)?\s*$/;
const CALL = /^(?:created by )?([\w./*()[\]·-]{1,300}?)(?:\((?:[^)]|\.\.\.){0,500}\))?(?: in goroutine \d+)?$/;
const BETWEEN = /^\s*$|^\[signal |^exit status \d|^\.{3}additional frames elided|^\s*panic: |^\[recovered\]|^\t/;
const MAX_MESSAGE_LINES = 15;

/** At the line that says `panic:`, or at a goroutine whose panic was cut off. */
export function readGoTrace(lines: readonly TraceLine[], at: number): FoundTrace | undefined {
  const text = lines[at]?.text ?? '';
  const panic = PANIC.exec(text);
  if (!panic && !GOROUTINE.test(text)) return undefined;
  const start = panic ? goroutineBelow(lines, at) : at;
  if (start === undefined) return undefined;
  const { to, frames } = readGoroutines(lines, start);
  if (frames.length === 0) return undefined;
  const afterPanic = frames.findLastIndex((frame) => frame.function === 'panic') + 1;
  const crash = firstInApp(frames.slice(afterPanic));
  const [type, message] = panic ? said(panic[1] ?? '', panic[2] ?? '') : [UNKNOWN_TYPE, ''];
  const parsed = {
    language: 'go',
    type,
    message: messageOf([message]),
    frames,
    crashFrame: crash === undefined ? firstInApp(frames) : crash + afterPanic,
  } as const;
  return { from: at, to, parsed };
}

/** `runtime error: index out of range [3]` is a type and a message of its own. */
function said(word: string, text: string): readonly [string, string] {
  const clean = text.replace(/ \[recovered\].*$/, '');
  const type = word.startsWith('http') ? 'panic' : word;
  const inner = /^(?:interface conversion|runtime error|reflect|sync|send on closed channel|close of)/.exec(clean)?.[0];
  return inner === 'runtime error' ? [inner, clean.replace(/^runtime error: /, '')] : [type, clean];
}

function goroutineBelow(lines: readonly TraceLine[], at: number): number | undefined {
  for (let index = at + 1; index <= at + MAX_MESSAGE_LINES; index += 1) {
    const line = lines[index];
    if (!line || line.isHead) return undefined;
    if (GOROUTINE.test(line.text)) return index;
  }
  return undefined;
}

/** The frames are those of the first goroutine, the one that ran; the others are only passed over. */
function readGoroutines(
  lines: readonly TraceLine[],
  start: number,
): { readonly to: number; readonly frames: readonly Frame[] } {
  const frames: Frame[] = [];
  let goroutines = 0;
  let to = start;
  for (let index = start; index < lines.length; index += 1) {
    const text = lines[index]?.text ?? '';
    const place = PLACE.exec(lines[index + 1]?.text ?? '');
    if (lines[index]?.isHead) break;
    if (GOROUTINE.test(text)) goroutines += 1;
    else if (place && /^\S/.test(text)) {
      const name = CALL.exec(text)?.[1] ?? text;
      // Who started the goroutine did not call it.
      if (goroutines === 1 && !text.startsWith('created by ')) frames.push(frameOf(place, name));
      index += 1;
    } else if (!BETWEEN.test(text)) break;
    if (text.trim() !== '') to = Math.min(lines.length, index + 1);
  }
  return { to, frames };
}

function frameOf([, file = '', line]: RegExpExecArray, name: string): Frame {
  return frameAt(file, line, undefined, name, isOwnGo(file, name));
}
