import { displayName } from '../../lib/wording.ts';
import { errorsRose, textSays } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** Somebody else's HTTP service fails, and ours passes that on. */
export const externalApiDown: FaultRule = {
  class: 'external-api-down',
  kind: 'dependency',
  name: 'an external API that fails',
  required: [[textSays(TEXTS.external, { but: /mongo|postgres|redis|mysql|kafka/i })]],
  supporting: [errorsRose],
  excluded: [],
  mayBeCommit: false,
  subject: (entity) => (entity ? displayName(entity) : 'An external API'),
  mechanism: 'its answers fail or do not come',
  actions: (_scene, entity) => [
    `Look at the status page of ${entity ? displayName(entity) : 'the provider'} and call it once by hand from the service's host`,
    'Serve cached or reduced answers until it is back, if the service can',
  ],
};
