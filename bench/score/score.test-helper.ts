/** For tests: answers and labels with the least in them. */
import type { BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Candidate, Prediction } from './prediction.ts';

export const GUILTY = 'a'.repeat(40);
export const INNOCENT = 'b'.repeat(40);

export function labelOf(changes: Partial<BundleLabel> = {}): BundleLabel {
  return {
    class: 'code-error',
    service: 'orders',
    commit: GUILTY,
    file: 'src/price.ts',
    line: 40,
    kind: 'code',
    template: 'rounding',
    ...changes,
  };
}

/** Nothing of code: a full disk. */
export function diskLabel(): BundleLabel {
  return labelOf({
    class: 'disk-full',
    commit: null,
    file: null,
    line: null,
    kind: 'infrastructure',
    template: 'disk',
  });
}

export function candidate(changes: Partial<Candidate> = {}): Candidate {
  return {
    kind: 'code',
    class: 'code-error',
    service: 'orders',
    dependency: null,
    commit: GUILTY,
    file: 'src/price.ts',
    line: 40,
    confidence: 0.8,
    ...changes,
  };
}

/** Established from .40 on, as the engine does. */
export function said(...candidates: Candidate[]): Prediction {
  return { status: (candidates[0]?.confidence ?? 0) >= 0.4 ? 'established' : 'unknown', candidates };
}
