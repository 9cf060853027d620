/** `key=value key="quoted value"`, read in one pass: a quoted stack is longer than any pattern should have to match. */

/** More pairs than that are a dump, not a record. */
const MAX_PAIRS = 60;
const MAX_KEY = 60;
const KEY = /[A-Za-z_@][\w.@-]*=/y;
const QUOTE = 34;
const BACKSLASH = 92;
const BLANK = 32;

/** As written between the quotes, escapes and all; the first of two that have one name. What is no pair is passed over. */
export function logfmtPairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  let at = 0;
  while (at < text.length && pairs.size < MAX_PAIRS) {
    KEY.lastIndex = at;
    const key = KEY.test(text) ? text.slice(at, KEY.lastIndex - 1) : undefined;
    const from = key === undefined ? at : at + key.length + 1;
    const { value, to } = valueAt(text, from);
    if (key !== undefined && key.length <= MAX_KEY && value !== undefined && !pairs.has(key)) pairs.set(key, value);
    at = pastBlanks(text, Math.max(to, at + 1));
  }
  return pairs;
}

interface Value {
  /** undefined: its quote is not closed, or more follows it without a blank. */
  readonly value: string | undefined;
  readonly to: number;
}

function valueAt(text: string, from: number): Value {
  if (text[from] !== '"') {
    const to = pastWord(text, from);
    const value = text.slice(from, to);
    return { value: value.includes('"') ? undefined : value, to };
  }
  const end = closingQuote(text, from);
  if (end === undefined) return { value: undefined, to: pastWord(text, from) };
  const to = pastWord(text, end + 1);
  return { value: to === end + 1 ? text.slice(from + 1, end) : undefined, to };
}

/** Where the quote that is opened at `from` is closed; undefined: nowhere. */
export function closingQuote(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return undefined;
}

/** Blanks are all that is no more than one, line ends among them. */
function pastWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) > BLANK) at += 1;
  return at;
}

function pastBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= BLANK) at += 1;
  return at;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** The text that was quoted, with its line ends. */
export function unquoted(written: string): string {
  return written.replace(/\\(?:u([\da-fA-F]{4})|(.))/gs, (_all, code: string | undefined, mark: string | undefined) =>
    code === undefined ? (ESCAPES[mark ?? ''] ?? mark ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
