/** Backtraces of Ruby: plain, reversed (2.5 to 2.7 on a terminal), of Rails, with causes below. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnPath } from './in-app.ts';
import {
  type FoundTrace,
  firstInApp,
  frameAt,
  MAX_MESSAGE_LINES,
  messageOf,
  type NamedError,
  type ParsedTrace,
  type TraceLine,
  UNKNOWN_TYPE,
  withoutRepeats,
} from './trace.ts';

/** `from app/x.rb:3:in 'm'`, until Ruby 3.3 with a backtick; of Rails with its gem in front: `rack (2.0.3) lib/x.rb:3:in …`. */
const FRAME =
  /^\s*(?:\d{1,6}: )?(?:from )?(?:([\w-]{1,100}) \([\w.]{1,40}\) )?([^\s:'"`(][^:]{0,400}|[A-Za-z]:[^:]{1,400}|\(eval[^)]{0,300}\)|<internal:[^>]{1,200}>):(\d{1,9}):in [`'](.{1,300}?)'(?:: (.*))?$/;
const REVERSED_START = /Traceback \(most recent call last\):\s*$/;
const REVERSED_FRAME = /^\s*\d{1,6}: from /;
/** `Type (message):` of Rails, `Type: message`, `message (Type)`. */
const RAILS_HEAD = /(?:^|\s)((?:[A-Z]\w*::)*[A-Z]\w*) \((.*)\):\s*$/;
const NAMED_HEAD =
  /(?:^|[\s>\]])((?:[A-Z]\w*::)*[A-Z]\w*(?:Error|Exception|NotFound|Invalid|Timeout|Interrupt)\w*): (.*)$/;
const SAID = /^(.*) \(((?:[A-Z]\w*::)*[A-Z]\w*)\)$/;
const CAUSE = /^\s*(?:Caused by|Causes|Information for cause):/;
/** A source excerpt of a template stands between the error and its frames. */
const EXCERPT = /^\s*(?:\d{1,6}: .*|\.{3})$/;

interface Section {
  readonly type: string | undefined;
  readonly message: string[];
  readonly frames: Frame[];
}

/** At the first frame, or at the line that announces a reversed backtrace. */
export function readRubyTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const text = lines[at]?.text ?? '';
  if (REVERSED_START.test(text))
    return REVERSED_FRAME.test(lines[at + 1]?.text ?? '') ? readReversed(lines, at) : undefined;
  const first = FRAME.exec(text);
  if (!first) return undefined;
  const from = first[5] === undefined ? headOf(lines, at, earliest) : at;
  // A single frame that nobody introduces is a log line about code.
  if (from === undefined && !FRAME.test(lines[at + 1]?.text ?? '')) return undefined;
  const sections: Section[] = from === undefined || from === at ? [] : [sectionOf(lines.slice(from, at))];
  const to = readFrames(lines, at, sections);
  return { from: from ?? at, to, parsed: parsedOf(sections) };
}

/** The frames count down, and the last line says what happened where. */
function readReversed(lines: readonly TraceLine[], at: number): FoundTrace | undefined {
  const outer: Frame[] = [];
  for (let index = at + 1; index < lines.length; index += 1) {
    const found = FRAME.exec(lines[index]?.text ?? '');
    if (!found || lines[index]?.isHead) break;
    if (found[5] === undefined) outer.push(frameOf(found));
    else {
      const frames = [frameOf(found), ...outer.toReversed()];
      return { from: at, to: index + 1, parsed: parsedOf([{ ...said(found[5]), frames }]) };
    }
  }
  return {
    from: at,
    to: at + 1 + outer.length,
    parsed: parsedOf([{ type: undefined, message: [], frames: outer.reverse() }]),
  };
}

/** A cause is printed below what it caused, so the last section is the root. */
function parsedOf(sections: readonly Section[]): ParsedTrace {
  const named = sections.flatMap(namedOf);
  const root = named.at(-1);
  const frames = withoutRepeats(sections.toReversed().flatMap((section) => section.frames));
  return {
    language: 'ruby',
    type: root?.type ?? UNKNOWN_TYPE,
    message: root?.message ?? messageOf(sections[0]?.message ?? []),
    frames,
    crashFrame: firstInApp(frames),
    around: named.slice(0, -1).reverse(),
  };
}

