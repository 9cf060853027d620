/** Text from outside made fit to be shown: no control characters, nothing that turns the reading direction, bounded. */

const lineBreaks = /\r\n?|[\u2028\u2029]/gu;
const hidden = /(?![\n\t])\p{Cc}|\p{Bidi_Control}/gu;

/** Keeps line breaks and tabs. What could hide or reorder text becomes a visible U+FFFD; `maxCharacters` in UTF-16 units. */
export function printable(text: string, maxCharacters: number): string {
  return cut(text.replace(lineBreaks, '\n').replace(hidden, '\uFFFD').toWellFormed().trim(), maxCharacters);
}

/** For one line, a mail header too: any run of white space and control characters becomes one space. */
export function oneLine(text: string, maxCharacters: number): string {
  return cut(
    text
      .toWellFormed()
      .replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ')
      .trim(),
    maxCharacters,
  );
}

function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  // Half a surrogate pair at the cut would not be text any more.
  return `${text.slice(0, maxCharacters - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
