/** Tracebacks of Python, chained ones and exception groups too. Printed towards the crash: the last frame is the innermost. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnPath } from './in-app.ts';
import {
  type FoundTrace,
  firstInApp,
  frameAt,
  messageOf,
  type NamedError,
  type ParsedTrace,
  type TraceLine,
  UNKNOWN_TYPE,
  withoutRepeats,
} from './trace.ts';

const START = /Traceback \(most recent call last\):\s*$/;
const FRAME = /^\s*File "([^"]{1,1000})", line (\d{1,9})(?:, in (.{1,300}))?$/;
const FINAL = /^((?:[\p{L}_][\p{L}\w]*\.)*[\p{L}_][\p{L}\w]*)(?::\s?(.*))?$/u;
const DIRECT_CAUSE = 'The above exception was the direct cause of the following exception';
const DURING_HANDLING = 'During handling of the above exception, another exception occurred';
/** `+-+---------------- 1 ----------------` before a member of a group; the frame around them ends without a number. */
const MEMBER = /^[\s|]*\+[-+]{2,}[- ]*(?:\d+|\.\.\.) -{4,}\s*$/;
const END_OF_GROUP = /^[\s|]*\+-{10,}\s*$/;
/** Between a final line and the sentence that chains it to the next traceback there may be blank ones. */
const MAX_LOOK_AHEAD = 3;
const MAX_MESSAGE_LINES = 20;

interface Block {
  readonly type: string | undefined;
  readonly message: readonly string[];
  readonly frames: readonly Frame[];
}

type Relation = 'direct' | 'during' | 'member';

/** The lines as one reads them who knows that a group is drawn with bars. */
interface Printed {
  readonly lines: readonly TraceLine[];
  readonly text: (index: number) => string;
  /** Every line has a time of its own, the frames too. */
  readonly isStamped: boolean;
}

/** At the line that starts a traceback, or at a frame whose start was cut off. */
export function readPythonTrace(lines: readonly TraceLine[], at: number): FoundTrace | undefined {
  const text = (index: number) => lines[index]?.text.replace(/^\s*(?:\| ?)+|^\s*\+ /, '') ?? '';
  const isStart = START.test(text(at));
  if (!isStart && !FRAME.test(text(at))) return undefined;
  const printed = { lines, text, isStamped: isStart && lines[at + 1]?.isStamped === true && FRAME.test(text(at + 1)) };
  const blocks: Block[] = [];
  let root = 0;
  let isSettled = false;
  let index = at;
  for (;;) {
    const { block, to } = readBlock(printed, index);
    blocks.push(block);
    index = to;
    const next = chained(printed, to);
    if (!next) break;
    index = next.at;
    // Of a group the first member is told; after "during handling" the last block is the root, before it the first.
    if (next.relation === 'member' && next.isLater) isSettled = true;
    if (!isSettled && next.relation !== 'direct') root = blocks.length;
  }
  return { from: at, to: endOf(printed, index), parsed: parsedOf(blocks, root) };
}

function parsedOf(blocks: readonly Block[], rootIndex: number): ParsedTrace {
  const root = blocks[rootIndex] ?? blocks.at(-1);
  const others = blocks.filter((block) => block !== root);
  const around = others.flatMap(({ frames }) => frames);
  const own = root?.frames ?? [];
  // What is about the root comes last, as printed; the frames that both share stay with it.
  const frames = withoutRepeats([...own.toReversed(), ...around.toReversed()]).reverse();
  const crash = firstInApp(frames.toReversed());
  return {
    language: 'python',
    type: root?.type ?? UNKNOWN_TYPE,
    message: messageOf(root?.message ?? []),
    frames,
    crashFrame: crash === undefined ? undefined : frames.length - 1 - crash,
    around: others.flatMap(namedOf),
  };
}

function namedOf({ type, message }: Block): NamedError[] {
  return type === undefined ? [] : [{ type, message: messageOf(message) }];
}

function readBlock(printed: Printed, from: number): { readonly block: Block; readonly to: number } {
  const { lines, text } = printed;
  const frames: Frame[] = [];
  const unfinished = (to: number) => ({ block: { type: undefined, message: [], frames }, to });
  for (let index = from; index < lines.length; index += 1) {
    const frame = FRAME.exec(text(index));
    if (frame) {
      frames.push(frameOf(frame));
      continue;
    }
    if (index === from && START.test(text(index))) continue;
    if (lines[index]?.isHead && !printed.isStamped) return unfinished(index);
    if (text(index).trim() === '' || /^\s/.test(text(index))) continue;
    const final = FINAL.exec(text(index).trimEnd());
    if (!final) return unfinished(index);
    const rest = restOfMessage(printed, index + 1);
    return { block: { type: final[1], message: [final[2] ?? '', ...rest], frames }, to: index + 1 + rest.length };
  }
  return unfinished(lines.length);
}

/** Indented lines, and what database drivers add. */
const MORE_MESSAGE = /^(?:\s+\S|\[SQL: |\[parameters: |\(Background on |DETAIL: |HINT: |LINE \d+: )/;

/** Other lines belong to the message only where a record of its own follows them: in such a log nothing else has no time. */
function restOfMessage({ lines, text }: Printed, from: number): string[] {
  const rest: string[] = [];
  let sure = 0;
  for (let index = from; index < Math.min(lines.length, from + MAX_MESSAGE_LINES); index += 1) {
    const written = lines[index]?.text ?? '';
    if (lines[index]?.isHead) return rest;
    if (written.trim() === '' || START.test(text(index)) || FRAME.test(text(index))) break;
    if (MEMBER.test(written) || END_OF_GROUP.test(written)) break;
    rest.push(text(index));
    if (sure === rest.length - 1 && MORE_MESSAGE.test(text(index))) sure = rest.length;
  }
  return rest.slice(0, sure);
}

function frameOf([, file = '', line, name]: RegExpExecArray): Frame {
  return frameAt(file, line, undefined, name, isOwnPath(file));
}

interface Chained {
  /** Where the next block begins. */
  readonly at: number;
  readonly relation: Relation;
  /** Of a member: not the first. */
  readonly isLater: boolean;
}

/** The next block of the chain, beyond the rest of a message of several lines; undefined: the chain ends. */
function chained({ lines, text, isStamped }: Printed, from: number): Chained | undefined {
  for (let index = from; index < Math.min(lines.length, from + MAX_MESSAGE_LINES); index += 1) {
    const line = lines[index]?.text ?? '';
    if (MEMBER.test(line)) return { at: index + 1, relation: 'member', isLater: !/\+[- ]*\+-+ 1 -/.test(line) };
    if (END_OF_GROUP.test(line)) continue;
    if ((lines[index]?.isHead && !isStamped) || FRAME.test(text(index)) || START.test(text(index))) return undefined;
    const isDirect = line.includes(DIRECT_CAUSE);
    if (!isDirect && !line.includes(DURING_HANDLING)) continue;
    for (let ahead = index + 1; ahead <= index + MAX_LOOK_AHEAD; ahead += 1) {
      if (START.test(text(ahead))) return { at: ahead, relation: isDirect ? 'direct' : 'during', isLater: false };
    }
    return undefined;
  }
  return undefined;
}

/** The line that closes a group belongs to it. */
function endOf({ lines }: Printed, to: number): number {
  let end = to;
  while (END_OF_GROUP.test(lines[end]?.text ?? '')) end += 1;
  return end;
}
