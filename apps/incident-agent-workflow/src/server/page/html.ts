/** HTML whose every interpolated value is escaped: text from logs, alerts and commits has no other way in. */

/** Made by `html` only; anything else is text. */
export interface Html {
  readonly [MARK]: true;
  readonly text: string;
}
const MARK = Symbol('html');

export type Part = Html | string | number | undefined | null | false | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? '';
  for (const [index, part] of parts.entries()) text += render(part) + (strings[index + 1] ?? '');
  return { [MARK]: true, text };
}

function render(part: Part): string {
  if (part === undefined || part === null || part === false) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if (isHtml(part)) return part.text;
  return part.map(render).join('');
}

function isHtml(part: Html | readonly Part[]): part is Html {
  return MARK in part;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Turn the direction of text around them, or are not seen at all; line breaks and tabs are. */
const UNSEEN = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]|(?![\t\n\r])\p{Cc}/gu;

function escapeHtml(text: string): string {
  return text
    .replaceAll(UNSEEN, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
