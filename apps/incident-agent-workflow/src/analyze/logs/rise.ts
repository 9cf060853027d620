/** Whether something is logged more often than before: counts per bin compared by rank, since real logs come in bursts. */

export interface Rise {
  /** One-sided: how probable such counts are if nothing changed. */
  readonly probability: number;
  /** How many times as often per minute as before. */
  readonly ratio: number;
}

const MIN_RATIO = 2;
/** Of all that is called risen, at most so much by chance. */
const FALSE_SHARE = 0.05;

/** One bin a minute; in a short incident six, since few bins can prove nothing. */
export function binMilliseconds(incidentMinutes: number): number {
  return incidentMinutes < 3 ? 10_000 : 60_000;
}

/** Events per bin from `from` to `to`. Both in milliseconds, as the events. */
export function binCounts(events: readonly number[], from: number, to: number, bin: number): number[] {
  const length = Math.max(0, Math.min(10_000, Math.floor((to - from) / bin)));
  const counts = Array.from({ length }, () => 0);
  for (const at of events) {
    const index = Math.floor((at - from) / bin);
    const count = counts[index];
    if (count !== undefined) counts[index] = count + 1;
  }
  return counts;
}

/** The rank test of Mann and Whitney with its correction for ties. */
export function riseOf(before: readonly number[], after: readonly number[]): Rise {
  const ratio = (sum(after) + 0.5) / Math.max(1, after.length) / ((sum(before) + 0.5) / Math.max(1, before.length));
  if (before.length === 0 || after.length === 0) return { probability: 1, ratio };
  const all = [
    ...before.map((value) => ({ value, isAfter: false })),
    ...after.map((value) => ({ value, isAfter: true })),
  ];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + to + 1) / 2;
    const size = to - from;
    ties += size ** 3 - size;
    for (let index = from; index < to; index += 1) if (all[index]?.isAfter) rankSum += rank;
    from = to;
  }
  const [n, m] = [before.length, after.length];
  const statistic = rankSum - (m * (m + 1)) / 2;
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  if (!(variance > 0)) return { probability: 1, ratio };
  return { probability: upperTail((statistic - (n * m) / 2 - 0.5) / Math.sqrt(variance)), ratio };
}

/** Which of them rose, held against how many were looked at (Benjamini and Hochberg). Same order as given. */
export function risen(rises: readonly Rise[]): boolean[] {
  const ordered = rises.map(({ probability }) => probability).sort((a, b) => a - b);
  let limit = -1;
  for (const [index, probability] of ordered.entries()) {
    if (probability <= (FALSE_SHARE * (index + 1)) / ordered.length) limit = probability;
  }
  return rises.map(({ probability, ratio }) => probability <= limit && ratio >= MIN_RATIO);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of the normal distribution; the polynomial of Abramowitz and Stegun 26.2.17, right to 7 digits. */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
