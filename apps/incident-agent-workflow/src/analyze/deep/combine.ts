/** One list of hypotheses from those of several services. */
import type { Hypothesis } from '../../domain/hypothesis.ts';
import { ABSTAIN_BELOW } from '../../domain/hypothesis.ts';
import type { Scene } from '../scene.ts';

const MAX_HYPOTHESES = 5;
/** What is left of a service's own causes once a service that it depends on explains them. */
const AS_CONSEQUENCE = 0.3;
const MOST_AS_CONSEQUENCE = ABSTAIN_BELOW - 0.05;

export interface Concluded {
  readonly scene: Scene;
  /** Best first, with less confidence where something else explains what is seen. */
  readonly rank: (weight: number) => readonly Hypothesis[];
}

/** `services`: the alerting one first, a caller before whom it calls; the others are such that their callers suffer from them. */
export function combined(services: readonly Concluded[]): Hypothesis[] {
  const ranked = services.map((one) => ({ ...one, hypotheses: one.rank(1) }));
  const [alerting, ...others] = ranked;
  if (!alerting) return [];
  const reached = [alerting];
  for (const other of others)
    if (confidenceOf(other.hypotheses) >= ABSTAIN_BELOW && reached.some(({ scene }) => suffersFrom(scene, other.scene)))
      reached.push(other);
  // Where all is well again, what would explain trouble explains nothing, wherever it lies.
  const calm = alerting.hypotheses.find(({ cause }) => cause.kind === 'none')?.confidence ?? 0;
  return reached
    .flatMap((one) => {
      // Whoever fails because of another one that was reached is a victim as well.
      if (reached.some(({ scene }) => suffersFrom(one.scene, scene))) return one.rank(asConsequence(one.hypotheses));
      return one === alerting || calm === 0 ? one.hypotheses : one.rank(1 - calm);
    })
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_HYPOTHESES)
    .map((hypothesis, index) => ({ ...hypothesis, id: `H${index + 1}` }));
}

/** It calls the other, or is asked by it. */
function suffersFrom(scene: Scene, { caller, callee }: Scene): boolean {
  return scene === caller || scene === callee;
}

function asConsequence(hypotheses: readonly Hypothesis[]): number {
  return Math.min(AS_CONSEQUENCE, MOST_AS_CONSEQUENCE / confidenceOf(hypotheses));
}

function confidenceOf(hypotheses: readonly Hypothesis[]): number {
  return hypotheses[0]?.confidence ?? 0;
}
