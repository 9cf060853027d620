import { errorsRose, latencyRose, textSays } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** All connections are in use and requests wait for one. */
export const poolExhaustion: FaultRule = {
  class: 'pool-exhaustion',
  kind: 'infrastructure',
  name: 'an exhausted connection pool',
  required: [[textSays(TEXTS.pool)]],
  supporting: [errorsRose, latencyRose],
  excluded: [],
  mayBeCommit: true,
  subject: 'An exhausted connection pool',
  mechanism: 'requests wait for a connection and give up',
  actions: () => [
    'Restart the service to free its connections; that buys time only',
    'Look for connections that are never released and for slow queries before raising the limit',
  ],
};
