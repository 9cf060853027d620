/**
 * A model's sentence is checked harder than the engine's own. Its figures, names and quotes like every claim; then each
 * clause must rest on one single ground: all its words, figures and names in one cited evidence, or in one sentence of
 * the engine. True pieces put together into something false have no such ground, nor has what somebody wrote into a log.
 */
import type { CheckedClaim, Claim } from '../domain/claim.ts';
import type { Facts } from '../domain/facts.ts';
import { LIKELY_FROM } from '../domain/hypothesis.ts';
import { checkClaims, withoutTitles } from './check-claims.ts';
import { clausesOf, deniesAsWell, type Ground, type Grounds, groundsOf } from './grounds.ts';
import { requestsIn, withoutNames } from './names.ts';
import { type Quantity, quantitiesIn } from './quantities.ts';
import { withoutQuotes, withQuoteMarks } from './quotes.ts';
import { isCausal, isIdentifier, isNegation, isNeutral, isRelation, meaningOf, wordsIn } from './vocabulary.ts';

export interface JudgedSentence extends CheckedClaim {
  /** A figure, a name, a quote or a citation is wrong: the model invents. Else only its wording goes too far. */
  readonly isInvented: boolean;
}

export interface SentenceRules {
  /** A summary repeats nobody else's text. */
  readonly mayQuote: boolean;
}

export type SentenceJudge = (claim: Claim, rules?: SentenceRules) => JudgedSentence;

export function sentenceJudge(facts: Facts, serviceNames: readonly string[]): SentenceJudge {
  const known = { facts, serviceNames, grounds: groundsOf(facts) };
  return (claim, { mayQuote } = { mayQuote: true }) => {
    const [checked] = checkClaims([claim], facts.evidence, facts.gaps, serviceNames);
    if (!checked) throw new Error('one claim is judged once');
    if (checked.result !== 'supported') return { ...checked, isInvented: true };
    const reason = overstatement(claim, known, mayQuote);
    return reason === undefined
      ? { ...checked, isInvented: false }
      : { ...checked, result: 'unsupported', reason, isInvented: false };
  };
}

interface Known {
  readonly facts: Facts;
  readonly serviceNames: readonly string[];
  readonly grounds: Grounds;
}

/** Why its wording is not borne out; undefined: all of it is. */
function overstatement(
  claim: Claim,
  { facts, serviceNames, grounds: all }: Known,
  mayQuote: boolean,
): string | undefined {
  const text = withoutKnown(claim, facts, all);
  if (/https?:\/\/|\]\(/i.test(withoutQuotes(text))) return 'it holds an address';
  const marked = withQuoteMarks(text);
  const quotes = marked.quotesOf(marked.text);
  if (quotes.length > 0 && !mayQuote) return 'a summary repeats nobody else’s text';
  const own = withoutQuotes(text);
  if (isCausal(own) && quotes.length > 0) return 'a cause is not told in somebody else’s words';
  const grounds = all.of(claim);
  const best = facts.hypotheses[0]?.confidence ?? 0;
  const hasKnown = text !== claim.text.trim();
  // Two true sentences and a word between them that neither of them says.
  if (hasKnown && (isCausal(own) || isRelation(own))) return 'it ties together what the engine does not';
  let subject: string | undefined;
  let hasContent = hasKnown;
  for (const clause of clausesOf(marked.text)) {
    subject = serviceNames.find((name) => holdsWord(clause, name)) ?? subject;
    const asked = demandsOf(clause, marked.quotesOf(clause), serviceNames);
    hasContent ||= asked.meanings.size > 0 || asked.quantities.length > 0;
    if (asked.isCausal && best < LIKELY_FROM) return `“${shownClause(clause)}” speaks of a cause that is not likely`;
    const able = grounds.filter((ground) => subject === undefined || ground.isAbout(subject));
    if (!able.some((ground) => bearsOut(ground, asked)))
      return `no single evidence cited bears out “${shownClause(clause)}”${missingIn(asked, able)}`;
  }
  return hasContent ? undefined : 'it says nothing of its own';
}

