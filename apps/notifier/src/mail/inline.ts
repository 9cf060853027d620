/** The little markup a sentence may carry: `code`, citations such as [E4] or [E4, G1], and in actions a link. */

export type Inline =
  | { readonly kind: 'text' | 'code' | 'link'; readonly text: string }
  | { readonly kind: 'citation'; readonly ids: readonly string[] };

/** Several back-ticks in a row are somebody's fence, not a mark of ours. */
const marks =
  /(?<!`)`([^`\n]+)`(?!`)|\[([EG]\d{1,4}(?:, ?[EG]\d{1,4})*)\]|(https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]])/gu;

/** In order of the text. `linked`: only then an address becomes a link, since evidence may quote addresses of anybody. */
export function inlines(text: string, linked: boolean): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, code, ids, url] = match;
    if (url !== undefined && !linked) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (ids !== undefined) parts.push({ kind: 'citation', ids: ids.split(/, ?/u) });
    else parts.push({ kind: 'link', text: whole });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
