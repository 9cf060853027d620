/** Traces whose frames begin with `at`: JavaScript, Java, Kotlin, .NET. Found by a frame, then read both ways. */
import { DOTNET_FRAME, readDotnetTrace } from './dotnet.ts';
import { readJavaTrace } from './java.ts';
import { readJavaScriptTrace } from './javascript.ts';
import { type FoundTrace, MAX_MESSAGE_LINES, type ParsedTrace, type TraceLine } from './trace.ts';

/** Ordinary lines that another writer put between two frames. */
const MAX_FOREIGN_LINES = 2;
/** Messages have paragraphs; an error's name is not looked for beyond so many blank lines. */
const MAX_BLANK_LINES = 2;

const FRAME =
  /^\s+(?:eval )?at (?:async |new |\[|<|[\p{L}\w$.@/\\:<>[\]-])|^at .{1,500}(?::\d+:\d+\)?|\(\S{1,200}\.(?:java|kt|scala|groovy):\d+\)|:line \d+)$/u;
const JAVA_FRAME =
  /^\s*at (?:[\w.@-]+\/{1,2})?[\w$.<>-]+\((?:[\w$.-]+:\d+|[\w$-]+\.(?:java|kt|scala|groovy)|Native Method|Unknown Source|<generated>)\)/;
