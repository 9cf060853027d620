/** Shares of small counts: their interval, and whether two of them differ on the same cases. */

/** One-sided 80 %: what METHODS asks of the precision at the abstain level. */
export const Z_80_ONE_SIDED = 0.8416212335729143;
/** Two-sided 95 %. */
export const Z_95_TWO_SIDED = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval (1927). Without trials everything is possible. */
export function wilson(hits: number, trials: number, z = Z_95_TWO_SIDED): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = hits / trials;
  const square = (z * z) / trials;
  const centre = share + square / 2;
  const half = z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials));
  return { low: Math.max(0, (centre - half) / (1 + square)), high: Math.min(1, (centre + half) / (1 + square)) };
}

/** Of an exact binomial with even odds: 2·P(X ≤ min), at most 1. `wins` and `losses` are the pairs that differ. */
export function exactMcNemar(wins: number, losses: number): number {
  const trials = wins + losses;
  let chance = 0.5 ** trials;
  let tail = 0;
  for (let count = 0; count <= Math.min(wins, losses); count += 1) {
    tail += chance;
    chance *= (trials - count) / (count + 1);
  }
  return Math.min(1, 2 * tail);
}

/** With fewer pairs that differ no count can reach .05 (2 · ½⁵ = .0625). */
export const FEWEST_DISCORDANT = 6;

/**
 * Holm's step-down (1979): the p-values as they count when several are looked at together, in the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues
    .map((value, index) => ({ value, index }))
    .sort((a, b) => a.value - b.value || a.index - b.index);
  const adjusted = pValues.map(() => 1);
  let least = 0;
  for (const [rank, { value, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * value));
    adjusted[index] = least;
  }
  return adjusted;
}
