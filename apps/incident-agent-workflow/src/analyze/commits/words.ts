/** Words inside names: `catalogFetchTimeout`, `catalog_fetch` and "fetching the catalog" have words in common. */

/** In so many names and sentences that sharing them says nothing. */
const COMMON = new Set(
  `the and for not with from this that are was were has have had but its into out than then when while where which who
  new old one two all any get set has can will may must should func function return const let var import export class type
  public private static void int str string bool true false null nil none undefined self error err errors fail failed failure
  warn warning info debug level msg message text time name value values key data item items list map request req response res
  resp result service svc server client handler handle handled app main src lib pkg internal test http https api com org
  above below over under after before during more less than per min max sec seconds minutes ago rate count total number
  alert alerts firing critical monitor metric metrics summary description threshold observed normal baseline high low
  package module file line code call called method object array len length add update use used using make run start end`.split(
    /\s+/,
  ),
);

/** Distinct words of at least three letters, lower case, without their endings; in order of appearance. */
export function wordsOf(text: string): string[] {
  const parts = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .match(/\p{L}{3,}/gu);
  const words = (parts ?? []).map((part) => part.toLowerCase()).filter((word) => !COMMON.has(word));
  return [...new Set(words.map(stem).filter((word) => word.length >= 3 && !COMMON.has(word)))];
}

/** Enough to bring `exceeded` and `exceeds`, `retries` and `retry` together; no dictionary. */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  for (const ending of ['ations', 'ation', 'ings', 'ing', 'ers', 'ed', 'er', 'es', 's'])
    if (word.length - ending.length >= 4 && word.endsWith(ending) && !word.endsWith('ss'))
      return undoubled(word.slice(0, -ending.length));
  return word.endsWith('e') && word.length > 4 ? word.slice(0, -1) : word;
}

function undoubled(word: string): string {
  const [last, before] = [word.at(-1), word.at(-2)];
  if (last === before && last !== 's' && last !== 'l') return word.slice(0, -1);
  return last === 'e' && word.length > 4 ? word.slice(0, -1) : word;
}

/** Two rare words in common make about a half, four three quarters. */
const HALF_WEIGHT = 8;

/** How much the document speaks of what is wanted, 0–1: it does not depend on what the other documents hold of it. */
export function topicOverlap(
  wanted: ReadonlyMap<string, number>,
  held: ReadonlySet<string>,
  rarity: (word: string) => number,
): number {
  let sum = 0;
  for (const [word, weight] of wanted) if (held.has(word)) sum += weight * rarity(word);
  return sum / (sum + HALF_WEIGHT);
}
