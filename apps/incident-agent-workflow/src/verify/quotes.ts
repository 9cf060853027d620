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

/** Each quote as one character that stands in no text: what is around it can be parted without parting the quote. */
export function withQuoteMarks(text: string): { readonly text: string; quotesOf(part: string): string[] } {
  const quotes: string[] = [];
  const marked = text.replace(QUOTES, (_, ...groups: unknown[]) => {
    quotes.push(groups.slice(0, 3).find((group) => typeof group === 'string') ?? '');
    return ` ${String.fromCodePoint(FIRST_MARK + quotes.length - 1)} `;
  });
  return {
    text: marked,
    quotesOf: (part) =>
      quotes.filter((quote, index) => quote !== '' && part.includes(String.fromCodePoint(FIRST_MARK + index))),
  };
}
/** Of a plane for private use. */
const FIRST_MARK = 0xf_0000;

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
