/** When the commits were made: people work in bursts, and nothing is deployed before it is committed. */
import type { Deployment } from './deployments.ts';
import { between, logBetween, type Random } from './random.ts';

const DAY_MINUTES = 1_440;

/** Minutes before the onset of each commit, oldest first. The first `beginnings` lie weeks back. */
export function commitMinutes(
  random: Random,
  count: number,
  beginnings: number,
  deployments: readonly Deployment[],
): number[] {
  const minutes: number[] = [];
  let later = between(random, 0.7, 50);
  for (let index = count - 1; index >= 0; index -= 1) {
    const gap =
      index < beginnings - 1 ? logBetween(random, 25, 2 * DAY_MINUTES) : logBetween(random, 4, 1.4 * DAY_MINUTES);
    const own = index === count - 1 ? later : later + gap;
    const deployed = deployments.filter((deployment) => deployment.index === index);
    const earliest = Math.max(0, ...deployed.map(({ minutesBefore }) => minutesBefore + between(random, 3, 45)));
    later = Math.max(own, earliest);
    minutes.unshift(later);
  }
  return minutes;
}
