/** Tracebacks of Python, chained ones and exception groups too. Printed towards the crash: the last frame is the innermost. */
import type { Frame } from '../../domain/evidence.ts';
import { isOwnPath } from './in-app.ts';
import {
  type FoundTrace,
  frameAt,
  messageOf,
  type ParsedTrace,
  type TraceLine,
  UNKNOWN_TYPE,
  withoutRepeats,
} from './trace.ts';

const START = /Traceback \(most recent call last\):\s*$/;
const FRAME = /^\s*File "([^"]{1,1000})", line (\d{1,9})(?:, in (.{1,300}))?$/;
const FINAL = /^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?::\s?(.*))?$/;
const DIRECT_CAUSE = 'The above exception was the direct cause of the following exception';
const DURING_HANDLING = 'During handling of the above exception, another exception occurred';
/** Between a final line and the sentence that chains it to the next traceback there may be blank ones. */
const MAX_LOOK_AHEAD = 3;
const MAX_MESSAGE_LINES = 20;

interface Block {
  readonly type: string | undefined;
  readonly message: readonly string[];
  readonly frames: readonly Frame[];
}

/** At the line that starts a traceback, or at a frame whose start was cut off. */
export function readPythonTrace(lines: readonly TraceLine[], at: number): FoundTrace | undefined {
  const texts = (index: number) => lines[index]?.text.replace(/^\s*[|+][\s-]?/, '') ?? '';
  const isStart = START.test(texts(at));
  if (!isStart && !FRAME.test(texts(at))) return undefined;
  const blocks: Block[] = [];
  let isDirect = false;
  let index = at;
  for (;;) {
    const { block, to } = readBlock(lines, texts, index);
    blocks.push(block);
    index = to;
    const next = chained(lines, texts, to);
    if (!next) break;
    // The root of a direct cause is the first block; after "during handling" it is the last one.
    isDirect = next.isDirect && (blocks.length === 1 || isDirect);
    index = next.at;
  }
  return { from: at, to: index, parsed: parsedOf(blocks, isDirect) };
}

function parsedOf(blocks: readonly Block[], isDirect: boolean): ParsedTrace {
  const root = isDirect ? blocks[0] : blocks.at(-1);
  const around = blocks.filter((block) => block !== root).flatMap(({ frames }) => frames);
  const own = root?.frames ?? [];
  // What is about the root comes last, as printed; the frames that both share stay with it.
  const frames = withoutRepeats([...own.toReversed(), ...around.toReversed()]).reverse();
  const crash = frames.findLastIndex(({ inApp }) => inApp);
  return {
    language: 'python',
    type: root?.type ?? UNKNOWN_TYPE,
    message: messageOf(root?.message ?? []),
    frames,
    crashFrame: crash < 0 ? undefined : crash,
  };
}

function readBlock(
  lines: readonly TraceLine[],
  texts: (index: number) => string,
  from: number,
): { readonly block: Block; readonly to: number } {
  const frames: Frame[] = [];
  for (let index = from; index < lines.length; index += 1) {
    const text = texts(index);
    const frame = FRAME.exec(text);
    if (frame) frames.push(frameOf(frame));
    else if (index > from || !START.test(text)) {
      if (lines[index]?.isHead) return { block: { type: undefined, message: [], frames }, to: index };
      if (text.trim() === '' || /^\s/.test(text)) continue;
      const final = FINAL.exec(text.trim());
      if (!final) return { block: { type: undefined, message: [], frames }, to: index };
      return { block: { type: final[1], message: [final[2] ?? ''], frames }, to: index + 1 };
    }
  }
  return { block: { type: undefined, message: [], frames }, to: lines.length };
}

function frameOf([, file = '', line, name]: RegExpExecArray): Frame {
  return frameAt(file, line, undefined, name, isOwnPath(file));
}

/** The next traceback of the chain, beyond the rest of a message of several lines; undefined: the chain ends. */
function chained(
  lines: readonly TraceLine[],
  texts: (index: number) => string,
  from: number,
): { readonly at: number; readonly isDirect: boolean } | undefined {
  for (let index = from; index < Math.min(lines.length, from + MAX_MESSAGE_LINES); index += 1) {
    const text = texts(index);
    if (lines[index]?.isHead || FRAME.test(text) || START.test(text)) return undefined;
    const isDirect = text.includes(DIRECT_CAUSE);
    if (!isDirect && !text.includes(DURING_HANDLING)) continue;
    for (let ahead = index + 1; ahead <= index + MAX_LOOK_AHEAD; ahead += 1) {
      if (START.test(texts(ahead))) return { at: ahead, isDirect };
    }
    return undefined;
  }
  return undefined;
}
