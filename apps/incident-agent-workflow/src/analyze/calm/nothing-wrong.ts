/** "Nothing is wrong" as a hypothesis: it competes with the faults, and where it is likely, they are not. */
import type { Claim } from '../../domain/claim.ts';
import type { Hypothesis } from '../../domain/hypothesis.ts';
import { upperFirst } from '../../lib/wording.ts';
import type { AlertCheck } from '../alert-check.ts';
import { calibrated, groupsOf, logOdds, shares } from '../confidence.ts';
import type { Signal } from '../fault-classes/rule.ts';
import type { Scene } from '../scene.ts';
import { doubtsOf, mostCalm } from './doubts.ts';

/**
 * What ranks, with "nothing is wrong" among it where the alert is contradicted or over. Best first, numbered.
 * `rank`: the faults, with so much less confidence.
 */
export function withCalm(
  rank: (weight: number) => readonly Hypothesis[],
  check: AlertCheck,
  scene: Scene,
): Hypothesis[] {
  if (check.state !== 'not-confirmed') return [...rank(1)];
  const signals = distinct([...check.signals, ...(check.calm ?? [])]);
  const groups = groupsOf(signals);
  const doubts = check.calm ? doubtsOf(rank(1)[0], scene) : [];
  const raw = shares([logOdds(signals, doubts)])[0] ?? 0;
  const { confidence, score } = calibrated(raw, 'none', groups.length, mostCalm(scene));
  const calm: Omit<Hypothesis, 'id'> = {
    cause: {
      kind: 'none',
      class: null,
      service: scene.context.service.name,
      dependency: null,
      commit: null,
      file: null,
      line: null,
    },
    statement: check.claim,
    confidence,
    score,
    groups,
    supporting: signals.map(claimOf),
    contradicting: doubts.map(claimOf),
    wouldChange: ['Lowered by: the same trouble coming back, or the service not answering when it is asked again'],
    actions: ['Ask the health address again; check the rule and its labels if it goes on answering'],
  };
  // Where all is well, what would explain trouble explains nothing.
  const rest = rank(check.calm ? 1 - confidence : 1);
  return [calm, ...rest]
    .sort((a, b) => b.confidence - a.confidence)
    .map((hypothesis, index) => ({ ...hypothesis, id: `H${index + 1}` }));
}

function claimOf({ words, cites }: Signal): Claim {
  return { text: `${upperFirst(words)}.`, cites: [...cites] };
}

function distinct(signals: readonly Signal[]): Signal[] {
  return [...new Map(signals.map((signal) => [signal.words, signal])).values()];
}
