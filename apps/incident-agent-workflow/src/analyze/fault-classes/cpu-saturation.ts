import { alertMeans } from './platform.ts';
import { errorsRose, latencyRose, trafficRose } from './predicates.ts';
import { loopIsBlocked, processorIsBusy } from './resources.ts';
import type { FaultRule } from './rule.ts';

/** The processor, or the event loop, is busy all the time. */
export const cpuSaturation: FaultRule = {
  class: 'cpu-saturation',
  kind: 'infrastructure',
  name: 'a saturated processor',
  required: [[processorIsBusy, loopIsBlocked]],
  supporting: [latencyRose, errorsRose, alertMeans('cpu')],
  excluded: [trafficRose],
  mayBeCommit: true,
  subject: 'A saturated processor',
  mechanism: 'each request costs more time than before',
  actions: () => ['Take a CPU profile of one instance; look for a loop, a pattern or a serialisation that changed'],
};
