import { alertMeans, nodeDiskIsFull } from './platform.ts';
import { errorsRose, textSays } from './predicates.ts';
import { diskIsFull } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** Nothing more can be written. */
export const diskFull: FaultRule = {
  class: 'disk-full',
  kind: 'infrastructure',
  name: 'a full disk',
  required: [[textSays(TEXTS.disk), thrownAs('disk-full'), diskIsFull, nodeDiskIsFull]],
  supporting: [errorsRose, alertMeans('disk')],
  excluded: [],
  mayBeCommit: true,
  subject: 'A full disk',
  mechanism: 'writes fail for want of space',
  actions: () => [
    'Free space: rotate or remove old logs and temporary files, then find what fills the disk',
    'If bytes are free, look at inodes',
  ],
};
