/** How far a mean difference may be chance, where cases of one family are not independent of each other. */
import { mean } from './reliability.ts';
import { seededRandom } from './seeded.ts';

/** One case: which family it belongs to, and how much better (more) it is now than before. */
export interface Difference {
  readonly cluster: string;
  readonly value: number;
}

export interface Change {
  readonly mean: number;
  /** Percentile interval, 95 %. */
  readonly low: number;
  readonly high: number;
  /** Two-sided: how often the resampled mean lies on the other side of none. */
  readonly p: number;
}

export const RESAMPLES = 10_000;

/** Resamples whole families. undefined: there is nothing to compare. */
export function clusterBootstrap(differences: readonly Difference[], seed = 11): Change | undefined {
  if (differences.length === 0) return undefined;
  const clusters = [...Map.groupBy(differences, ({ cluster }) => cluster).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, own]) => ({ sum: own.reduce((sum, { value }) => sum + value, 0), count: own.length }));
  const random = seededRandom(seed);
  const means: number[] = [];
  for (let round = 0; round < RESAMPLES; round += 1) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < clusters.length; draw += 1) {
      const drawn = clusters[Math.floor(random() * clusters.length)];
      sum += drawn?.sum ?? 0;
      count += drawn?.count ?? 0;
    }
    means.push(sum / count);
  }
  means.sort((a, b) => a - b);
  const share = (isBeyond: (value: number) => boolean) => means.filter(isBeyond).length / RESAMPLES;
  const beyond = Math.min(
    share((value) => value <= 0),
    share((value) => value >= 0),
  );
  return {
    mean: mean(differences.map(({ value }) => value)),
    low: means[Math.floor(0.025 * RESAMPLES)] ?? Number.NaN,
    high: means[Math.ceil(0.975 * RESAMPLES) - 1] ?? Number.NaN,
    p: Math.min(1, 2 * beyond),
  };
}
