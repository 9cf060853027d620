/** One list of hypotheses from those of several services. */
import type { Hypothesis } from '../../domain/hypothesis.ts';
import { ABSTAIN_BELOW } from '../../domain/hypothesis.ts';
import type { Scene } from '../scene.ts';

const MAX_HYPOTHESES = 5;
/** What is left of the alerting service's own causes once a service that it depends on explains them. */
const AS_CONSEQUENCE = 0.3;
const MOST_AS_CONSEQUENCE = ABSTAIN_BELOW - 0.05;

export interface Concluded {
  readonly scene: Scene;
  /** Best first. */
  readonly hypotheses: readonly Hypothesis[];
  /** False: the trouble of its caller does not come from it. */
  readonly isTied: boolean;
}

/** `services`: the alerting one first, a caller before whom it calls. */
export function combined(services: readonly Concluded[]): Hypothesis[] {
  const [alerting, ...others] = services;
  if (!alerting) return [];
  const reached = new Map([[alerting.scene, alerting]]);
  for (const other of others)
    if (other.isTied && isCause(other) && other.scene.caller && reached.has(other.scene.caller))
      reached.set(other.scene, other);
  const all = [...reached.values()];
  // Whoever fails because of another one that was reached is a victim as well.
  const isVictim = ({ scene }: Concluded): boolean => all.some((other) => other.scene.caller === scene);
  // Where all is well again, what would explain trouble explains nothing, wherever it lies.
  const calm = alerting.hypotheses.find(({ cause }) => cause.kind === 'none')?.confidence ?? 0;
  return all
    .flatMap((one) => {
      if (isVictim(one)) return one.hypotheses.map(asConsequence);
      return one === alerting ? one.hypotheses : one.hypotheses.map((hypothesis) => lessened(hypothesis, 1 - calm));
    })
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_HYPOTHESES)
    .map((hypothesis, index) => ({ ...hypothesis, id: `H${index + 1}` }));
}

function isCause({ hypotheses }: Concluded): boolean {
  return (hypotheses[0]?.confidence ?? 0) >= ABSTAIN_BELOW;
}

function asConsequence(hypothesis: Hypothesis): Hypothesis {
  if (hypothesis.cause.kind === 'none') return hypothesis;
  return lessened(hypothesis, Math.min(AS_CONSEQUENCE, MOST_AS_CONSEQUENCE / hypothesis.confidence));
}

function lessened(hypothesis: Hypothesis, factor: number): Hypothesis {
  return { ...hypothesis, confidence: Math.floor(hypothesis.confidence * factor * 100) / 100 };
}
