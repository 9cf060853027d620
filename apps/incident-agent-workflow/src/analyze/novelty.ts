/** Whether an error text began with the incident. */
import { secondsBetween } from '../lib/time.ts';
import type { AnalysisContext } from './context.ts';

/**
 * The provisional onset is a guess from the alert's delay: a rule that averages over minutes fires later than that. What
 * was first seen this shortly before it belongs to the incident all the same.
 */
const EARLY_SECONDS = 300;

export interface Occurrence {
  readonly baselineCount: number;
  readonly firstAt: string | null;
}

export function isNew({ baselineCount, firstAt }: Occurrence, context: AnalysisContext): boolean {
  if (baselineCount === 0) return true;
  return firstAt !== null && secondsBetween(firstAt, context.provisionalOnset) <= EARLY_SECONDS;
}
