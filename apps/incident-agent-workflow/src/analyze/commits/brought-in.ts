/** What an error says word for word and one change alone brought in: a name of code, a limit's number. */
import type { Commit } from '../../domain/telemetry.ts';
import { identifiers } from './identifiers.ts';
import { isNotRun } from './inert.ts';
import { sidesOfAll } from './sides.ts';

/** Names of code, unlike words of a sentence: they have a capital, a digit or an underscore in them. */
const NAME_OF_CODE = /[A-Z_\d$]/;
/** What an error is called is in every handler of it. */
const KIND_OF_ERROR = /(?:Error|Exception|Warning|Fault|Timeout)$|^[A-Z]+$/;
/** A number that is a limit says so before or after it. */
const BEFORE =
  /(?:within|after|limit(?:ed)?(?: (?:of|to|is))?|at (?:most|least)|max(?:imum)?(?: (?:of|is))?|exceed(?:s|ed|ing)?|over|than|to|of|size|<=?|>=?)\s*[:=]?\s*(\d[\d_,]*(?:\.\d+)?)\b/gi;
const AFTER =
  /(?<![\w.])(\d[\d_,]*(?:\.\d+)?)\s*(?:ms|millis(?:econds)?|s|secs?|seconds?|minutes?|[kmg]i?b|bytes|connections?|items?|attempts?|retries|entries|rows|characters)\b/gi;

export interface Brought {
  readonly names: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
}

/** Names and numbers of the added lines that none of the removed ones has. */
export function broughtBy(commit: Commit): Brought {
  const { removed, added } = sidesOfAll(commit.files.filter((file) => !isNotRun(file.path)));
  return {
    names: without(identifiers(added), identifiers(removed)),
    numbers: without(numbersIn(added), numbersIn(removed)),
  };
}

/** How many of the names that the messages say, and the numbers that they say as limits, this change alone brought in. */
export function broughtAlone(commit: Commit, all: ReadonlyMap<string, Brought>, messages: readonly string[]): number {
  const own = all.get(commit.hash);
  if (!own) return 0;
  const others = [...all].filter(([hash]) => hash !== commit.hash).map(([, brought]) => brought);
  const isOwn = (of: keyof Brought, said: string): boolean =>
    own[of].has(said) && !others.some((other) => other[of].has(said));
  const names = messages.flatMap((message) => namesSaid(message)).filter((name) => isOwn('names', name));
  const numbers = messages.flatMap((message) => limitsSaid(message)).filter((number) => isOwn('numbers', number));
  return new Set(names).size + new Set(numbers).size;
}

function namesSaid(message: string): string[] {
  return identifiers(message).filter((name) => NAME_OF_CODE.test(name) && !KIND_OF_ERROR.test(name));
}

function limitsSaid(message: string): string[] {
  return [BEFORE, AFTER].flatMap((pattern) => [...message.matchAll(pattern)].map((match) => plain(match[1] ?? '')));
}

function numbersIn(text: string): string[] {
  return (text.match(/(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w.])/g) ?? []).map(plain);
}

/** One digit is in every change. */
function plain(number: string): string {
  const digits = number.replace(/[_,]/g, '');
  return digits.length > 1 ? digits : '';
}

function without(names: readonly string[], known: readonly string[]): Set<string> {
  const gone = new Set([...known, '']);
  return new Set(names.filter((name) => !gone.has(name)));
}
