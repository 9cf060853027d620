/** A sentence of the report with what it rests on. A claim without a citation is not printed as fact. */
import { z } from 'zod';

export const Claim = z.object({
  text: z.string(),
  /** `E4`, `G2`. */
  cites: z.array(z.string().regex(/^[EG]\d+$/)),
});
export type Claim = z.infer<typeof Claim>;

/** A claim after code has looked at its citations and recomputed its quantities. */
export const CheckedClaim = Claim.extend({
  result: z.enum(['supported', 'unsupported', 'contradicted']),
  /** What was expected and what was found; empty when supported. */
  reason: z.string(),
});
export type CheckedClaim = z.infer<typeof CheckedClaim>;

/** Each text once, in the place where it was said first: agents repeat what the one before them said. */
export function distinctClaims(claims: readonly Claim[]): Claim[] {
  const seen = new Set<string>();
  return claims.filter(({ text }) => !seen.has(text) && seen.add(text));
}
