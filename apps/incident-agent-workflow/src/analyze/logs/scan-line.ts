/**
 * One pass over the characters of a line: the shape that it shares with all lines that say the same with other values,
 * and where its words begin. No pattern and no copy of a text, for it is done for every line of a log (METHODS §2).
 */
import { upperFirst } from '../../lib/wording.ts';

/** Only so far a line is looked at; longer ones are read one by one. */
export const MAX_SCANNED_CHARACTERS = 8_192;
/** Of so many words the values are held against those of the first line of the shape. */
const MAX_SCANNED_WORDS = 256;

export interface LineScan {
  /** Equal for lines whose words are equal but for those that hold a digit. 53 bits of two mixes: a collision is not to be expected. */
  key: number;
  wordCount: number;
  /** Where each word begins. */
  readonly starts: Int32Array;
  /** Of each word, value or not. */
  readonly hashes: Int32Array;
  /** 1: the word is a value, so not part of the key. */
  readonly values: Uint8Array;
  /** No control characters, no half characters, no colours: it can be shown as it is. */
  isPlain: boolean;
  isCut: boolean;
}

export function emptyScan(): LineScan {
  return {
    key: 0,
    wordCount: 0,
    starts: new Int32Array(MAX_SCANNED_WORDS),
    hashes: new Int32Array(MAX_SCANNED_WORDS),
    values: new Uint8Array(MAX_SCANNED_WORDS),
    isPlain: true,
    isCut: false,
  };
}

const SEPARATORS = new Uint8Array(128);
for (const separator of ' \t\n="/:,;{}()[]<>?&|\'') SEPARATORS[separator.charCodeAt(0)] = 1;

const SEED = 0x811c9dc5;
const FIRST_PRIME = 0x01000193;
const SECOND_PRIME = 0x85ebca6b;
/** Stands for any value. */
const VALUE_MARK = 0x2545f491;
const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const MINUS = 45;
const BACKSLASH = 92;

/** Writes into `scan`, which is used again for the next line. */
export function scanLine(text: string, scan: LineScan): void {
  const length = Math.min(text.length, MAX_SCANNED_CHARACTERS);
  let first = SEED;
  let second = SEED;
  let words = 0;
  let isPlain = true;
  let start = 0;
  let hash = SEED;
  let other = 0;
  let digits = 0;
  let last = 0;
  let hasSign = false;
  let isEscaped = false;
  for (let at = 0; at <= length; at += 1) {
    const code = at < length ? text.charCodeAt(at) : BLANK;
    if (code >= 128 || SEPARATORS[code] !== 1) {
      hash = Math.imul(hash ^ code, FIRST_PRIME);
      other = Math.imul(other ^ code, SECOND_PRIME) ^ (other >>> 13);
      if (code >= ZERO && code <= NINE) digits += 1;
      if (code === PLUS || code === MINUS) hasSign = true;
      // Escaped, it may stand for a blank or a digit: such a word is what it is.
      if (code === BACKSLASH) isEscaped = true;
      if (code < 32 || (code >= 127 && code < 160) || code >= 0xd800) isPlain = false;
      continue;
    }
    if (at > start) {
      const isValue = digits > 0 && !isEscaped && !(digits === at - start && digits <= 3 && isMeant(text, start, last));
      last = hash;
      if (words < MAX_SCANNED_WORDS) {
        scan.starts[words] = start;
        scan.hashes[words] = hash ^ other;
        scan.values[words] = isValue ? 1 : 0;
        words += 1;
      }
      const mark = isValue ? VALUE_MARK + kindOf(text.charCodeAt(at - 1), hasSign) : hash;
      first = Math.imul(first ^ mark, FIRST_PRIME);
      second = Math.imul(second ^ (isValue ? mark : other), SECOND_PRIME) ^ (second >>> 15);
      hasSign = false;
      isEscaped = false;
      hash = SEED;
      other = 0;
      digits = 0;
    }
    first = Math.imul(first ^ code, FIRST_PRIME);
    second = Math.imul(second ^ code, SECOND_PRIME) ^ (second >>> 15);
    start = at + 1;
  }
  scan.key = (first >>> 0) * 0x200000 + (second >>> 11);
  scan.wordCount = words;
  scan.isPlain = isPlain;
  scan.isCut = text.length > MAX_SCANNED_CHARACTERS;
}

/** `07.123Z` is not `07.123`, nor `07.123+0200`: a time with a zone is better than one without. */
function kindOf(lastCode: number, hasSign: boolean): number {
  return (lastCode >= ZERO && lastCode <= NINE ? 0 : lastCode * 2) + (hasSign ? 1 : 0);
}

/** Fields whose small number says how a request ended or how grave a line is, and words before such a number. */
const CODE_NAMES = new Set(
  [
    'status',
    'statusCode',
    'status_code',
    'http_status',
    'http.status_code',
    'http.response.status_code',
    'response_code',
    'responseStatus',
    'downstreamStatus',
    'code',
    'level',
    'severity',
    'severityNumber',
    'priority',
    'lvl',
    'responded',
    'returned',
    'answered',
    'completed',
    'finished',
    'with',
    'HTTP',
  ]
    .flatMap((name) => [name, name.toLowerCase(), name.toUpperCase(), upperFirst(name)])
    .map(hashOf),
);
const GREATER = 62;
const QUOTE = 34;
const BLANK = 32;
const BAR = 124;
const ARROW = 0x2192;
const CODE_DIGITS = 3;

/**
 * A status of HTTP (`502`) or a level of pino (`50`), on which hangs what a line means: after an arrow, a bar, a dash or
 * a quoted request, before a time taken, or under a name that says so; otherwise it is just a number.
 */
function isMeant(text: string, start: number, nameBefore: number): boolean {
  if (CODE_NAMES.has(nameBefore)) return true;
  let before = start - 1;
  while (before >= 0 && text.charCodeAt(before) === BLANK) before -= 1;
  const code = text.charCodeAt(before);
  if (code === GREATER || code === ARROW || code === BAR || (code === QUOTE && before < start - 1)) return true;
  return isCode(text, start) && (code === MINUS || isBeforeDuration(text, start + CODE_DIGITS));
}

/** Three digits from 100 to 599 that stand alone. */
function isCode(text: string, start: number): boolean {
  const first = text.charCodeAt(start) - ZERO;
  const after = text.charCodeAt(start + CODE_DIGITS);
  return first >= 1 && first <= 5 && !(after >= ZERO && after <= NINE);
}

/** `502 12.3 ms`, as morgan prints it. */
function isBeforeDuration(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (text.charCodeAt(at) !== BLANK || !(next >= ZERO && next <= NINE)) return false;
  DURATION.lastIndex = at + 1;
  return DURATION.test(text);
}

const DURATION = /[\d.]{1,12} ?(?:ms|µs|us|s)\b/y;

function hashOf(word: string): number {
  let hash = SEED;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), FIRST_PRIME);
  return hash;
}
