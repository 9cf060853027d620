/** When a case is said to have happened: some irregular moment of the year before the corpus was made. */
import { between, type Random } from './random.ts';

const EARLIEST = Date.UTC(2025, 4, 1);
const LATEST = Date.UTC(2026, 3, 30);
/** Deploys and commits are people's work, and so are most incidents: between eight and ten at night. */
const FIRST_HOUR = 8.2;
const LAST_HOUR = 21.6;
const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

/** Milliseconds since 1970, never on a round second. */
export function onsetDate(random: Random): number {
  const day = Math.floor(between(random, EARLIEST, LATEST) / DAY_MILLISECONDS) * DAY_MILLISECONDS;
  const told = Math.floor(day + between(random, FIRST_HOUR, LAST_HOUR) * HOUR_MILLISECONDS);
  return told % 1_000 === 0 ? told + 137 : told;
}
