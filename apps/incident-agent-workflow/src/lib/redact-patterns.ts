/**
 * What a secret or a person's own looks like in text. Every pattern is linear: it starts at a character that is
 * rare or at the edge of a word, and each repetition is bounded or cannot overlap with what follows it.
 */

export interface Pattern {
  readonly expression: RegExp;
  /** Receives the match and its groups; what it returns stands instead. */
  readonly replace: (match: string, ...groups: string[]) => string;
}

export function mark(kind: string): string {
  return `[redacted:${kind}]`;
}

/** Keys that vendors gave a recognisable form. */
const VENDOR_KEYS: readonly (readonly [kind: string, expression: RegExp])[] = [
  ['jwt', /eyJ[\w-]{8,400}\.[\w-]{4,}(?:\.[\w-]*)?/g],
  ['aws-key', /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}\b/g],
  ['github-token', /(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})/g],
  ['gitlab-token', /gl(?:pat|ptt|dt|rt)-[\w-]{16,255}/g],
  ['slack-token', /xox[a-z]-[A-Za-z0-9-]{8,255}|xapp-[A-Za-z0-9-]{10,255}/g],
  ['slack-webhook', /hooks\.slack\.com\\?\/(?:services|workflows)\\?\/[\w\\/-]{8,200}/g],
  ['stripe-key', /(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,255}/g],
  ['google-key', /AIza[\w-]{30,60}|ya29\.[\w-]{20,512}/g],
  ['api-key', /\bsk-[\w-]{20,255}|\bnpm_[A-Za-z0-9]{30,60}|\blin_api_[A-Za-z0-9]{20,80}/g],
  ['sendgrid-key', /\bSG\.[\w-]{16,64}\.[\w-]{16,128}/g],
];

