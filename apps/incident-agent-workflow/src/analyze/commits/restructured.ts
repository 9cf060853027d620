/** Changes that only rearrange or reword: the same names and values after as before, or nothing but what is said. */
import type { Commit } from '../../domain/telemetry.ts';
import { changedLines } from '../../lib/patches.ts';
import { isNotRun } from './inert.ts';
import { sidesOfAll } from './sides.ts';
import { tokensOf, withoutComments } from './token-stream.ts';

/** Words of the language; an extracted function brings its own. */
const GRAMMAR = new Set(
  'var let const func function def return new if else for of in err nil null this self async await public private static void final type struct class'.split(
    ' ',
  ),
);
/** A comparison or a negation that comes or goes changes what runs. */
const MEANING = new Set(['<', '>', '!', '?', '+', '-', '*', '/', '%', '&', '|', '^', '~']);
/** So much of the names and values is on both sides. */
const ALIKE = 0.8;

/** True if every file that runs holds the same names, values and operators as before, in another arrangement. */
export function isRestructured(commit: Commit): boolean {
  const files = commit.files.filter((file) => !isNotRun(file.path) && file.patch !== '');
  if (files.length === 0) return false;
  const { removed, added } = sidesOfAll(files);
  const [before, after] = [meaningOf(removed), meaningOf(added)];
  if (before.size === 0 || after.size === 0) return false;
  const isSame = (token: string): boolean => before.has(token) && after.has(token);
  const all = new Set([...before, ...after]);
  const values = [...all].filter((token) => /^[\d'<>!?+\-*/%&|^~]/.test(token));
  return values.every(isSame) && [...all].filter(isSame).length >= ALIKE * all.size;
}

/** Names, values and operators; not brackets, and not the words of the language. */
function meaningOf(text: string): Set<string> {
  return new Set(
    tokensOf(text, '').filter((token) => (/^[\p{L}\p{N}_$']/u.test(token) ? !GRAMMAR.has(token) : MEANING.has(token))),
  );
}

const SAYING =
  /\b(?:log|logger|logging|console|slog|print(?:f|ln)?|Errorf|errors\.New|throw new|raise|puts|warn|info|debug)\b|\.(?:json|send|error|warn|info|debug)\(|http\.Error|writeError|message/i;

/** A line that only says something: it logs, or words an error. */
export function isSaying(line: string): boolean {
  return SAYING.test(line);
}

/** True if each changed line only says something: a log line, the words of an error. */
export function isWording(commit: Commit): boolean {
  const files = commit.files.filter((file) => !isNotRun(file.path) && file.patch !== '');
  const lines = files.flatMap((file) =>
    changedLines(file.patch)
      .flatMap(({ text }) => withoutComments(text, file.path))
      .filter((text) => /\w/.test(text)),
  );
  return (
    lines.length > 0 &&
    lines.every((line) => SAYING.test(line) || /^\s*["'`][^"'`]*["'`][,)\s;]*\s*(?:[\w.()]+,?)?\s*$/.test(line))
  );
}
