/** Text of others inside a sentence: it stands between quotation marks and must be found word for word. */

const QUOTES = /“([^”]*)”|`([^`]+)`|"([^"]*)"/g;

/** In order of appearance, without their marks. */
export function quotesIn(text: string): string[] {
  return [...text.matchAll(QUOTES)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((quote) => quote !== '');
}

/** The sentence's own words; each quote leaves a blank. */
export function withoutQuotes(text: string): string {
  return text.replace(QUOTES, ' ');
}

/** Blanks do not count, nor the mark of a cut at the end. An ellipsis inside is taken as it is. */
export function isQuotedFrom(quote: string, texts: readonly string[]): boolean {
  const wanted = plain(quote.replace(/…$/, ''));
  return wanted === '' || texts.some((text) => plain(text).includes(wanted));
}

/** As sentences quote it: one line, typographic marks made plain, JSON escapes of a log line undone. */
function plain(text: string): string {
  return text
    .replace(/\\n|\\t/g, ' ')
    .replace(/\\"/g, '"')
    .replace(/[“”]/g, '"')
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}
