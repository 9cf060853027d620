/**
 * TypeScript text without what is not code. TypeScript 7 offers no parser to programs, and to find imports and a few
 * forbidden words it is enough to know where comments, strings and regular expressions begin and end.
 */

/** Comments, contents of strings and regular expressions become blanks; every other character keeps its place. */
export function codeOnly(text: string): string {
  const out = Array.from({ length: text.length }, (_none, at) => text.charAt(at));
  blankRegion(text, out, 0, 'end');
  return out.join('');
}

/** Blanks from `start` on; ends at the end of the text, or behind the brace that closes a `${`. Returns where it ended. */
function blankRegion(text: string, out: string[], start: number, until: 'end' | 'brace'): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const one = text.charAt(at);
    if (two === '//') at = blank(out, at, lineEnd(text, at));
    else if (two === '/*') at = blank(out, at, after(text, '*/', at + 2));
    else if (one === "'" || one === '"') at = blankQuoted(text, out, at, one);
    else if (one === '`') at = blankTemplate(text, out, at);
    else if (one === '/' && isRegexStart(out, at)) at = blankRegex(text, out, at);
    else {
      if (one === '{') depth += 1;
      if (one === '}' && until === 'brace' && depth === 0) return at + 1;
      if (one === '}') depth -= 1;
      at += 1;
    }
  }
  return at;
}

/** The quotes stay. */
function blankQuoted(text: string, out: string[], start: number, quote: string): number {
  let end = start + 1;
  while (end < text.length && text.charAt(end) !== quote && text.charAt(end) !== '\n')
    end += text.charAt(end) === '\\' ? 2 : 1;
  blank(out, start + 1, end);
  return end + 1;
}

/** The backquotes stay, and so does the code in `${…}`. */
function blankTemplate(text: string, out: string[], start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '`') {
    if (text.slice(at, at + 2) === '${') {
      at = blankRegion(text, out, at + 2, 'brace');
      continue;
    }
    const width = text.charAt(at) === '\\' ? 2 : 1;
    blank(out, at, at + width);
    at += width;
  }
  return at + 1;
}

function blankRegex(text: string, out: string[], start: number): number {
  let at = start + 1;
  let isInClass = false;
  while (at < text.length && text.charAt(at) !== '\n') {
    const one = text.charAt(at);
    if (one === '\\') at += 1;
    else if (one === '[') isInClass = true;
    else if (one === ']') isInClass = false;
    else if (one === '/' && !isInClass) break;
    at += 1;
  }
  return blank(out, start, at + 1);
}

/** A slash after a value divides; anywhere else it opens a regular expression. */
function isRegexStart(out: readonly string[], at: number): boolean {
  let back = at - 1;
  while (back >= 0 && /\s/.test(out[back] ?? '')) back -= 1;
  const before = out[back] ?? '';
  if (!/[\w$)\]}'"`]/.test(before)) return true;
  const word = /(\w+)$/.exec(out.slice(Math.max(0, back - 12), back + 1).join(''))?.[1] ?? '';
  return ['return', 'typeof', 'case', 'in', 'of', 'await', 'yield', 'void', 'delete'].includes(word);
}

function blank(out: string[], from: number, to: number): number {
  for (let at = from; at < Math.min(to, out.length); at += 1) if (out[at] !== '\n') out[at] = ' ';
  return to;
}
function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
function after(text: string, sign: string, from: number): number {
  const found = text.indexOf(sign, from);
  return found < 0 ? text.length : found + sign.length;
}

export interface ImportText {
  readonly specifier: string;
  /** `import type …`: gone when the program runs. */
  readonly isTypeOnly: boolean;
}

/** What the text imports or re-exports, statically or with a literal `import()`; types too. In order, repeats included. */
export function importsOf(text: string): ImportText[] {
  const code = codeOnly(text);
  const found: ImportText[] = [];
  const statement = /\b(?:import|export)\b(?:[\s\w{},*$]*?\bfrom)?\s*\(?\s*(['"])/g;
  for (const match of code.matchAll(statement)) {
    if (match[0].startsWith('export') && !match[0].includes('from')) continue;
    const start = match.index + match[0].length;
    const specifier = text.slice(start, code.indexOf(match[1] ?? "'", start));
    found.push({ specifier, isTypeOnly: /^(?:import|export)\s+type\b/.test(match[0]) });
  }
  return found;
}
