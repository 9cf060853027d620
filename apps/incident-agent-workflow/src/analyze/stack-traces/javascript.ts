/** Traces of V8 (Node, browsers), with causes and aggregated errors as Node and our own services print them. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnPath } from './in-app.ts';
import { firstInApp, frameAt, messageOf, type ParsedTrace, UNKNOWN_TYPE, withoutRepeats } from './trace.ts';

interface Section {
  readonly indent: number;
  readonly type: string | undefined;
  readonly message: string[];
  readonly frames: Frame[];
}

const CAUSE = /^(\s*)\[(?:cause|errors?)\]: (.*)$/;
const ERROR_HEAD =
  /(?:^|[\s:(\]'"])((?:[\w$]+\.)*(?:[A-Z][\w$]*)?(?:Error|Exception|Failure|Fault|Throwable))(?: \[[\w.]+\])?(?::\s?(.*))?$/;
const FREE_HEAD = /^\s*(?:Uncaught )?([A-Z][\w$.]{2,80}): (.*)$/;
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
  };
}

function sectionsOf(lines: readonly string[]): Section[] {
  const sections: Section[] = [];
  for (const line of lines) {
    const section = sections.at(-1);
    const frame = readFrame(line);
    if (frame) {
      if (section) section.frames.push(frame);
      else sections.push({ indent: -1, type: undefined, message: [], frames: [frame] });
      continue;
    }
    const opened = sectionAt(line, section);
    if (opened) sections.push(opened);
    else if (section && section.frames.length === 0 && !PROPERTY.test(line)) section.message.push(line.trim());
  }
  return sections;
}

/** A line that names an error opens a section: the first of all, a cause, or a member of an aggregate. */
function sectionAt(line: string, open: Section | undefined): Section | undefined {
  const cause = CAUSE.exec(line);
  const text = cause?.[2] ?? line;
  // The members of the list are sections, the list is none.
  if (text === '[') return undefined;
  const isMember = open !== undefined && open.frames.length > 0 && MEMBER.test(line);
  if (open && !cause && !isMember) return undefined;
  const found = ERROR_HEAD.exec(text) ?? FREE_HEAD.exec(text);
  if (!found && !cause) return undefined;
  const indent = open ? (/^\s*/.exec(line)?.[0].length ?? 0) : -1;
  const message = (found ? (found[2] ?? '') : text).replace(/ \{$/, '');
  return { indent, type: found?.[1], message: [message], frames: [] };
}

/** `at name (place)`, `at place`; a place is `path:line:column`. */
const NAMED_FRAME = /^\s*at (?:async )?(.{1,300}?) \((.*)\)$/;
const BARE_FRAME = /^\s*at (?:async )?(.*)$/;
const PLACE = /^(.*?):(\d{1,9})(?::(\d{1,9}))?$/;

function readFrame(line: string): Frame | undefined {
  if (!/^\s*at /.test(line)) return undefined;
  // Node opens the list of properties on the line of the last frame.
  const text = line
    .trimEnd()
    .replace(/(?: \{|,)$/, '')
    .trimEnd();
  const named = text.endsWith(')') ? NAMED_FRAME.exec(text) : null;
  const written = (named?.[2] ?? BARE_FRAME.exec(text)?.[1] ?? '').trim();
  // Code that was made at run time: the place that made it comes last but one.
  const source = /^eval at .{1,200}? \((.{1,600}?)\)(?:,|$)/.exec(written)?.[1] ?? written;
  const place = PLACE.exec(source);
  const name = named?.[1]?.replace(/ \[as [^\]]{1,100}\]$/, '');
  const file = place?.[1] ?? source;
  if (!place && !named) return undefined;
  return frameAt(file, place?.[2], place?.[3], name, place !== null && isOwnPath(withoutScheme(file)));
}

/** `file:///app/x.ts` and `/app/x.ts` are the same path. */
function withoutScheme(file: string): string {
  return file.replace(/^file:\/\//, '');
}
