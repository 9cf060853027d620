/** Text that may be a whole stack: in a field, or in an entry of several lines. */

/** Escaped once or twice too often, where there is no line end but a `\\n` before a frame. */
export function unescaped(text: string): string {
  let result = text;
  for (let round = 0; round < 2 && !result.includes('\n') && ESCAPED_FRAME.test(result); round += 1) {
    result = result.replaceAll('\\\\n', '\\n').replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"');
  }
  return result;
}

const ESCAPED_FRAME =
  /\\n(?:\s|\\t){0,20}(?:at |File \\{0,2}"|goroutine |from [^\s\\]{1,300}:\d|#\d{1,6} {1,6}\S|\S{1,100}\.go:\d|[^\s\\]{1,300}:\d{1,9}:in )/;
// Blanks, not white space: with line ends among them a run of blank lines costs the square of its length.
const FRAME =
  /^[ \t]{0,200}(?:at \S|(?:[|+][ |]{0,50})?File ".{1,1000}", line \d|#\d{1,6}[ \t]{1,6}\S|(?:from )?\S{1,500}:\d{1,9}:in [`'])|^goroutine \d+ \[|^\t\S{1,500}\.go:\d+/m;

export function looksLikeStack(text: string): boolean {
  return text.includes('\n') && FRAME.test(text);
}

const HEADING = /^(?:Traceback \(most recent call last\):|goroutine \d+ \[|Stack ?trace:)/i;

/** What was said before the first frame; the whole text where there is none, or nothing before it. */
export function withoutStack(text: string): string {
  if (!looksLikeStack(text)) return text;
  const lines = text.split('\n');
  const frame = lines.findIndex((line) => FRAME.test(line) || HEADING.test(line));
  return frame > 0 ? lines.slice(0, frame).join('\n').trimEnd() : text;
}

/** The last line of a stack whose record was cut off before its end. */
export const CUT_OFF = '… (cut off)';
const STACK_FIELD =
  /"(?:[\w@-]{1,40}\.){0,3}(?:\w{0,20}stack|\w{0,20}stack_?trace|exc_info|exc_text|exception|traceback|error_?verbose|@x)"\s?:\s?"((?:[^"\\]|\\.){1,60000})/i;
const MAX_SALVAGED = 65_536;

/** A shipper cuts long lines in the middle of the stack: what stands before the cut. undefined: no stack in it. */
export function stackInCutJson(text: string): string | undefined {
  const written = STACK_FIELD.exec(text.slice(0, MAX_SALVAGED))?.[1];
  if (written === undefined) return undefined;
  const said = unquoted(written);
  return said !== undefined && looksLikeStack(said) ? `${said}\n${CUT_OFF}` : undefined;
}

function unquoted(written: string): string | undefined {
  try {
    // The cut may fall into an escape of four digits.
    const value: unknown = JSON.parse(`"${written.replace(/\\u[\da-fA-F]{0,3}$/, '')}"`);
    return typeof value === 'string' ? unescaped(value) : undefined;
  } catch {
    return undefined; // control characters that JSON does not allow: not a field of ours
  }
}
