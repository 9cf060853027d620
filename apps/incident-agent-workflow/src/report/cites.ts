/** Which citations lead somewhere. A chip that leads nowhere is worse than none. */
import type { Claim } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';

/** More than these on one sentence prove nothing further. */
export const MAX_CITES = 5;

export type Cites = (ids: readonly string[]) => string[];

/** Keeps the ids that exist, each once, in the order given. */
export function knownCites(facts: Pick<Facts, 'evidence' | 'gaps'>): Cites {
  const known = new Set([...facts.evidence, ...facts.gaps].map(({ id }) => id));
  return (ids) => [...new Set(ids)].filter((id) => known.has(id));
}

/** The claims that still cite something. */
export function citedClaims(claims: readonly Claim[], cites: Cites): Claim[] {
  return claims
    .map((claim) => ({ text: claim.text, cites: cites(claim.cites) }))
    .filter((claim) => claim.cites.length > 0 && claim.text.trim() !== '');
}

export function idsOf(evidence: readonly Evidence[], wanted: (item: Evidence) => boolean): string[] {
  return evidence.filter(wanted).map(({ id }) => id);
}
