/** Order statistics that one wild value cannot move. */

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** undefined: no values. */
export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

/** Linear between the neighbours; undefined: no values. `share` 0–1. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const ordered = sorted(values);
  const position = (ordered.length - 1) * share;
  const below = ordered[Math.floor(position)];
  const above = ordered[Math.ceil(position)];
  if (below === undefined || above === undefined) return undefined;
  // Not below + (above − below): the difference of two huge values is no longer finite.
  const weight = position - Math.floor(position);
  return below === above ? below : below * (1 - weight) + above * weight;
}

/** Median distance from the centre; 0 without values. */
export function medianAbsoluteDeviation(values: readonly number[], centre: number): number {
  return median(values.map((value) => Math.abs(value - centre))) ?? 0;
}

/** How much a value says about the next one, clipped to 0–0.9. */
export function autocorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  let products = 0;
  let squares = 0;
  let previous: number | undefined;
  for (const value of values) {
    const off = value - mean;
    squares += off * off;
    if (previous !== undefined) products += previous * off;
    previous = off;
  }
  return squares > 0 && Number.isFinite(products / squares) ? Math.min(0.9, Math.max(0, products / squares)) : 0;
}