/** `-----END` may be missing where the text was cut. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,20000}(?:-----END [A-Z0-9 ]{0,40}-----)?/g;

/** user:password@ of an address, not a port and an @ later on; backslashes because some writers of JSON escape slashes. */
const URL_PASSWORD =
  /(:\\?\/\\?\/[^\s/?#@:"'<>[\]\\]{0,200}:)(?!\d{1,5}[/?#])(?:[^\s"'<>\\,]{1,400}|[^\s/"'<>\\]{1,400})@/g;
const URL_TOKEN = /(:\\?\/\\?\/)[^\s/?#@:"'<>[\]\\]{20,400}@/g;

/** After `Bearer` or `Basic` prose may follow: what is meant has a digit, or is too long for a word. */
const BEARER = /\b(bearer|basic)( {1,3})(?=[^\s"']{0,300}\d|[\w~+/.-]{24})[\w~+/.-]{8,4000}={0,2}/gi;
const AUTHORIZATION =
  /\b((?:proxy-)?authorization)(\\*["']?\s{0,2}[:=]\s{0,2}\\*["']?)((?:bearer|basic|token|digest|apikey)\s{1,3})?(?!\[redacted|(?:bearer|basic|token|digest|apikey)\s)([^\s"'\\,;]{4,4000})/gi;
const COOKIE =
  /\b((?:set-)?cookie)(\\*["']?\s{0,2}[:=]\s{0,2}\\*["']?)(?!\[redacted)([^\s"'\\=;]{1,200}=[^\n"'\\]{1,4000})/gi;

const SECRET_NAMES =
  'pass(?:word|wd|phrase)|pass(?==)|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|credentials?|session[_-]?id';
const SECRET_NAME_END = '(?:[_-]?(?:key|hash|base|value|digest)){0,2}';
/** Between name and value: the name's closing quote, `:`, `=` or `=>`, all as JSON in JSON may escape them. */
const PAIR_HEAD = `((?:${SECRET_NAMES})${SECRET_NAME_END})(\\\\{0,7}["']?\\]?\\s{0,3}(?:=>|[:=])\\s{0,3})`;
const PAIR_QUOTED = new RegExp(
  `${PAIR_HEAD}(?:(\\\\{1,7})(["'])((?:(?!\\3\\4).){1,2000}?)\\3\\4|"((?:[^"\\\\\\n]|\\\\.){1,2000})"|'((?:[^'\\\\\\n]|\\\\.){1,2000})')`,
  'gi',
);
/** A comma belongs to the value unless the next pair, a blank or a quote follows it. */
const PAIR_BARE = new RegExp(
  `${PAIR_HEAD}((?:[^\\s,;&"'\`<>(){}[\\]|\\\\]|,(?![\\s"']|[\\w.-]{1,40}["']?[=:])){1,2000})`,
  'gi',
);
const WHOLE_SECRET_NAME = new RegExp(`(?:${SECRET_NAMES}|(?:^|[_-])pass|authorization|cookie)${SECRET_NAME_END}$`, 'i');
/** "Unexpected token: foo" is what a parser says, and `[redacted:token]` is what we say. */
const NO_NAME_AFTER = /\b(?:unexpected|invalid|missing|expired|unknown|illegal) $|redacted:$/i;

const DOMAIN = String.raw`(?!\d+x\.)(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}\b`;
/** Several may hang together: `a@b.de+c@d.de`. */
const EMAIL = new RegExp(String.raw`(?<![\w.%+-])(?!git@)[\w.%+-]+@${DOMAIN}(?:[.%+-][\w.%+-]*@${DOMAIN})*`, 'g');
const CARD = /(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w|\.\d)/g;

/** That a setting is missing is a finding, a short number a count, `***` somebody else's redaction. */
const NO_SECRET = /^(?:null|undefined|none|nil|true|false|nan|\d{1,3}|\*+|<.*>|\[redacted.*|\$\{.*)$/i;

/** In this order: the most telling name first, the general ones last. */
export const SECRET_PATTERNS: readonly Pattern[] = [
  { expression: PRIVATE_KEY, replace: () => mark('private-key') },
  ...VENDOR_KEYS.map(([kind, expression]) => ({ expression, replace: () => mark(kind) })),
  { expression: URL_PASSWORD, replace: (_match, head = '') => `${head}${mark('password')}@` },
  { expression: URL_TOKEN, replace: (_match, head = '') => `${head}${mark('token')}@` },
  { expression: AUTHORIZATION, replace: redactAuthorization },
  { expression: BEARER, replace: (_match, word = '', blanks = '') => `${word}${blanks}${mark('token')}` },
  { expression: COOKIE, replace: (_match, name = '', between = '') => `${name}${between}${mark('cookie')}` },
];

export const QUOTED_PAIR: Pattern = { expression: PAIR_QUOTED, replace: redactQuotedPair };
export const BARE_PAIR: Pattern = { expression: PAIR_BARE, replace: redactBarePair };
export const BARE_PAIR_IN_CODE: Pattern = { expression: PAIR_BARE, replace: redactBarePairInCode };

export const PERSONAL_PATTERNS: readonly Pattern[] = [
  { expression: EMAIL, replace: () => mark('email') },
  { expression: CARD, replace: (digits) => (isCardNumber(digits) ? mark('card') : digits) },
];

function redactAuthorization(match: string, name = '', between = '', scheme = '', value = ''): string {
  return NO_SECRET.test(value) ? match : `${name}${between}${scheme}${mark('authorization')}`;
}

function redactQuotedPair(match: string, ...groups: string[]): string {
  const [name = '', between = '', backslashes = '', quote, escaped, double, single, offset, whole] = groups;
  const value = escaped ?? double ?? single ?? '';
  if (NO_SECRET.test(value) || isNoName(offset, whole)) return match;
  const around = backslashes + (quote ?? (double === undefined ? "'" : '"'));
  return `${name}${between}${around}${mark(kindOf(name))}${around}`;
}

/** Said by a parser, or the inside of a mark of ours. */
function isNoName(offset = '0', whole = ''): boolean {
  return NO_NAME_AFTER.test(whole.slice(Math.max(0, Number(offset) - 12), Number(offset)));
}

/** A bare number behind a quoted name is JSON: it gets the name's own quotes, so that it stays JSON. */
function redactBarePair(match: string, ...groups: string[]): string {
  const [name = '', between = '', value = '', offset, whole] = groups;
  if (NO_SECRET.test(value) || isNoName(offset, whole)) return match;
  const quote = /^\\*["'](?=\s*:)/.exec(between)?.[0] ?? '';
  return `${name}${between}${quote}${mark(kindOf(name))}${quote}`;
}

/** In code a bare value is mostly an expression. Taken out: `DB_PASSWORD=x` and what looks random, as in a connection string. */
function redactBarePairInCode(match: string, ...groups: string[]): string {
  const [name = '', between = '', value = '', offset = '0', whole = ''] = groups;
  const isSetting = between === '=' && name === name.toUpperCase();
  const looksRandom = /^(?=.*\d).{6,}$|[^\w.$?!:*]/.test(value) && between.trim() === between;
  const isExpression =
    /^[([.]/.test(whole.slice(Number(offset) + match.length)) || /^[\w$]+\??\.[A-Za-z_$]/.test(value);
  return (isSetting || looksRandom) && !isExpression ? redactBarePair(match, ...groups) : match;
}

export function isSecretName(name: string): boolean {
  return WHOLE_SECRET_NAME.test(name.slice(-80));
}

/** What stands instead of a value under a name that says it is secret. */
export function redactNamedValue(name: string, value: string): string {
  return value === '' || NO_SECRET.test(value) ? value : mark(kindOf(name));
}

function kindOf(name: string): string {
  if (/pass|pwd/i.test(name)) return 'password';
  if (/token/i.test(name)) return 'token';
  if (/authorization|cookie/i.test(name)) return name.toLowerCase().includes('cookie') ? 'cookie' : 'authorization';
  return /key/i.test(name) ? 'key' : 'secret';
}

/** True for the lengths and first digits that issuers use, with a right check digit (Luhn). */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (
    !/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{15,18})$/.test(digits)
  ) {
    return false;
  }
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
