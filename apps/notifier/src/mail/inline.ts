/**
 * The little markup a sentence may carry: `code`, citations such as [E4] or [E4, G1], and in actions a link. A commit's
 * hash and a path are known by their look.
 */

export type Inline =
  | { readonly kind: 'text' | 'code' | 'name' | 'link'; readonly text: string }
  | { readonly kind: 'citation'; readonly ids: readonly string[] };

/**
 * Several back-ticks in a row are somebody's fence, not a mark of ours. A hash has a digit and a letter; a path has a
 * slash or a line, and an ending.
 */
const marks = new RegExp(
  [
    /(?<!`)`([^`\n]+)`(?!`)/u,
    /\[([EG]\d{1,4}(?:, ?[EG]\d{1,4})*)\]/u,
    /(https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]])/u,
    /((?<![\w/.-])(?=[0-9a-f]{0,39}\d)(?=[0-9]{0,39}[a-f])[0-9a-f]{7,40}(?![\w/-])|(?<![\w/.:-])[\w@-]{1,80}(?:\/[\w@.-]{1,80}){1,12}\.[a-z]{1,4}(?::\d{1,6}){0,2}(?![\w/])|(?<![\w/.-])[\w@-]{1,80}\.[a-z]{1,4}:\d{1,6}(?![\w/]))/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);

/** In order of the text. `linked`: only then an address becomes a link, since evidence may quote addresses of anybody. */
export function inlines(text: string, linked: boolean): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, code, ids, url, name] = match;
    if (url !== undefined && !linked) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (ids !== undefined) parts.push({ kind: 'citation', ids: ids.split(/, ?/u) });
    else parts.push({ kind: name === undefined ? 'link' : 'name', text: whole });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
