/** When the commits were made: people work in bursts, and nothing is deployed before it is committed. */
import type { Deployment } from './deployments.ts';
import { between, logBetween, type Random } from './random.ts';

const DAY_MINUTES = 1_440;

const MORNING_MINUTE = 7.5 * 60;

export interface Commits {
  readonly count: number;
  /** How many of them bring the services into the repository: made within a few days. */
  readonly beginnings: number;
  readonly deployments: readonly Deployment[];
  /** Of the onset, since midnight. */
  readonly onsetMinute: number;
}

/** Minutes before the onset of each commit, oldest first. */
export function commitMinutes(random: Random, { count, beginnings, deployments, onsetMinute }: Commits): number[] {
  const minutes: number[] = [];
  let later = between(random, 0.7, 50);
  for (let index = count - 1; index >= 0; index -= 1) {
    const gap =
      index < beginnings - 1 ? logBetween(random, 25, 2 * DAY_MINUTES) : logBetween(random, 5, 3.2 * DAY_MINUTES);
    const own = index === count - 1 ? later : later + gap;
    const deployed = deployments.filter((deployment) => deployment.index === index);
    const earliest = Math.max(0, ...deployed.map(({ minutesBefore }) => minutesBefore + between(random, 3, 45)));
    later = byDay(random, Math.max(own, earliest), onsetMinute);
    minutes.unshift(later);
  }
  return minutes;
}

/** What would fall into the night was done the evening before. */
function byDay(random: Random, minutesBefore: number, onsetMinute: number): number {
  const minute = (((onsetMinute - minutesBefore) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return minute < MORNING_MINUTE ? minutesBefore + minute + between(random, 30, 260) : minutesBefore;
}
