/** Text as a database, a PDF and a terminal can take it. */

/** Lone surrogates and NUL become U+FFFD: Postgres refuses both, and one such value would fail its neighbours. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** At most `maxCharacters` and then a mark that says how much is missing. Never splits a surrogate pair. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = withoutHalfPair(text.slice(0, Math.max(0, maxCharacters)));
  return `${kept}… [cut: ${text.length - kept.length} more characters]`;
}

const CUT = /… \[cut: (\d{1,15}) more characters\]$/;

/** What a text that may have been cut here holds, and what it was before. */
export function lengthsOf(text: string): { readonly kept: number; readonly whole: number } {
  const [mark = '', missing = '0'] = CUT.exec(text.slice(-60)) ?? [];
  const kept = text.length - mark.length;
  return { kept, whole: kept + Number(missing) };
}

function withoutHalfPair(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

/** For a sentence in a log line or a message: one line, no control characters, cut. */
export function oneLine(text: string, maxCharacters: number): string {
  const cleaned = cleanText(text.slice(0, maxCharacters * 4))
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
  return cleaned.length <= maxCharacters ? cleaned : `${withoutHalfPair(cleaned.slice(0, maxCharacters - 1))}…`;
}
