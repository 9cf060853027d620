/**
 * Recomputes what a sentence says from the evidence it cites (METHODS §8). Nothing is taken from the sentence's own
 * sources of truth: a figure that is not in the cited evidence is refused, whoever wrote it.
 */
import type { CheckedClaim, Claim } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { NumberedGap } from '../domain/gap.ts';
import { type Comparison, compareQuantity } from './compare.ts';
import { turnedAround } from './direction.ts';
import { namesOutside, requestsIn, withoutNames } from './names.ts';
import { quantitiesIn } from './quantities.ts';
import { isQuotedFrom, quotesIn, withoutQuotes } from './quotes.ts';
import { addEvidence, addGap, nothingStated, type Stated } from './stated.ts';

/** In the order given. `serviceNames`: the registry's; one that a sentence names must stand in what it cites. */
export function checkClaims(
  claims: readonly Claim[],
  evidence: readonly Evidence[],
  gaps: readonly NumberedGap[],
  serviceNames: readonly string[] = [],
): CheckedClaim[] {
  return claims.map((claim) => checkClaim(claim, evidence, gaps, serviceNames));
}

function checkClaim(
  claim: Claim,
  evidence: readonly Evidence[],
  gaps: readonly NumberedGap[],
  serviceNames: readonly string[],
): CheckedClaim {
  if (claim.cites.length === 0) return { ...claim, result: 'unsupported', reason: 'it cites nothing' };
  const stated = nothingStated();
  for (const cite of claim.cites) {
    const item = evidence.find(({ id }) => id === cite);
    const gap = gaps.find(({ id }) => id === cite);
    if (item) addEvidence(stated, item);
    else if (gap) addGap(stated, gap);
    else return { ...claim, result: 'unsupported', reason: `${cite} does not exist` };
  }
  const failure = firstFailure(withoutTitles(claim.text, stated.titles), stated, { evidence, gaps, serviceNames });
  return failure ? { ...claim, ...failure } : { ...claim, result: 'supported', reason: '' };
}

/** A sentence that repeats what the evidence is headed says nothing that it does not say. */
export function withoutTitles(text: string, titles: readonly string[]): string {
  return titles.reduce((rest, title) => (title === '' ? rest : rest.replaceAll(title, ' ')), text);
}

interface Known {
  readonly evidence: readonly Evidence[];
  readonly gaps: readonly NumberedGap[];
  readonly serviceNames: readonly string[];
}

/** What is wrong with the sentence; undefined: all of it was found or recomputed. */
function firstFailure(text: string, stated: Stated, known: Known): Exclude<Comparison, undefined> | undefined {
  for (const quote of quotesIn(text))
    if (!isQuotedFrom(quote, stated.texts))
      return { result: 'unsupported', reason: `“${quote}” does not stand in what is cited` };
  const own = withoutQuotes(text);
  for (const [id] of own.matchAll(/\b[EG]\d+\b/g))
    if (![...known.evidence, ...known.gaps].some((item) => item.id === id))
      return { result: 'unsupported', reason: `${id} does not exist` };
  const name = namesOutside(own, known.serviceNames, stated);
  if (name) return { result: 'unsupported', reason: `${name} is not spoken of in what is cited` };
  const { requests, rest } = requestsIn(own);
  for (const request of requests)
    if (!stated.texts.some((seen) => seen.includes(request)))
      return { result: 'unsupported', reason: `${request} does not stand in what is cited` };
  for (const quantity of quantitiesIn(withoutNames(rest, known.serviceNames))) {
    const failure = compareQuantity(quantity, stated);
    if (failure) return failure;
  }
  return turnedAround(own, stated);
}
