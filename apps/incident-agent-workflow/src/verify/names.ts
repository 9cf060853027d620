/** Names in a sentence: services of the registry, and requests as `GET /items/`. */
import type { Stated } from './stated.ts';

/** The first registered service that the sentence names and the cited evidence does not; undefined: there is none. */
export function namesOutside(text: string, serviceNames: readonly string[], stated: Stated): string | undefined {
  return serviceNames.find((name) => holdsName(text, name) && !stated.texts.some((seen) => seen.includes(name)));
}

function holdsName(text: string, name: string): boolean {
  const at = text.indexOf(name);
  if (at === -1) return false;
  return !isWord(text[at - 1]) && !isWord(text[at + name.length]);
}

/** Digits in a name are no quantity. A name inside a path stays: the path is looked up whole. */
export function withoutNames(text: string, names: readonly string[]): string {
  return names.reduce(
    (rest, name) => rest.replaceAll(new RegExp(`(?<![\\w./-])${RegExp.escape(name)}(?![\\w/-]|\\.\\w)`, 'g'), ' '),
    text,
  );
}

const REQUEST = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/[^\s,;“”")]*/g;

/** Requests as written, and the sentence without them: an id in a path is no quantity. */
export function requestsIn(text: string): { readonly requests: readonly string[]; readonly rest: string } {
  const requests = [...text.matchAll(REQUEST)].map(([request]) => request.replace(/[.:]+$/, ''));
  return { requests, rest: text.replaceAll(REQUEST, ' ') };
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w-]/.test(character);
}
