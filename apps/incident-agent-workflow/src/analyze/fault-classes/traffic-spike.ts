import { errorsRose, latencyRose, textSays, trafficRose } from './predicates.ts';
import { poolIsWaitedFor, processorIsBusy, queueGrows } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** More requests than the service can take. */
export const trafficSpike: FaultRule = {
  class: 'traffic-spike',
  kind: 'infrastructure',
  name: 'more traffic than before',
  required: [[trafficRose], [latencyRose, errorsRose, queueGrows, poolIsWaitedFor, processorIsBusy]],
  supporting: [textSays(TEXTS.capacity)],
  excluded: [],
  mayBeCommit: false,
  subject: 'A rise in traffic',
  mechanism: 'more requests come than it can answer in time',
  actions: () => ['Find the source of the requests; scale out, shed or limit them'],
};
