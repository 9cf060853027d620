import { isOverBeforeItsEnd, tellsWrongTime } from '../deep/answers.ts';
import { errorsRose, textSays } from './predicates.ts';
import { clockIsOff } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** Two machines disagree on the time. */
export const clockSkew: FaultRule = {
  class: 'clock-skew',
  kind: 'infrastructure',
  name: 'clocks that disagree',
  required: [[textSays(TEXTS.clock), isOverBeforeItsEnd, clockIsOff]],
  supporting: [errorsRose, tellsWrongTime],
  excluded: [],
  mayBeCommit: false,
  subject: 'Clocks that disagree',
  mechanism: 'tokens or certificates count as not yet valid, or as expired',
  actions: () => ['Compare the clocks of the hosts involved and mend the time service of the one that is off'],
};
