/** The quick analysis in a model's words: the same sentences, one for one, with the same figures and names, or none of it. */
import type { Claim } from '../domain/claim.ts';
import type { Facts } from '../domain/facts.ts';
import { sentenceJudge } from './model-sentences.ts';
import { quantitiesIn } from './quantities.ts';
import { withoutQuotes } from './quotes.ts';

export type Polished =
  | { readonly ok: true; readonly claims: readonly Claim[] }
  /** For the model to mend, a line each. */
  | { readonly ok: false; readonly reasons: readonly string[] };

export function polishedClaims(
  said: readonly Claim[],
  originals: readonly Claim[],
  facts: Facts,
  serviceNames: readonly string[],
): Polished {
  if (said.length !== originals.length)
    return { ok: false, reasons: [`${said.length} claims were given for ${originals.length}`] };
  const claims = said.map(({ text }, index) => ({ text, cites: [...(originals[index]?.cites ?? [])] }));
  const judge = sentenceJudge(facts, serviceNames);
  const reasons = claims.flatMap((claim, index) => {
    const judged = judge(claim);
    if (judged.result !== 'supported') return [`“${claim.text}”: ${judged.reason}`];
    const lost = lostFigure(claim.text, originals[index]?.text ?? '');
    return lost === undefined ? [] : [`“${claim.text}”: ${lost} is missing`];
  });
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, claims };
}

/** A figure that the original has; what is left out changes what is said. */
function lostFigure(text: string, original: string): string | undefined {
  return quantitiesIn(withoutQuotes(original))
    .map((quantity) => quantity.text)
    .find((figure) => !text.includes(figure));
}
