/** Words: which of them say nothing by themselves, and which of them say the same. Everything else must be borne out. */

const NEUTRAL_TEXT = `
a an the this that these those it its they their them there here he she we our you your i
is are was were be been being am has have had having do does did can could may might will would shall should
of in on at to from by for with into onto over out about around between through across within per via as than then
and or but also both each which who whose what where when while whereas if so such too very just still yet again
one seen see sees show shows showed shown say says said tell tells told state states stated report reports reported
read reads mention mentions mentioned according evidence indicate indicates indicated
total own part kind same time times value point
`;
const NEGATIONS = new Set(['no', 'not', 'never', 'none', 'nothing', 'nobody', 'without', 'neither', 'nor', 'cannot']);

/** The first of a line stands for the others. */
const SAME_TEXT = `
rise rose risen rising increase increased increases grew grow climbed climb jumped jump
fall fell fallen dropped drop drops decreased decrease declined decline sank
unchanged flat steady constant
answer answered answers answering return returned returns respond responded responds response responses reply replied replies
fail failed fails failing failure failures
throw threw thrown throws throwing raise raised raises raising
crash crashed crashes crashing
change changed changes changing modify modified modifies touch touched touches
deploy deployed deploys deployment deployments rollout
begin began begun begins beginning start started starts starting onset
fire fired fires firing
ask asked asks asking
write wrote written writes
line lines
log logs logged logging
exception exceptions
error errors
endpoint route handler
latency duration slow slower
`;

const NEUTRAL: ReadonlySet<string> = new Set(words(NEUTRAL_TEXT).map(stemOf));
const SAME: ReadonlyMap<string, string> = new Map(
  SAME_TEXT.trim()
    .split('\n')
    .flatMap((row) => {
      const [first = '', ...others] = words(row);
      return [first, ...others].map((word): [string, string] => [stemOf(word), stemOf(first)]);
    }),
);

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Endings off; the same for singular and plural, present and past. */
function stemOf(word: string): string {
  const lower = word.toLowerCase();
  if (lower.length <= 4) return lower.replace(/s$/, '');
  return lower
    .replace(/ies$/, 'y')
    .replace(/(?:ing|edly|ed|ly|es|s)$/, '')
    .replace(/e$/, '');
}

/** What a word stands for; two words that say the same stand for the same. */
export function meaningOf(word: string): string {
  const stem = stemOf(word);
  return SAME.get(stem) ?? stem;
}

export function isNeutral(word: string): boolean {
  return NEUTRAL.has(stemOf(word));
}

export function isNegation(word: string): boolean {
  const lower = word.toLowerCase();
  return NEGATIONS.has(lower) || lower.endsWith("n't") || lower.endsWith('n’t');
}

const WORD = /[\p{L}\p{N}_$][\p{L}\p{N}_$'’.-]*[\p{L}\p{N}_$]|[\p{L}\p{N}_$]/gu;

export function wordsIn(text: string): string[] {
  return [...text.matchAll(WORD)].flatMap(([word]) => (/^[\p{L}'’-]+$/u.test(word) ? word.split('-') : [word]));
}

/** `describeItem`, `TypeError`, `http_requests_total`, `src/items.ts`: a name, not a word of the language. */
export function isIdentifier(word: string): boolean {
  return /[_$.\d]|\p{Ll}\p{Lu}|\p{Lu}{2}/u.test(word);
}

const CAUSAL =
  /\b(?:brok?e|broken|caus(?:e[sd]?|ing)|led to|leads? to|because|due to|owing to|responsible|trigger(?:s|ed|ing)?|result(?:s|ed|ing)? (?:in|from)|culprit|guilty|blame[sd]?|origin(?:ates?|ated)?|introduc(?:es?|ed|ing)|made|makes|explains?|thanks to)\b/i;

export function isCausal(text: string): boolean {
  return CAUSAL.test(text);
}

const RELATION =
  /\b(?:before|after|since|until|during|then|first|later|earlier|follow(?:s|ed|ing)?|preced(?:es?|ed|ing)|despite|although|only|all|every|always)\b/i;

/** Order and extent: what two sentences do not say although each of them is true. */
export function isRelation(text: string): boolean {
  return RELATION.test(text);
}
