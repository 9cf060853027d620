/** Traces whose frames begin with `at`: JavaScript, TypeScript, Java and Kotlin. Found by a frame, then read both ways. */
import { readJavaTrace } from './java.ts';
import { readJavaScriptTrace } from './javascript.ts';
import type { FoundTrace, TraceLine } from './trace.ts';

/** How far above its first frame an error may be named: its message can have several lines. */
const MAX_MESSAGE_LINES = 15;
/** Ordinary lines that another writer put between two frames. */
const MAX_FOREIGN_LINES = 2;

const FRAME = /^\s+at (?:async |new |\[|<|[\w$.@/\\:<>[\]-])|^at .{1,500}:\d+:\d+\)?$/;
const JAVA_FRAME =
  /^\s*at (?:[\w.@-]+\/{1,2})?[\w$.<>-]+\((?:[\w$.-]+:\d+|[\w$-]+\.(?:java|kt|scala|groovy)|Native Method|Unknown Source)\)/;
const NAMED =
  /(?:^|[\s:(\]'"])((?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Fault|Throwable)|(?:[\w$]+\.)*(?:Error|Exception|Throwable))(?: \[[\w.]+\])?(?::(?:\s|$)|$)/;
/** A class of one's own may have any name, if the frames follow at once. */
const NAMED_FREELY = /^(?:Uncaught )?[A-Z][\w$.]{2,80}: /;

/** At a line that is an `at` frame; reads the error above it and all frames, causes and properties below it. */
export function readAtTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const frame = lines[at];
  if (!frame || frame.isHead || !FRAME.test(frame.text)) return undefined;
  const from = headOf(lines, at, earliest);
  const { to, kept } = bodyOf(lines, at);
  // A single frame without an error above it is more likely prose.
  if (from === undefined && kept.length < 2) return undefined;
  const head = from === undefined ? [] : lines.slice(from, at).map(({ text }) => text);
  const texts = [...head, ...kept];
  const parsed = JAVA_FRAME.test(frame.text) ? readJavaTrace(texts) : readJavaScriptTrace(texts);
  return { from: from ?? at, to, parsed };
}

/** Index of the line that names the error; undefined: cut off, or said by nobody. */
function headOf(lines: readonly TraceLine[], at: number, earliest: number): number | undefined {
  const above = lines[at - 1];
  if (above && at - 1 >= earliest && (NAMED.test(above.text) || NAMED_FREELY.test(above.text))) return at - 1;
  for (let index = at - 2; index >= Math.max(earliest, at - MAX_MESSAGE_LINES); index -= 1) {
    const line = lines[index];
    // The line below it began a record of its own: what stands above is somebody else's.
    if (!line || lines[index + 1]?.isHead || line.text.trim() === '') return undefined;
    if (NAMED.test(line.text)) return index;
  }
  return undefined;
}

interface Body {
  readonly to: number;
  readonly kept: readonly string[];
}

function bodyOf(lines: readonly TraceLine[], at: number): Body {
  const kept: string[] = [];
  let to = at;
  for (let index = at; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line) break;
    if (continues(line)) {
      kept.push(line.text);
      to = index + 1;
    } else if (!resumes(lines, index)) break;
  }
  return { to, kept };
}

const CONTINUES = /^(?:\s+\S|Caused by: |Suppressed: |\t|\}$|\}\s*$|\[cause\]: )/;

function continues({ text, isHead }: TraceLine): boolean {
  return !isHead && (CONTINUES.test(text) || FRAME.test(text));
}

/** A foreign line in between: the trace goes on if a frame follows very soon and does not start another trace. */
function resumes(lines: readonly TraceLine[], index: number): boolean {
  for (let ahead = index; ahead <= index + MAX_FOREIGN_LINES; ahead += 1) {
    const line = lines[ahead];
    if (!line) return false;
    if (!line.isHead && FRAME.test(line.text)) return ahead > index;
    if (!line.isHead || NAMED.test(line.text)) return false;
  }
  return false;
}
