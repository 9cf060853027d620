/** From signals to a confidence (METHODS §7): capped groups add up, hypotheses compete with "something else", then the caps. */
import { CALIBRATION } from '../domain/calibration.ts';
import { type Claimed, mapConfidence } from '../domain/confidence-map.ts';
import { type Hypothesis, LIKELY_FROM } from '../domain/hypothesis.ts';
import type { Group, Signal } from './fault-classes/rule.ts';

/** Log odds of any one class before anything is seen. Hand-set until fitted on a corpus. */
const PRIOR = -2;
const GROUP_CAPS: Readonly<Record<Group, number>> = {
  metrics: 2,
  logs: 2,
  traces: 2.5,
  topology: 1.5,
  change: 2,
  'direct state': 3,
};
const AGAINST_WEIGHT = 2;
/** One kind of evidence may be wrong in one way. */
const CAP_ONE_GROUP = 0.6;
/** Nothing is very sure that was not reproduced. */
export const CAP_NOT_REPRODUCED = 0.9;
/** Just under "likely": what may be named but not blamed. */
export const CAP_NOT_BLAMED = LIKELY_FROM - 0.01;

const GROUPS: readonly Group[] = ['direct state', 'metrics', 'traces', 'logs', 'topology', 'change'];

/** Groups in a fixed order, each once. */
export function groupsOf(signals: readonly Signal[]): Group[] {
  return GROUPS.filter((group) => signals.some((signal) => signal.group === group));
}

/** Thirty views of one fault are not thirty witnesses: each group counts up to its cap. */
export function logOdds(signals: readonly Signal[], against: readonly Signal[]): number {
  let sum = PRIOR - AGAINST_WEIGHT * against.length;
  for (const group of groupsOf(signals)) {
    const own = signals.filter((signal) => signal.group === group);
    sum += Math.min(
      GROUP_CAPS[group],
      own.reduce((total, signal) => total + signal.weight, 0),
    );
  }
  return sum;
}

/** Each candidate's share against the others and against "something else" at 0. */
export function shares(scores: readonly number[]): number[] {
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 1);
  return scores.map((score) => Math.exp(score) / total);
}

/** The most that may be said on so many independent kinds of evidence. */
function capOf(groupCount: number, limit: number): number {
  return Math.min(limit, groupCount < 2 ? CAP_ONE_GROUP : CAP_NOT_REPRODUCED);
}

/** What a raw probability is worth (calibration.ts), never more than the cap; and what it was made of. */
export function calibrated(
  probability: number,
  claimed: Claimed,
  groupCount: number,
  limit = CAP_NOT_REPRODUCED,
): Pick<Hypothesis, 'confidence' | 'score'> {
  const cap = capOf(groupCount, limit);
  const worth = Math.max(0, Math.min(cap, mapConfidence(probability, CALIBRATION.maps[claimed])));
  // Two decimals: more would claim a precision that the weights do not have.
  return { confidence: Math.floor(worth * 100) / 100, score: { raw: Math.round(probability * 10_000) / 10_000, cap } };
}
