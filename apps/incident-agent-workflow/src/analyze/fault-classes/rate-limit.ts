import { displayName } from '../../lib/wording.ts';
import { callsFailWith, FAILURES, refusesWith } from './answers-of-others.ts';
import { changeBringsAbout } from './brought-about.ts';
import { errorsRose, textSays, trafficRose } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** What we call refuses us because we call too often. */
export const rateLimit: FaultRule = {
  class: 'rate-limit',
  kind: 'dependency',
  name: 'a rate limit or quota that is reached',
  required: [
    [
      textSays(TEXTS.rateLimit),
      thrownAs('rate-limit'),
      changeBringsAbout('rate-limit'),
      callsFailWith(FAILURES.rateLimit),
      refusesWith(FAILURES.rateLimit),
    ],
  ],
  supporting: [errorsRose, trafficRose],
  excluded: [],
  mayBeCommit: true,
  subject: (entity) => (entity ? `The rate limit of ${displayName(entity)}` : 'A rate limit'),
  mechanism: 'calls are refused as too many',
  actions: () => ['Slow down or cache the calls; raise the quota; look for what makes more calls than before'],
};