function namedOf({ type, message }: Section): NamedError[] {
  return type === undefined ? [] : [{ type, message: messageOf(message) }];
}

function readFrames(lines: readonly TraceLine[], at: number, sections: Section[]): number {
  let to = at;
  for (let index = at; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line || (index > at && line.isHead)) break;
    const found = FRAME.exec(line.text);
    if (found) {
      if (found[5] !== undefined) sections.push({ ...said(found[5]), frames: [] });
      else if (sections.length === 0) sections.push({ type: undefined, message: [], frames: [] });
      sections.at(-1)?.frames.push(frameOf(found));
    } else {
      const next = gapBefore(lines, index);
      if (next === undefined) break;
      const cause = lines.slice(index, next).findIndex(({ text }) => CAUSE.test(text));
      if (cause >= 0) sections.push(sectionOf(lines.slice(index + cause, next)));
      else sections.at(-1)?.message.push(...lines.slice(index, next).map(({ text }) => text));
      index = next - 1;
    }
    to = index + 1;
  }
  return to;
}

/** Beyond a cause's name or the rest of a message: index of the next frame; undefined: the backtrace is over. */
function gapBefore(lines: readonly TraceLine[], from: number): number | undefined {
  const isOpen = FRAME.exec(lines[from - 1]?.text ?? '')?.[5] !== undefined;
  let mayGoOn = isOpen;
  for (let index = from; index < Math.min(lines.length, from + MAX_MESSAGE_LINES); index += 1) {
    const line = lines[index];
    if (!line || line.isHead) return undefined;
    if (CAUSE.test(line.text)) mayGoOn = true;
    else if (FRAME.test(line.text)) return mayGoOn ? index : undefined;
    else if (!mayGoOn && line.text.trim() !== '') return undefined;
  }
  return undefined;
}

/** Index of the line that names the error; undefined: cut off. */
function headOf(lines: readonly TraceLine[], at: number, earliest: number): number | undefined {
  for (let index = at - 1; index >= Math.max(earliest, at - MAX_MESSAGE_LINES); index -= 1) {
    const line = lines[index];
    if (!line || (index < at - 1 && lines[index + 1]?.isHead)) return undefined;
    const { text } = line;
    if (RAILS_HEAD.test(text) || NAMED_HEAD.test(text) || (SAID.test(text) && !FRAME.test(text))) return index;
    if (text.trim() !== '' && !EXCERPT.test(text) && index < at - 4) return undefined;
  }
  return undefined;
}

function sectionOf(lines: readonly TraceLine[]): Section {
  for (const [index, { text }] of lines.entries()) {
    const rails = RAILS_HEAD.exec(text);
    const found = rails ?? NAMED_HEAD.exec(text);
    if (found) {
      const rest = lines.slice(index + 1).map((line) => line.text);
      return { type: found[1], message: [found[2] ?? '', ...rest.filter((more) => !EXCERPT.test(more))], frames: [] };
    }
    const last = SAID.exec(text.trim());
    if (last) return { type: last[2], message: [(last[1] ?? '').replace(/^.*? -- : /, '')], frames: [] };
  }
  return { type: undefined, message: lines.map(({ text }) => text), frames: [] };
}

/** `message (Type)`, or an unhandled exception without a message: `unhandled exception`, the bare type. */
function said(text: string): Pick<Section, 'type' | 'message'> {
  const found = SAID.exec(text);
  if (found) return { type: found[2], message: [found[1] ?? ''] };
  return /^(?:[A-Z]\w*::)*[A-Z]\w*$/.test(text)
    ? { type: text, message: [] }
    : { type: 'RuntimeError', message: [text] };
}

function frameOf([, gem, file = '', line, name]: RegExpExecArray): Frame {
  return frameAt(file, line, undefined, name, gem === undefined && isOwnPath(file));
}
