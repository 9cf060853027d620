/** How a raw probability of the scoring becomes a confidence. Which map is used is data: calibration.ts. */

/** `identity`: as scored. `platt`: a line on the log-odds. `bins`: what was true of cases scored alike. */
export type ConfidenceMap =
  | { readonly kind: 'identity' }
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  /** `below` rises; the last bin has no upper end, so `values` has one entry more. */
  | { readonly kind: 'bins'; readonly below: readonly number[]; readonly values: readonly number[] };

/** What a hypothesis claims: that nothing is wrong, a cause, or a cause with the commit that brought it. */
export const CLAIMED = ['none', 'cause', 'commit'] as const;
export type Claimed = (typeof CLAIMED)[number];

export interface Calibration {
  readonly maps: Readonly<Record<Claimed, ConfidenceMap>>;
  /** Where answers become precise enough to be given (METHODS §7: τ). */
  readonly abstainBelow: number;
}

/** Keeps log-odds finite. */
const NEAREST = 0.001;

export function logit(probability: number): number {
  const inside = Math.min(1 - NEAREST, Math.max(NEAREST, probability));
  return Math.log(inside / (1 - inside));
}

/** 0–1. Never falls while the raw probability rises, if the map is a fitted one. */
export function mapConfidence(raw: number, map: ConfidenceMap): number {
  switch (map.kind) {
    case 'identity':
      return raw;
    case 'platt':
      return 1 / (1 + Math.exp(-(map.slope * logit(raw) + map.intercept)));
    case 'bins': {
      const bin = map.below.findIndex((end) => raw < end);
      return map.values.at(bin) ?? raw;
    }
  }
}
