/** Traces of V8 (Node, browsers), with causes and aggregated errors as Node and our own services print them. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnPath } from './in-app.ts';
import {
  firstInApp,
  frameAt,
  messageOf,
  type NamedError,
  type ParsedTrace,
  UNKNOWN_TYPE,
  withoutRepeats,
} from './trace.ts';

interface Section {
  readonly indent: number;
  readonly type: string | undefined;
  readonly message: string[];
  readonly frames: Frame[];
}

const CAUSE = /^(\s*)\[(?:cause|errors?)\]: (.*)$/;
const ERROR_HEAD =
  /(?:^|[\s:(\]['"])((?:[\w$]+\.)*(?:[A-Z][\w$]*)?(?:Error|Exception|Failure|Fault|Throwable))(?: \[[\w.]+\])?(?::\s?(.*))?$/;
const FREE_HEAD = /^\s*(?:Uncaught )?([A-Z][\w$.]{2,80}): (.*)$/;
const LIST = /^\s*\[errors\]: \[$/;
/** In the list of an aggregate, and not the value of a property. */
const MEMBER = /^\s+(?:[\w$]+\.)*(?:[A-Z][\w$]*)?(?:Error|Exception)(?: \[[\w.]+\])?(?::\s|$)/;
/** `  code: 'ECONNREFUSED',` and the brackets around such properties. */
const PROPERTY = /^\s+(?:[\w$]+|'[^']{1,100}'|\[[\w() ]{1,60}\]): |^\s*[{}[\]]+,?$|^\s*\.\.\. \d+ /;

/** The lines of one trace; the first that names an error is its head. The innermost cause is what it is about. */
export function readJavaScriptTrace(lines: readonly string[]): ParsedTrace {
  const sections = sectionsOf(lines);
  let innermost = sections[0];
  const chain: Section[] = [];
  for (const section of sections) {
    if (section.type === undefined && section !== innermost) continue;
    if (innermost && section !== innermost && section.indent <= innermost.indent) continue;
    innermost = section;
    chain.unshift(section);
  }
  const frames = withoutRepeats(chain.flatMap((section) => section.frames));
  return {
    language: 'javascript',
    type: innermost?.type ?? UNKNOWN_TYPE,
    message: messageOf(innermost?.message ?? []),
    frames,
    crashFrame: firstInApp(frames),
    around: chain.slice(1).flatMap(namedOf),
  };
}

function namedOf({ type, message }: Section): NamedError[] {
  return type === undefined ? [] : [{ type, message: messageOf(message) }];
}

function sectionsOf(lines: readonly string[]): Section[] {
  const sections: Section[] = [];
  /** How far the members of the list are indented; a deeper list hides the one around it, whose first member is told. */
  let memberIndent: number | undefined;
  let isFirst = false;
  for (const line of lines) {
    const section = sections.at(-1);
    const frame = readFrame(line);
    if (frame) {
      if (section) section.frames.push(frame);
      else sections.push({ indent: -1, type: undefined, message: [], frames: [frame] });
      continue;
    }
    const indent = indentOf(line);
    const opened = sectionAt(line, section, isFirst || indent === memberIndent);
    if (isFirst && opened) memberIndent = indent;
    if (opened) sections.push(opened);
    else if (section && section.frames.length === 0 && !PROPERTY.test(line)) section.message.push(line.trim());
    isFirst = LIST.test(line);
  }
  return sections;
}

/** A line that names an error opens a section: the first of all, a cause, or a member of an aggregate. */
function sectionAt(line: string, open: Section | undefined, isInList: boolean): Section | undefined {
  const cause = CAUSE.exec(line);
  // The members of the list are sections, the list is none.
  if (LIST.test(line)) return undefined;
  const isMember = open !== undefined && (open.frames.length > 0 || isInList) && MEMBER.test(line);
  if (open && !cause && !isMember) return undefined;
  const text = unbracketed(cause?.[2] ?? line);
  const found = ERROR_HEAD.exec(text) ?? FREE_HEAD.exec(text);
  if (!found && !cause) return undefined;
  const indent = open ? indentOf(line) : -1;
  return { indent, type: found?.[1], message: [found ? (found[2] ?? '') : text], frames: [] };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** An error without frames is printed in brackets; properties follow in braces. */
function unbracketed(text: string): string {
  const bare = text.replace(/ \{$/, '');
  return bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1) : bare;
}

/** `at name (place)`, `at place`; a place is `path:line:column`. */
const NAMED_FRAME = /^\s*(?:eval )?at (?:async )?(.{1,300}?) \((.*)\)$/;
const BARE_FRAME = /^\s*(?:eval )?at (?:async )?(.*)$/;
const PLACE = /^(.*?):(\d{1,9})(?::(\d{1,9}))?$/;

function readFrame(line: string): Frame | undefined {
  if (!/^\s*(?:eval )?at /.test(line)) return undefined;
  // Node opens the list of properties on the line of the last frame.
  const text = line
    .trimEnd()
    .replace(/(?: \{|,)$/, '')
    .trimEnd();
  const named = text.endsWith(')') ? NAMED_FRAME.exec(text) : null;
  const written = (named?.[2] ?? BARE_FRAME.exec(text)?.[1] ?? '').trim();
  // Code that was made at run time: it has no place of its own, only the one that made it.
  const made = /^eval at .{1,200}? \((.{1,600}?)\)+(?:,|$)/.exec(written)?.[1];
  const source = made?.replace(/^(?:eval at .{1,200}? \()+/, '') ?? written;
  const place = PLACE.exec(source);
  const called = named?.[1]?.replace(/ \[as [^\]]{1,100}\]$/, '');
  const name = made === undefined || called === 'eval' ? called : `eval ${called ?? ''}`;
  const file = place?.[1] ?? source;
  if (!place && !named) return undefined;
  return frameAt(file, place?.[2], place?.[3], name, place !== null && isOwnPath(withoutScheme(file)));
}

/** `file:///app/x.ts` and `/app/x.ts` are the same path. */
function withoutScheme(file: string): string {
  return file.replace(/^file:\/\//, '');
}
