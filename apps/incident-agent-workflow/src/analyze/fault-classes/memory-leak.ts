import { errorsRose, latencyRose, saturationRose, trafficRose } from './predicates.ts';
import type { FaultRule } from './rule.ts';

/** Memory grows while traffic does not, and the service slows down or fails. */
export const memoryLeak: FaultRule = {
  class: 'memory-leak',
  kind: 'infrastructure',
  name: 'memory that grows without end',
  required: [[saturationRose(/resident_memory|heap|rss/i)], [latencyRose, errorsRose]],
  supporting: [],
  excluded: [trafficRose],
  mayBeCommit: true,
  subject: 'Growing memory',
  mechanism: 'memory use rises while traffic does not',
  actions: () => ['Restart to buy time, then compare heap snapshots'],
};
