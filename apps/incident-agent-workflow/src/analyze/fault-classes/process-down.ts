import { displayName } from '../../lib/wording.ts';
import { healthAnswers, healthDoesNotAnswer, restarted, upIsZero, upStayedOne } from './predicates.ts';
import type { FaultRule } from './rule.ts';

/** Nobody listens at the service's address. Why the process is gone is another class's business, if the logs say so. */
export const processDown: FaultRule = {
  class: 'process-down',
  kind: 'infrastructure',
  name: 'a process that is not running',
  required: [[healthDoesNotAnswer, upIsZero]],
  supporting: [restarted],
  excluded: [healthAnswers, upStayedOne],
  mayBeCommit: false,
  subject: 'A stopped process',
  mechanism: 'nothing listens at its address',
  actions: ({ context }) => [
    `Start ${displayName(context.service.name)} again, then read the last 50 lines of its log for why it stopped`,
    'Look up the exit code of the process or container: 137 means that it was killed',
  ],
};
