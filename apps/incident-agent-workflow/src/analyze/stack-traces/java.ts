/** Traces of the Java virtual machine: Java, Kotlin, Scala. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnClass } from './in-app.ts';
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
  readonly type: string | undefined;
  readonly message: string[];
  readonly frames: Frame[];
  /** An error while closing a resource: a side effect, not the cause. */
  readonly isSuppressed: boolean;
}

const FRAME = /^\s*at (?:[\w.@-]+\/{1,2})?([\w$.<>-]+)\(([^)]{0,300})\)/;
const CAUSED = /^(\s*)(Caused by|Suppressed): (.*)$/;
/** The first name that says what it is: a logger's name may stand before it. Else a class of any name, first of all. */
const HEAD = /(?:^|[\s:"(\]])((?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Fault|Throwable)[\w$]*)(?::\s?(.*))?$/;
const FREE_HEAD = /^(?:Exception in thread "[^"]{0,200}" )?((?:[\w$]+\.)+[A-Z][\w$]*)(?::\s?(.*))?$/;

/** The lines of one trace; the last `Caused by` is what it is about. */
export function readJavaTrace(lines: readonly string[]): ParsedTrace {
  const told = sectionsOf(lines).filter(({ isSuppressed }) => !isSuppressed);
  const innermost = told.at(-1);
  const named = withNested(told.flatMap(namedOf));
  const root = innermost?.type === undefined ? undefined : named.at(-1);
  const frames = withoutRepeats(told.toReversed().flatMap((section) => section.frames));
  return {
    language: 'java',
    type: root?.type ?? UNKNOWN_TYPE,
    message: root?.message ?? messageOf(innermost?.message ?? []),
    frames,
    crashFrame: firstInApp(frames),
    around: named.slice(0, -1).reverse(),
  };
}

function namedOf({ type, message }: Section): NamedError[] {
  return type === undefined ? [] : [{ type, message: messageOf(message) }];
}

/** `nested exception is: a.b.CException: text`: the innermost error of all, if no section of its own repeats it. */
const NESTED = /nested exception is:?\s+(?:class )?((?:[\w$]+\.){1,20}[A-Z][\w$]*)(?::\s?([\s\S]*))?$/;

function withNested(named: readonly NamedError[]): readonly NamedError[] {
  const found = NESTED.exec(named.at(-1)?.message ?? '');
  return found?.[1] === undefined ? named : [...named, { type: found[1], message: messageOf([found[2] ?? '']) }];
}

function sectionsOf(lines: readonly string[]): Section[] {
  const sections: Section[] = [];
  let suppressedIndent: number | undefined;
  for (const line of lines) {
    const section = sections.at(-1);
    const frame = FRAME.exec(line);
    const caused = CAUSED.exec(line);
    if (caused) {
      const indent = caused[1]?.length ?? 0;
      if (caused[2] === 'Suppressed') suppressedIndent = Math.min(indent, suppressedIndent ?? indent);
      else if (suppressedIndent !== undefined && indent < suppressedIndent) suppressedIndent = undefined;
      sections.push(sectionOf(caused[3] ?? '', suppressedIndent !== undefined));
    } else if (frame) {
      if (!section) sections.push({ type: undefined, message: [], frames: [], isSuppressed: false });
      sections.at(-1)?.frames.push(frameOf(frame[1] ?? '', frame[2] ?? ''));
    } else if (!section) sections.push(sectionOf(line, false));
    else if (section.frames.length === 0) section.message.push(line.trim());
  }
  return sections;
}

function sectionOf(text: string, isSuppressed: boolean): Section {
  const found = HEAD.exec(text) ?? FREE_HEAD.exec(text);
  return { type: found?.[1], message: [found ? (found[2] ?? '') : text], frames: [], isSuppressed };
}

/** `com.example.Items.find` and `Items.java:42`, `Native Method` or `Unknown Source`. */
function frameOf(name: string, place: string): Frame {
  const found = /^([\w$.-]+\.\w+)(?::(\d{1,9}))?$/.exec(place);
  return frameAt(found?.[1] ?? place, found?.[2], undefined, name, found !== null && isOwnClass(name));
}
