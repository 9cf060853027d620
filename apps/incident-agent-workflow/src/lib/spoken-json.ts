/**
 * JSON objects in what somebody says: between prose, in fences, with comments, trailing commas or single quotes, after a
 * thought. Takes what is whole; an object that has no end is reported as cut off and never completed.
 */
import { jsonrepair } from 'jsonrepair';

export interface SpokenObjects {
  /** In the order in which they stand. */
  readonly objects: readonly Record<string, unknown>[];
  /** The last one has no end. */
  readonly isCutOff: boolean;
}

/** More than this is no answer; repairing it would only take time. */
const MAX_CHARACTERS = 200_000;

export function objectsIn(text: string): SpokenObjects {
  const spoken = withoutThoughts(text.slice(0, MAX_CHARACTERS));
  const { pieces, isCutOff } = bracedPieces(spoken);
  return { objects: pieces.map(parsed).filter((object) => object !== undefined), isCutOff };
}

/** A thought without an end has swallowed the answer. */
function withoutThoughts(text: string): string {
  return text
    .replaceAll(/<(think|thinking|reasoning)>[\s\S]*?(?:<\/\1>|$)/gi, '')
    .replace(/^[\s\S]*?<\/(?:think|thinking|reasoning)>/i, ''); // some servers leave only its end
}

/** From each outermost `{` to its `}`; braces in strings and comments do not count. */
function bracedPieces(text: string): { readonly pieces: readonly string[]; readonly isCutOff: boolean } {
  const pieces: string[] = [];
  let from = text.indexOf('{');
  while (from >= 0) {
    const to = endOfObject(text, from);
    if (to === undefined) return { pieces, isCutOff: true };
    pieces.push(text.slice(from, to));
    from = text.indexOf('{', to);
  }
  return { pieces, isCutOff: false };
}

function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const skipTo = endOfSkipped(text, at);
    if (skipTo === undefined) return undefined;
    if (skipTo > at) at = skipTo - 1;
    else if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Where the string or comment that begins here ends; `at` itself: none begins; undefined: it has no end. */
function endOfSkipped(text: string, at: number): number | undefined {
  if (text[at] === '"') return endOfString(text, at);
  if (text.startsWith('//', at)) return after(text, '\n', at);
  return text.startsWith('/*', at) ? after(text, '*/', at + 2) : at;
}

function endOfString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

function after(text: string, mark: string, from: number): number | undefined {
  const at = text.indexOf(mark, from);
  return at < 0 ? undefined : at + mark.length;
}

function parsed(piece: string): Record<string, unknown> | undefined {
  for (const form of [() => piece, () => jsonrepair(piece)]) {
    try {
      const value: unknown = JSON.parse(form());
      return isObject(value) ? value : undefined;
    } catch {}
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