const NAMED =
  /(?:^|[\s:(\]['">])((?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Fault|Throwable)(?:\$\d+)?|(?:[\w$]+\.)*(?:Error|Exception|Throwable))(?: \[[\w.]+\])?(?: \((?:0x[\da-fA-F]+|\d+)\))?(?::(?:\s|$)|$)/;
/** A class of one's own may have any name, if the frames follow at once. */
const NAMED_FREELY =
  /^(?:Uncaught )?[A-Z][\w$.]{2,80}: |^(?:Exception in thread "[^"]{0,200}" )?(?:[a-z_]\w{0,60}\.){1,20}[A-Z][\w$]{1,80}(?:: |$)/;
/** Some engines head a list of frames so, without naming the error. */
const TITLE = /\b[Ss]tack ?trace:?\s*$/;
const INNER = /^\s*---> /;
/** What stands between an error and the one inside it: Java's mail library, and Node's list of an error without frames. */
const NESTED = /nested exception is:\s*$|^\s*\[errors\]: \[$/;

/** At a line that is an `at` frame; reads the error above it and all frames, causes and properties below it. */
export function readAtTrace(lines: readonly TraceLine[], at: number, earliest: number): FoundTrace | undefined {
  const frame = lines[at];
  if (!frame || frame.isHead || !FRAME.test(frame.text)) return undefined;
  const head = headOf(lines, at, earliest);
  const { to, kept, foreign } = bodyOf(lines, at);
  // A single frame without an error above it is more likely prose.
  if (head === undefined && kept.length < 2) return undefined;
  const said = head === undefined ? [] : lines.slice(head, at).map(({ text }) => text);
  const from = head === undefined ? at : excerptAbove(lines, head, earliest);
  return { from, to, parsed: parse([...said, ...kept], kept), foreign };
}

/** The frames' own form tells the language: most of those that only one language writes. */
function parse(texts: readonly string[], body: readonly string[]): ParsedTrace {
  let java = 0;
  let dotnet = 0;
  for (const text of body) {
    if (JAVA_FRAME.test(text)) java += 1;
    else if (DOTNET_FRAME.test(text)) dotnet += 1;
  }
  if (dotnet > java) return readDotnetTrace(texts);
  return java > 0 ? readJavaTrace(texts) : readJavaScriptTrace(texts);
}

/** Index of the line that names the error; undefined: cut off, or said by nobody. */
function headOf(lines: readonly TraceLine[], at: number, earliest: number): number | undefined {
  const above = lines[at - 1];
  const isNamedFreely = above && at - 1 >= earliest && NAMED_FREELY.test(above.text);
  let blank = 0;
  for (let index = at - 1; index >= Math.max(earliest, at - MAX_MESSAGE_LINES); index -= 1) {
    const line = lines[index];
    // The line below it began a record of its own: what stands above is somebody else's.
    if (!line || (index < at - 1 && lines[index + 1]?.isHead)) break;
    if (line.text.trim() === '' && ++blank > MAX_BLANK_LINES) break;
    if (NAMED.test(line.text)) return outermostName(lines, index, earliest);
    if (index === at - 1 && isNamedFreely) return index;
    if (index === at - 1 && TITLE.test(line.text)) return index;
  }
  return undefined;
}

/** `X: message; nested exception is:` above a name, or ` ---> ` before it, means that X is the one that was thrown. */
function outermostName(lines: readonly TraceLine[], named: number, earliest: number): number {
  let head = named;
  for (;;) {
    const distance = NESTED.test(lines[head - 1]?.text ?? '') ? 2 : INNER.test(lines[head]?.text ?? '') ? 1 : 0;
    const outer = lines[head - distance]?.text ?? '';
    if (distance === 0 || head - distance < earliest || lines[head]?.isHead) return head;
    if (!NAMED.test(outer) && !NAMED_FREELY.test(outer)) return head;
    head -= distance;
  }
}

const CARET = /^\s*[\^~]+\s*$/;
const PLACE = /^\S.{0,500}:\d+$/;

/** Node shows the line of an uncaught error above it: `file:line`, the source, a caret, a blank line. */
function excerptAbove(lines: readonly TraceLine[], head: number, earliest: number): number {
  const caret = lines[head - 1]?.text.trim() === '' ? head - 2 : head - 1;
  const place = caret - 2;
  const isExcerpt = place >= earliest && CARET.test(lines[caret]?.text ?? '') && PLACE.test(lines[place]?.text ?? '');
  return isExcerpt ? place : head;
}

interface Body {
  readonly to: number;
  readonly kept: readonly string[];
  readonly foreign: readonly number[];
}

function bodyOf(lines: readonly TraceLine[], at: number): Body {
  const kept: string[] = [];
  const foreign: number[] = [];
  let to = at;
  for (let index = at; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line) break;
    if (continues(line)) {
      kept.push(line.text);
      to = index + 1;
      continue;
    }
    const rest = restOfMessage(lines, index);
    if (rest > index) {
      kept.push(...lines.slice(index, rest).map(({ text }) => text));
      index = rest - 1;
    } else if (resumes(lines, index)) foreign.push(index);
    else break;
  }
  return { to: withVersion(lines, to), kept, foreign: foreign.filter((index) => index < to) };
}

const CONTINUES =
  /^(?:\s+\S|Caused by: |Suppressed: |\t|\}$|\}\s*$|\[cause\]: |---> |<---|--- (?:End of|Fin d|Ende de))/;

function continues({ text, isHead }: TraceLine): boolean {
  return !isHead && (CONTINUES.test(text) || FRAME.test(text));
}

const OPENS_CAUSE = /^\s*(?:(?:Caused by|Suppressed|\[(?:cause|errors?)\]): |---> )|nested exception is:\s*$/;

/** Lines of a cause's message, which may be anything: they go on until its first frame. `from` itself if they don't. */
function restOfMessage(lines: readonly TraceLine[], from: number): number {
  if (!OPENS_CAUSE.test(lines[from - 1]?.text ?? '')) return from;
  for (let index = from; index < Math.min(lines.length, from + MAX_MESSAGE_LINES); index += 1) {
    const line = lines[index];
    if (!line || line.isHead) return from;
    if (FRAME.test(line.text)) return index;
  }
  return from;
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

/** Node ends with a blank line and its version. */
function withVersion(lines: readonly TraceLine[], to: number): number {
  const isVersion = lines[to]?.text.trim() === '' && /^Node\.js v\d+\.\d+/.test(lines[to + 1]?.text ?? '');
  return isVersion ? to + 2 : to;
}
