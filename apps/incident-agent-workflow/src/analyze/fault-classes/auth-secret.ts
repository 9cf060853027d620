import { displayName } from '../../lib/wording.ts';
import { isOverBeforeItsEnd } from '../deep/answers.ts';
import { callsFailWith, FAILURES, refusesWith } from './answers-of-others.ts';
import { changeBringsAbout } from './brought-about.ts';
import { errorsRose, textSays } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** What we call refuses our credentials. */
export const authSecret: FaultRule = {
  class: 'auth-secret',
  kind: 'config',
  name: 'credentials that are refused',
  // A token of tomorrow is refused by a clock, not for what it says.
  required: [
    [
      textSays(TEXTS.auth, { but: TEXTS.clock }),
      thrownAs('auth-secret'),
      changeBringsAbout('auth-secret'),
      callsFailWith(FAILURES.auth),
      refusesWith(FAILURES.auth),
    ],
  ],
  supporting: [errorsRose],
  excluded: [isOverBeforeItsEnd],
  mayBeCommit: true,
  subject: 'Refused credentials',
  mechanism: 'they are not accepted',
  actions: (_scene, entity) => [
    `Compare the secret in use with the one ${entity ? displayName(entity) : 'the dependency'} expects; restore or rotate it`,
  ],
};
