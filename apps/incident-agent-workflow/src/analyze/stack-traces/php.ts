/** Traces of PHP: uncaught exceptions, those that were printed, and Laravel's and Monolog's records of them. */
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

/** `#0 /app/x.php(12): Shop->find(Array)`, `#1 [internal function]: f()`, `#2 {main}`. */
const FRAME = /^\s*#(\d{1,6}) (?:(\[internal function\])|(.{1,500}?)\((\d{1,9})\)|(\{main\}))(?:: (.{0,600}))?\s*$/;
const TITLE = /^\s*(?:Stack trace:|\[stacktrace\])\s*$/;
const THROWN_IN = /^\s*thrown in .{1,500} on line \d{1,9}\s*$/;
const NAME = String.raw`((?:[A-Z]\w*\\)*[A-Z]\w*)`;
/** PHP 5: `exception 'X' with message 'text' in file:line`. */
const QUOTED = new RegExp(String.raw`exception '${NAME}' with message '([\s\S]*)' in (.{1,500}?):(\d{1,9})\s*$`);
const LARAVEL = new RegExp(String.raw`\[object\] \(${NAME}\(code: [^)]{0,40}\): ([\s\S]*) at (.{1,500}?):(\d{1,9})\)`);
const PLAIN = new RegExp(String.raw`(?:^|Uncaught |Next |[\s\]])${NAME}(?:: ([\s\S]*))? in (.{1,500}?):(\d{1,9})\s*$`);
const NEXT = /^\s*(?:Next \S|\[previous exception\])/;
/** The first line of an error, whose message may go on for lines. */
const BEGINS = new RegExp(
  String.raw`Uncaught |exception '${NAME}' with message|\[object\] \(|^(?:.*[\]:] )?${NAME}: |^${NAME} in `,
);

interface Section {
  readonly named: NamedError | undefined;
  readonly frames: readonly Frame[];
  /** Laravel prints what caused an error below it, PHP itself above it. */
  readonly isCauseOfPrevious: boolean;
}

/** At a frame. */
export function readPhpTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  if (lines[at]?.isHead || !FRAME.test(lines[at]?.text ?? '')) return undefined;
  const title = at - 1 >= earliest && TITLE.test(lines[at - 1]?.text ?? '') ? at - 1 : undefined;
  const head = title === undefined ? undefined : headOf(lines, title, earliest);
  const first = readFrames(lines, at);
  if (head === undefined && first.frames.length < 2) return undefined;
  const sections: Section[] = [sectionOf(lines.slice(head ?? at, title ?? at), first.frames)];
  let to = first.to;
  for (;;) {
    const next = nextSection(lines, to);
    if (!next) break;
    sections.push(next.section);
    to = next.to;
  }
  if (THROWN_IN.test(lines[to]?.text ?? '')) to += 1;
  else if (/^\s*"?\}\s*(?:\[\])?\s*$/.test(lines[to]?.text ?? '')) to += 1;
  return { from: head ?? title ?? at, to, parsed: parsedOf(sections) };
}

function headOf(lines: readonly TraceLine[], title: number, earliest: number): number | undefined {
  for (let index = title - 1; index >= Math.max(earliest, title - MAX_MESSAGE_LINES); index -= 1) {
    const line = lines[index];
    if (!line || (index < title - 1 && lines[index + 1]?.isHead)) return undefined;
    if (BEGINS.test(line.text)) return index;
  }
  return undefined;
}

function readFrames(
  lines: readonly TraceLine[],
  at: number,
): { readonly to: number; readonly frames: readonly Frame[] } {
  const frames: Frame[] = [];
  let index = at;
  for (; index < lines.length; index += 1) {
    const line = lines[index];
    const found = line && !line.isHead ? FRAME.exec(line.text) : null;
    // A number that does not go on counting begins the trace of somebody else.
    if (!found || Number(found[1]) < frames.length) break;
    frames.push(frameOf(found));
  }
  return { to: index, frames };
}

function frameOf([, , internal, file, line, main, call]: RegExpExecArray): Frame {
  const name = call?.replace(/\(.*$/, '');
  if (file === undefined) return frameAt(internal ?? main ?? '', undefined, undefined, name, false);
  return frameAt(file, line, undefined, name, isOwnPath(file));
}

/** `Next X: text in file:line`, or Laravel's `[previous exception]`, with frames of its own. */
function nextSection(
  lines: readonly TraceLine[],
  from: number,
): { readonly section: Section; readonly to: number } | undefined {
  const start = lines[from]?.text.trim() === '' ? from + 1 : from;
  if (lines[start]?.isHead || !NEXT.test(lines[start]?.text ?? '')) return undefined;
  for (let index = start; index < Math.min(lines.length, start + MAX_MESSAGE_LINES); index += 1) {
    if (!TITLE.test(lines[index]?.text ?? '')) continue;
    const { to, frames } = readFrames(lines, index + 1);
    return { section: sectionOf(lines.slice(start, index), frames), to };
  }
  return undefined;
}

function sectionOf(said: readonly TraceLine[], frames: readonly Frame[]): Section {
  const text = said.map((line) => line.text).join('\n');
  const found = LARAVEL.exec(text) ?? QUOTED.exec(text) ?? PLAIN.exec(text);
  const isCauseOfPrevious = /^\s*\[previous exception\]/.test(text);
  if (!found) return { named: undefined, frames, isCauseOfPrevious };
  const [, type = '', message = '', file = '', line] = found;
  const thrownAt = frameAt(file, line, undefined, undefined, isOwnPath(file));
  return {
    named: { type, message: messageOf([message]) },
    frames: [thrownAt, ...named(frames, file, line)],
    isCauseOfPrevious,
  };
}

/** A frame says which line called; the function that this line is in is named by the frame below it. */
function named(frames: readonly Frame[], file: string, line: string | undefined): readonly Frame[] {
  const [first, ...others] = frames;
  return first?.file === file && String(first.line) === line ? others : frames;
}

function parsedOf(sections: readonly Section[]): ParsedTrace {
  // From the inside outwards.
  const ordered = sections.some(({ isCauseOfPrevious }) => isCauseOfPrevious) ? sections.toReversed() : sections;
  const chain = ordered.flatMap((section) => section.named ?? []);
  const frames = withoutRepeats(ordered.flatMap((section) => section.frames));
  return {
    language: 'php',
    type: chain[0]?.type ?? UNKNOWN_TYPE,
    message: chain[0]?.message ?? '',
    frames,
    crashFrame: firstInApp(frames),
    around: chain.slice(1),
  };
}
