/**
 * Evident secrets and personal data leave the text and a mark `[redacted:kind]` stays. Pure and linear in the length
 * of the text. Redacting twice changes nothing more, and a line of JSON stays a line of JSON.
 */
import {
  BARE_PAIR,
  BARE_PAIR_IN_CODE,
  isCardNumber,
  isSecretName,
  mark,
  type Pattern,
  PERSONAL_PATTERNS,
  QUOTED_PAIR,
  redactNamedValue,
  SECRET_PATTERNS,
} from './redact-patterns.ts';

const LOG_PATTERNS: readonly Pattern[] = [...SECRET_PATTERNS, QUOTED_PAIR, BARE_PAIR, ...PERSONAL_PATTERNS];
const CODE_PATTERNS: readonly Pattern[] = [...SECRET_PATTERNS, QUOTED_PAIR, BARE_PAIR_IN_CODE, ...PERSONAL_PATTERNS];

/** Without any of these no pattern matches: most log lines are let through by this one test. */
const WORTH_A_LOOK =
  /@|[Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|[Kk][Ee][Yy]|[Cc][Rr][Ee][Dd]|[Ss][Ee][Ss][Ss]|[Aa][Uu][Tt][Hh]|[Cc][Oo][Oo][Kk]|[Bb][Ee][Aa][Rr]|[Bb][Aa][Ss][Ii][Cc]|eyJ|AKIA|ASIA|A[RI][OD]A|A[GN]PA|gh[pousr]_|github_|gl[pdr]|xox|xapp|slack|[sr]k[_-]|whsec|AIza|ya29|npm_|lin_|SG\.|PRIVATE|\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d/;

/** Deeper than anybody logs; keeps a hostile line from overflowing the stack. */
const MAX_JSON_DEPTH = 60;

/** For log lines, messages, commit messages, answers of services, configuration files. */
export function redact(text: string): string {
  return redactAtDepth(text, 0);
}

/** For source code: `token = readToken()` and `password: string` stay as they are, only literals are taken out. */
export function redactCode(text: string): string {
  return WORTH_A_LOOK.test(text) ? applyPatterns(text, CODE_PATTERNS) : text;
}

/** Lines of a file: as code where the name says that it is code, else as settings and text. */
export function redactFileLines(path: string, lines: readonly string[]): string[] {
  return redactLines(lines, CODE_FILE.test(path) ? redactCode : redact);
}

const CODE_FILE =
  /\.(?:[cm]?[jt]sx?|py|pyi|java|kts?|go|rs|rb|php|cs|fs|vb|scala|swift|c|h|cc|cpp|hpp|m|mm|dart|ex|exs|erl|clj|lua|pl|pm|r|jl|vue|svelte|groovy|sql)$/i;

/** Lines that follow each other; a private key that spans several leaves all of them. As many lines as came in. */
export function redactLines(lines: readonly string[], redactOne: (line: string) => string = redact): string[] {
  let insideKey = false;
  return lines.map((line) => {
    const begins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(line);
    const ends = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/.test(line);
    const hidden = insideKey && (ends || isKeyBody(line));
    insideKey = (begins || hidden) && !ends;
    return hidden ? mark('private-key') : redactOne(line);
  });
}

/** What may stand inside a PEM block, diff signs included. A line of prose ends it: the end marker was cut off. */
function isKeyBody(line: string): boolean {
  return /^[+\- ]?\s*(?:[A-Za-z0-9+/=]*|[A-Za-z-]{1,40}: .{0,200})\s*$/.test(line);
}

function redactAtDepth(text: string, depth: number): string {
  if (!WORTH_A_LOOK.test(text)) return text;
  const parsed = jsonOf(text);
  if (parsed === undefined) return applyPatterns(text, LOG_PATTERNS);
  const redacted = redactJson(parsed.value, undefined, depth + 1);
  // Compared with what the same value looks like untouched, so that a clean line keeps its own spacing.
  return redacted === JSON.stringify(parsed.value) ? text : redacted;
}

function applyPatterns(text: string, patterns: readonly Pattern[]): string {
  let result = text;
  for (const { expression, replace } of patterns) result = result.replace(expression, replace);
  return result;
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** As JSON text. `name`: the key that the value stands under, if any. */
function redactJson(value: unknown, name: string | undefined, depth: number): string {
  if (depth > MAX_JSON_DEPTH) return JSON.stringify(mark('too-deep'));
  if (Array.isArray(value)) return `[${value.map((item) => redactJson(item, name, depth + 1)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) => `${JSON.stringify(redactAtDepth(key, depth))}:${redactJson(member, key, depth + 1)}`,
    );
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(redactScalar(value, name, depth));
}

function redactScalar(value: unknown, name: string | undefined, depth: number): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  if (name !== undefined && isSecretName(name)) {
    const named = redactNamedValue(name, String(value));
    return named === String(value) ? value : named;
  }
  if (typeof value === 'string') return redactAtDepth(value, depth);
  return isCardNumber(String(value)) ? mark('card') : value;
}
