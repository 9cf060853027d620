/** Panics of Go: a sentence, then goroutines of two lines a frame; and the stacks that loggers print without either. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnGo } from './in-app.ts';
import {
  type FoundTrace,
  firstInApp,
  frameAt,
  MAX_MESSAGE_LINES,
  messageOf,
  type TraceLine,
  UNKNOWN_TYPE,
} from './trace.ts';

const PANIC =
  /(?:^|\s)(panic|fatal error|unexpected fault address|SIGQUIT|http: panic serving [^\s:]+(?::\d+)?): (.*)$/;
const GOROUTINE = /^goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[([^\]]{1,100})\](?: \{[^}]{0,200}\})?:/;
const PLACE =
  /^\s+(\S.{0,500}?\.(?:go|s|c|cgo)):(\d{1,9})(?: \+0x[\da-f]+)?(?: fp=0x[\da-f]+ sp=0x[\da-f]+ pc=0x[\da-f]+)?\s*$/;
const CALL = /^(?:created by )?([\p{L}\w./*()[\]·-]{1,300}?)(?:\((?:[^)]|\.\.\.){0,500}\))?(?: in goroutine \d+)?$/u;
const BETWEEN =
  /^\s*$|^\[signal |^\[originating from|^exit status \d|^\.{3}additional frames elided|^\s*panic: |^\[recovered\]|^\t|^r\w{1,5} +0x[\da-f]+$/;
const MAX_STATES = 20;

/** At the line that says `panic:`, at a goroutine whose panic was cut off, or at a place of a stack without goroutine. */
export function readGoTrace(lines: readonly TraceLine[], at: number, earliest = 0): FoundTrace | undefined {
  const text = lines[at]?.text ?? '';
  const panic = PANIC.exec(text);
  if (!panic && !GOROUTINE.test(text)) return readBareStack(lines, at, earliest);
  const start = panic ? goroutineBelow(lines, at) : at;
  if (start === undefined) return undefined;
  const { to, frames, states } = readGoroutines(lines, start);
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
    ...(Object.keys(states).length === 0 ? {} : { goroutines: states }),
  } as const;
  return { from: at, to, parsed };
}

/** `runtime error: index out of range [3]` is a type and a message of its own. */
function said(word: string, text: string): readonly [string, string] {
  const clean = text.replace(/ \[recovered.*$/, '');
  const type = word.startsWith('http') ? 'panic' : word;
  return clean.startsWith('runtime error: ') ? ['runtime error', clean.slice('runtime error: '.length)] : [type, clean];
}

function goroutineBelow(lines: readonly TraceLine[], at: number): number | undefined {
  for (let index = at + 1; index <= at + MAX_MESSAGE_LINES; index += 1) {
    const line = lines[index];
    if (!line || line.isHead) return undefined;
    if (GOROUTINE.test(line.text)) return index;
  }
  return undefined;
}

interface Goroutines {
  readonly to: number;
  readonly frames: readonly Frame[];
  readonly states: Readonly<Record<string, number>>;
}

/** The frames are those of the first goroutine, the one that ran; of the others only the states are counted. */
function readGoroutines(lines: readonly TraceLine[], start: number): Goroutines {
  const frames: Frame[] = [];
  const states = new Map<string, number>();
  let goroutines = 0;
  let to = start;
  for (let index = start; index < lines.length; index += 1) {
    const text = lines[index]?.text ?? '';
    const place = PLACE.exec(lines[index + 1]?.text ?? '');
    if (lines[index]?.isHead) break;
    const goroutine = GOROUTINE.exec(text);
    if (goroutine) {
      goroutines += 1;
      if (goroutines > 1) count(states, goroutine[1] ?? '');
    } else if (place && /^\S/.test(text)) {
      const name = CALL.exec(text)?.[1] ?? text;
      // Who started the goroutine did not call it.
      if (goroutines === 1 && !text.startsWith('created by ')) frames.push(frameOf(place, name));
      index += 1;
    } else if (!BETWEEN.test(text)) break;
    if (text.trim() !== '') to = Math.min(lines.length, index + 1);
  }
  return { to, frames, states: Object.fromEntries(states) };
}

/** `semacquire, 5 minutes` waits like `semacquire`. */
function count(states: Map<string, number>, written: string): void {
  const state = written.replace(/,.*$/, '');
  if (states.has(state) || states.size < MAX_STATES) states.set(state, (states.get(state) ?? 0) + 1);
}

/** As zap and pkg/errors print them: the message, then calls and places. Found by the first place. */
function readBareStack(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const call = lines[at - 1];
  if (at - 1 < earliest || !call || lines[at]?.isHead || !PLACE.test(lines[at]?.text ?? '')) return undefined;
  if (!CALL.test(call.text) || !/[./]/.test(call.text)) return undefined;
  const frames: Frame[] = [];
  let index = at - 1;
  for (; index + 1 < lines.length; index += 2) {
    const place = lines[index + 1]?.isHead ? null : PLACE.exec(lines[index + 1]?.text ?? '');
    const name = CALL.exec(lines[index]?.text ?? '')?.[1];
    if (!place || name === undefined || (index > at && lines[index]?.isHead)) break;
    frames.push(frameOf(place, name));
  }
  if (frames.length < 2) return undefined;
  const above = at - 2 >= earliest && !call.isHead ? lines[at - 2] : undefined;
  const message = above && above.text.trim() !== '' && !PLACE.test(above.text) ? above.text : undefined;
  const parsed = {
    language: 'go',
    type: message === undefined ? UNKNOWN_TYPE : 'error',
    message: messageOf([message ?? '']),
    frames,
    crashFrame: firstInApp(frames),
  } as const;
  return { from: message === undefined ? at - 1 : at - 2, to: index, parsed };
}

function frameOf([, file = '', line]: RegExpExecArray, name: string): Frame {
  return frameAt(file, line, undefined, name, isOwnGo(file, name));
}
