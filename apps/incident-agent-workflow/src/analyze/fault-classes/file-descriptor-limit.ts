import { changeBringsAbout } from './brought-about.ts';
import { alertMeans } from './platform.ts';
import { errorsRose, textSays } from './predicates.ts';
import { filesAreFull, filesGrow } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** The process may not open more files or sockets. */
export const fileDescriptorLimit: FaultRule = {
  class: 'file-descriptor-limit',
  kind: 'infrastructure',
  name: 'a reached limit of open files',
  required: [[textSays(TEXTS.descriptors), filesAreFull, changeBringsAbout('file-descriptor-limit')]],
  supporting: [errorsRose, filesGrow, alertMeans('open files')],
  excluded: [],
  mayBeCommit: true,
  subject: 'A reached limit of open files',
  mechanism: 'no more files or sockets can be opened',
  actions: () => ['Restart to free descriptors, then look for sockets or files that are never closed'],
};
