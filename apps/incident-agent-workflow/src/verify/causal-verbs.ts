/** "Broke" and "caused" are for what is likely at least; below that things coincide (METHODS §8). */
import { LIKELY_FROM } from '../domain/hypothesis.ts';
import { percent } from '../lib/wording.ts';
import { withoutQuotes } from './quotes.ts';

const CAUSAL = /\b(?:broke|caused|causes|cause of|led to|because of|due to|is responsible|triggered)\b/i;

/** Why the sentence says more than the confidence allows; undefined: it does not. Words inside quotes are not ours. */
export function speaksOfCause(text: string, confidence: number): string | undefined {
  const verb = CAUSAL.exec(withoutQuotes(text))?.[0];
  if (verb === undefined || confidence >= LIKELY_FROM) return undefined;
  return `says “${verb}” at ${percent(confidence)}, which needs ${percent(LIKELY_FROM)}`;
}
