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
  /\\n(?:\s|\\t){0,20}(?:at |File \\{0,2}"|goroutine |from \S{1,500}:\d|#\d{1,6} {1,6}\S|\S{1,100}\.go:\d|\S{1,500}:\d{1,9}:in )/;
// Blanks, not white space: with line ends among them a run of blank lines costs the square of its length.
const FRAME =
  /^[ \t]{0,200}(?:at \S|(?:[|+][ |]{0,50})?File ".{1,1000}", line \d|#\d{1,6}[ \t]{1,6}\S|(?:from )?\S{1,500}:\d{1,9}:in [`'])|^goroutine \d+ \[|^\t\S{1,500}\.go:\d+/m;

export function looksLikeStack(text: string): boolean {
  return text.includes('\n') && FRAME.test(text);
}
