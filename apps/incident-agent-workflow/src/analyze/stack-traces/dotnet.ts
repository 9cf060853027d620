/** Traces of .NET: C#, F#, Visual Basic. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnDotnet } from './in-app.ts';
import { firstInApp, frameAt, messageOf, type NamedError, type ParsedTrace, UNKNOWN_TYPE } from './trace.ts';

/** `at Shop.Items.Find(String id) in /src/Items.cs:line 12`; Mono: `at Shop.Items.Find (String id) [0x0000a] in /src/Items.cs:12`. */
const FRAME =
  /^\s*at ((?:[\w$.<>`|+,[\]&*?-]|::){1,500}?) ?\(([^()]{0,500}(?:\([^()]{0,200}\)[^()]{0,200}){0,5})\)(?: \[0x[\da-f]+\])?(?: in (.{1,500}?)(?::line (\d{1,9})|:(\d{1,9}))?)?\s*$/;
/** Nobody else writes a call so: its place behind `in`, or typed parameters without a place. */
export const DOTNET_FRAME =
  /^\s*at .{1,700}\) (?:\[0x[\da-f]+\] )?in .{1,500}:(?:line )?\d{1,9}\s*$|^\s*at [\w$.<>`|+[\],]{1,300}\((?:[\w.[\]<>`&*?]+ \w+(?:, )?|)+\)\s*$/;
const INNER = /^\s*---> (?:\(Inner Exception #\d+\) )?(.*)$/;
const END_OF_INNER = /^\s*--- End of inner exception/;
const HEAD =
  /(?:^|[\s:>"'(])((?:[\w`]+\.)*[A-Z][\w`]*(?:Exception|Error|Failure|Fault)[\w`]*)(?: \((?:0x[\da-fA-F]+|\d+)\))?(?::\s?(.*))?$/;
const FREE_HEAD = /^((?:[\w`]+\.)*[A-Z][\w`]*): (.*)$/;

interface Section {
  readonly type: string | undefined;
  readonly message: string[];
  readonly frames: Frame[];
}

/**
 * The names come first, from the outside inwards; the innermost error's frames follow, then each `End of inner
 * exception` brings those of the next one out.
 */
export function readDotnetTrace(lines: readonly string[]): ParsedTrace {
  const sections = sectionsOf(lines);
  const innermost = sections.at(-1);
  const frames = sections.toReversed().flatMap((section) => section.frames);
  return {
    language: 'csharp',
    type: innermost?.type ?? UNKNOWN_TYPE,
    message: messageOf(innermost?.message ?? []),
    frames,
    crashFrame: firstInApp(frames),
    around: sections.slice(0, -1).toReversed().flatMap(namedOf),
  };
}

function sectionsOf(lines: readonly string[]): Section[] {
  const sections: Section[] = [];
  let open = -1;
  let isOver = false;
  for (const line of lines) {
    const frame = FRAME.exec(line);
    if (frame) {
      if (open < 0) open = sections.push({ type: undefined, message: [], frames: [] }) - 1;
      sections[open]?.frames.push(frameOf(frame));
    } else if (END_OF_INNER.test(line)) open = Math.max(0, open - 1);
    else if (/^\s*--- End of|^\s*<---/.test(line)) continue;
    else {
      // The members of an aggregate are printed again below it: the first time says it all.
      isOver ||= sections.some(({ frames }) => frames.length > 0);
      if (isOver) continue;
      const inner = INNER.exec(line);
      if (open < 0 || inner) {
        sections.push(...named(inner?.[1] ?? line));
        open = sections.length - 1;
      } else sections[open]?.message.push(line.trim());
    }
  }
  return sections;
}

/** `A: x ---> B: y` names two on one line. */
function named(text: string): Section[] {
  return text.split(/ ---> /).map((part) => {
    const found = HEAD.exec(firstName(part)) ?? FREE_HEAD.exec(part);
    const message = found
      ? [part.slice(part.indexOf(found[1] ?? '') + (found[1] ?? '').length).replace(/^[^:]{0,20}:\s?/, '')]
      : [part];
    return { type: found?.[1], message, frames: [] };
  });
}

/** Up to and with the first name of an error: what follows is its message, which may name others. */
function firstName(text: string): string {
  const found =
    /^.*?(?:^|[\s:>"'(])(?:[\w`]+\.)*[A-Z][\w`]*(?:Exception|Error|Failure|Fault)[\w`]*(?: \([^)]{1,30}\))?(?=:|$)/.exec(
      text,
    );
  return found?.[0] ?? text;
}

function frameOf([, name = '', , file, line, monoLine]: RegExpExecArray): Frame {
  const method = methodOf(name);
  return frameAt(
    file ?? '',
    line ?? monoLine,
    undefined,
    method,
    file !== undefined && !file.startsWith('<') && isOwnDotnet(name),
  );
}

/** Compiled forms of one method: `Items.<Find>d__2.MoveNext`, `Items.<>c.<Find>b__0_0`, `Items.<Find>g__Local|0_1`. */
function methodOf(name: string): string {
  return name
    .replace(/[.+]<>c(?:__DisplayClass[\d_]+)?(?=[.+])/g, '')
    .replace(/<(\w+)>d(?:__\d+)?(?:`\d+)?\.MoveNext$/, '$1')
    .replace(/<(\w+)>b__[\d_]+$/, '$1')
    .replace(/<(\w+)>g__(\w+)\|[\d_]+$/, '$1.$2');
}

function namedOf({ type, message }: Section): NamedError[] {
  return type === undefined ? [] : [{ type, message: messageOf(message) }];
}
