import { errorsRose, latencyRose, textSays } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** Work waits for work that waits for it. */
export const deadlockStall: FaultRule = {
  class: 'deadlock-stall',
  kind: 'infrastructure',
  name: 'locks that block each other',
  required: [[textSays(TEXTS.deadlock)]],
  supporting: [latencyRose, errorsRose],
  excluded: [],
  mayBeCommit: true,
  subject: 'Locks that block each other',
  mechanism: 'transactions wait for each other',
  actions: () => ['List the open locks and end the oldest transaction; then look at what takes locks in another order'],
};
