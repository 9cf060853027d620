import { alertMeans } from './platform.ts';
import { errorsRose, textSays, trafficRose } from './predicates.ts';
import { consumerStopped, queueGrows } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** More is put into a queue than is taken out of it, without more requests than before. */
export const queueBacklog: FaultRule = {
  class: 'queue-backlog',
  kind: 'infrastructure',
  name: 'a queue that is not worked off',
  required: [[queueGrows]],
  supporting: [consumerStopped, textSays(TEXTS.capacity), errorsRose, alertMeans('queue')],
  excluded: [trafficRose],
  mayBeCommit: true,
  subject: 'A queue that is not worked off',
  mechanism: 'more waits in it than is taken out',
  actions: () => [
    'Look at what takes from the queue: whether it runs, and whether one entry is tried again and again',
    'Put such an entry aside; restart or add consumers',
  ],
};
