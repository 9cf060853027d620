import { changeBringsAbout } from './brought-about.ts';
import { alertMeans, killedForMemory, nodeMemoryIsFull } from './platform.ts';
import { restarted, textSays } from './predicates.ts';
import { collectsAllTheTime, memoryGrows, memoryIsFull, memoryKilled } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** The process ran out of memory, or was killed for it. */
export const outOfMemory: FaultRule = {
  class: 'out-of-memory',
  kind: 'infrastructure',
  name: 'memory that ran out',
  required: [
    [
      textSays(TEXTS.outOfMemory),
      memoryIsFull,
      collectsAllTheTime,
      changeBringsAbout('out-of-memory'),
      memoryKilled,
      killedForMemory,
    ],
  ],
  supporting: [memoryGrows, restarted, alertMeans('memory'), nodeMemoryIsFull],
  excluded: [],
  mayBeCommit: true,
  subject: 'Running out of memory',
  mechanism: 'the process cannot get more memory',
  actions: () => [
    'Raise the memory limit or restart as a stop-gap',
    'Compare heap snapshots before and after the growth; look at what was changed last',
  ],
};
