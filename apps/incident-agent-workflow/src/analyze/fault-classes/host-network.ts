import { hostIsOff, nodeIsOff } from './platform.ts';
import { healthDoesNotAnswer, latencyRose, upIsZero } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { othersWereDownToo, wasDownLong } from './standing-still.ts';

/** Services that only share a machine or a network are away together, and none of their processes ended. */
export const hostNetwork: FaultRule = {
  class: 'host-network',
  kind: 'infrastructure',
  name: 'a host or network that several services share',
  required: [[othersWereDownToo, hostIsOff, nodeIsOff]],
  supporting: [upIsZero, wasDownLong, healthDoesNotAnswer, latencyRose],
  excluded: [],
  mayBeCommit: false,
  subject: 'A host or network under several services',
  mechanism: (scene) =>
    typeof othersWereDownToo(scene) === 'string'
      ? 'what runs on it suffers, whatever the processes do'
      : 'none of them could be reached at the same time, and no process was restarted',
  actions: () => [
    'Look at what the services share: the machine (stolen time, paused or moved guests), the switch, the network policy',
    'Move them to another host, or restart the host, if it comes again',
  ],
};