interface Demands {
  readonly quotes: readonly string[];
  readonly meanings: ReadonlySet<string>;
  readonly identifiers: readonly string[];
  readonly quantities: readonly Quantity[];
  /** Words of order and extent. */
  readonly relations: readonly string[];
  readonly isDenied: boolean;
  readonly isCausal: boolean;
}

function demandsOf(clause: string, quotes: readonly string[], serviceNames: readonly string[]): Demands {
  const { rest } = requestsIn(clause);
  const quantities = quantitiesIn(withoutNames(rest, serviceNames));
  const left = withoutNames(
    quantities.reduce((text, { text: taken }) => text.replace(taken, ' '), rest),
    serviceNames,
  ).replace(/\b[EGH]\d+\b/g, ' ');
  const words = wordsIn(left);
  const plain = words.filter((word) => !isNegation(word) && !isIdentifier(word) && !isNeutral(word));
  return {
    quotes,
    meanings: new Set(plain.map(meaningOf)),
    identifiers: words.filter(isIdentifier),
    quantities,
    relations: words.filter(isRelation).map((word) => word.toLowerCase()),
    isDenied: words.some(isNegation),
    isCausal: isCausal(clause),
  };
}

function bearsOut(ground: Ground, asked: Demands): boolean {
  if (asked.isCausal && !ground.isVerdict) return false;
  if ([...asked.meanings].some((meaning) => !ground.meanings.has(meaning))) return false;
  if (asked.identifiers.some((name) => !ground.names.has(name))) return false;
  if (asked.quotes.some((quote) => !ground.holdsQuote(quote))) return false;
  if (asked.quantities.some((quantity) => !ground.bearsOut(quantity))) return false;
  if (asked.meanings.size > 0 && deniesAsWell(asked.meanings, ground.own) !== asked.isDenied) return false;
  if (asked.meanings.size === 0 && asked.isDenied) return false;
  return isInOrder(asked.quantities, ground.own) && isRelatedThere(asked, ground.own);
}

/** `11 times, once before it` is not `11 times before it`: what orders or bounds stands beside the figure in the ground, too. */
function isRelatedThere({ relations, quantities }: Demands, own: string): boolean {
  if (relations.length === 0 || quantities.length === 0) return true;
  return clausesOf(own).some((part) => {
    const inPart = new Set(wordsIn(part).map((word) => word.toLowerCase()));
    return relations.every((word) => inPart.has(word)) && quantities.every(({ text }) => part.includes(text));
  });
}

/** `from 1 % to 31 %` is not `from 31 % to 1 %`: figures of one kind stand as they stand in the ground. */
function isInOrder(quantities: readonly Quantity[], own: string): boolean {
  const last = new Map<Quantity['kind'], number>();
  for (const { kind, text } of quantities) {
    const at = own.indexOf(text);
    if (at < 0) continue;
    if (at < (last.get(kind) ?? -1)) return false;
    last.set(kind, at);
  }
  return true;
}

function missingIn(asked: Demands, grounds: readonly Ground[]): string {
  const nowhere = [...asked.meanings, ...asked.identifiers].find(
    (word) => !grounds.some(({ meanings, names }) => meanings.has(word) || names.has(word)),
  );
  return nowhere === undefined ? '' : `: nothing of “${nowhere}” stands in it`;
}

/** What the engine says word for word, and the heads of the cited evidence, need no second look. */
function withoutKnown({ text, cites }: Claim, facts: Facts, { sentences }: Grounds): string {
  const titles = facts.evidence.filter(({ id }) => cites.includes(id)).map(({ title }) => title);
  const said = sentences
    .filter((sentence) => sentence.cites.some((id) => cites.includes(id)))
    .map((sentence) => sentence.text.replace(/[.!?…]$/, ''));
  const longestFirst = [...titles, ...said].toSorted((a, b) => b.length - a.length);
  return withoutTitles(text, longestFirst)
    .replace(/^[\s.]+$/, '')
    .trim();
}

function holdsWord(text: string, name: string): boolean {
  return withoutNames(text, [name]) !== text;
}

function shownClause(clause: string): string {
  return clause.replace(/\s*[\u{F0000}-\u{FFFFD}]\s*/gu, ' … ').trim();
}
