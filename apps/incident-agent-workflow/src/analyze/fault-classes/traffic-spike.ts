import { errorsRose, latencyRose, trafficRose } from './predicates.ts';
import type { FaultRule } from './rule.ts';

/** More requests than the service can take. */
export const trafficSpike: FaultRule = {
  class: 'traffic-spike',
  kind: 'infrastructure',
  name: 'more traffic than before',
  required: [[trafficRose], [latencyRose, errorsRose]],
  supporting: [],
  excluded: [],
  mayBeCommit: false,
  subject: 'A rise in traffic',
  mechanism: 'more requests come than it can answer in time',
  actions: () => ['Find the source of the requests; scale out, shed or limit them'],
};
