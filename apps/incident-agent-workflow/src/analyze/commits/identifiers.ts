/** Names in code and in error texts, and how telling each of them is. */

/** So frequent in code that a match says nothing. */
const COMMON = new Set(
  `the and for not with from this that const let var function return async await import export default new null undefined
  true false string number boolean object type interface class extends typeof instanceof throw try catch finally else if
  void any unknown error message read reading cannot properties property value values data result response request reply
  def self none raise except lambda func package public private static final int str list dict map set get console log
  length push filter then file line node app src test expect toBe server route handler`.split(/\s+/),
);

/** What stands where a secret was taken out: a mark of ours, no name in anybody's code. */
const MARK = /\[redacted:[\w-]+\]/g;

/** Distinct names of at least three characters, in order of appearance; `camelCase` and `snake_case` stay whole. */
export function identifiers(text: string): string[] {
  const names = text.replace(MARK, ' ').match(/[A-Za-z_$][\w$]{2,}/g) ?? [];
  return [...new Set(names)].filter((name) => !COMMON.has(name));
}

/** Of a value: what it lacks. */
const LACKED = [
  /reading '([^']+)'/g,
  /setting '([^']+)'/g,
  /([\w$.]+) is not (?:a function|defined|iterable|a constructor)/g,
];
/** Of the surroundings: settings, columns, modules, fields that something asks for. */
const ASKED_FOR = [
  /has no attribute '([^']+)'/g,
  /KeyError: '([^']+)'/g,
  /name '([^']+)' is not defined/g,
  /cannot import name '([^']+)'/g,
  /(?:column|relation|table|field) ["'`]?([\w.]+)["'`]? (?:does not exist|of relation)/gi,
  /[Uu]nknown column '([^']+)'/g,
  /no such (?:column|table): ([\w.]+)/g,
  /does not provide an export named '([^']+)'/g,
  /Cannot find (?:module|package) '([^']+)'/g,
  /\b(?:missing|unknown|unexpected|unrecogni[sz]ed|undefined|unsupported|no such|not found:?|cannot find|lacks|no \w+ (?:found )?for)(?: (?:required|mandatory|or|invalid|a|an|the))* (?:field|key|propert(?:y|ies)|column|argument|parameter|param|attribute|symbol|method|function|name|header|variable|member|setting|option|flag|label|topic|index)s?:? ["'`[(\u2018\u201c]{0,2}([A-Za-z_$][\w.$-]*)/gi,
  // What a schema looked for and did not find, as validators tell it: the last name of its path.
  /"([\w$.-]+)"\s*\]?,?\s*"message":\s*"[^"]*(?:received undefined|required)/gi,
  /^([\w$.-]+)\n\s+[Ff]ield required/gm,
  /(?:missing|required)[^'"]*?(?:env\w*|variable|setting)?:? ["']?([A-Z][A-Z0-9_]{2,})/g,
];

/** What an error says is missing: `reading 'price'`, `x is not a function`, `KeyError: 'x'`, `column "x" does not exist`. */
export function missingNames(message: string): string[] {
  return namesBy([...LACKED, ...ASKED_FOR], message);
}

/** Those of them that whoever asks for them brought in: a setting, a column, a module. */
export function askedForNames(message: string): string[] {
  return namesBy(ASKED_FOR, message);
}

/** Bounds that a refusal quotes: `expected number to be <=40`, `must be at most 40`. Small ones stand everywhere. */
const BOUND =
  /(?:[<>]=?|at (?:most|least)|(?:more|less|greater|fewer|longer|shorter|larger|smaller) than|up to|exceeds?(?: the)?(?: \w+){0,3}|maximum(?: \w+){0,2}|minimum(?: \w+){0,2}|limit(?: \w+){0,2})[ :=(]{0,3}(\d{2,})\b/gi;

export function askedForBounds(message: string): string[] {
  return [...new Set([...message.matchAll(BOUND)].map((match) => match[1] ?? ''))];
}

function namesBy(patterns: readonly RegExp[], message: string): string[] {
  const names = patterns.flatMap((pattern) => [...message.matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...new Set(names.flatMap((name) => [name, name.split(/[./]/).at(-1) ?? name]))].filter((name) => name !== '');
}

/** How rare each name is among the documents: 0.7 where all have it, more where few do. */
export function rarity(documents: readonly ReadonlySet<string>[]): (name: string) => number {
  return (name) => {
    const holders = documents.filter((document) => document.has(name)).length;
    return holders === 0 ? 0 : Math.log(1 + documents.length / holders);
  };
}

/**
 * Share of the wanted names' weight that the document holds, 0–1. 0 where no document holds any. `least`: the weight that
 * counts as all, so that one name that everybody uses is not the whole of it.
 */
export function overlap(
  wanted: readonly string[],
  held: ReadonlySet<string>,
  weight: (name: string) => number,
  least = 0,
): number {
  let all = 0;
  let found = 0;
  for (const name of wanted) {
    all += weight(name);
    if (held.has(name)) found += weight(name);
  }
  return all === 0 ? 0 : found / Math.max(all, least);
}
