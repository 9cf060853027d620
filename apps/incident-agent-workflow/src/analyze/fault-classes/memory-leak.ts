import { errorsRose, latencyRose, trafficRose } from './predicates.ts';
import { memoryGrows } from './resources.ts';
import type { FaultRule } from './rule.ts';

/** Memory grows while traffic does not, and nothing that is freed makes up for it. */
export const memoryLeak: FaultRule = {
  class: 'memory-leak',
  kind: 'infrastructure',
  name: 'memory that grows without end',
  required: [[memoryGrows]],
  supporting: [latencyRose, errorsRose],
  excluded: [trafficRose],
  mayBeCommit: true,
  subject: 'Growing memory',
  mechanism: 'memory use rises while traffic does not',
  actions: () => ['Restart to buy time, then compare heap snapshots'],
};
