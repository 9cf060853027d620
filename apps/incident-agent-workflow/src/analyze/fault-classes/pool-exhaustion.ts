import { changeBringsAbout } from './brought-about.ts';
import { alertMeans, overflows, serverTakesNoMore } from './platform.ts';
import { errorsRose, latencyRose, textSays, trafficRose } from './predicates.ts';
import { poolIsFull, poolIsWaitedFor, poolShrank, poolWaitsUnfilled, processorWorksMore } from './resources.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { locksAreWaitedFor } from './standing-still.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** As many are out as there are, and more are asked for. */
const allInUse: Predicate = (scene) => {
  const full = poolIsFull(scene);
  const waited = poolIsWaitedFor(scene);
  if (typeof full === 'string') return full;
  return typeof waited === 'string'
    ? waited
    : {
        ...full,
        words: 'all connections of the pool are in use, and requests wait for one',
        cites: [...full.cites, ...waited.cites],
      };
};

/** Fewer are there than before, and requests wait for one. */
const shrankAndIsWaitedFor: Predicate = (scene) => {
  const shrank = poolShrank(scene);
  const waited = poolIsWaitedFor(scene);
  if (typeof shrank === 'string' || typeof waited === 'string') return typeof shrank === 'string' ? shrank : waited;
  const words = 'the pool was made smaller, and requests wait for a connection';
  return { ...shrank, words, cites: [...shrank.cites, ...waited.cites] };
};

/** Where somebody made the pool smaller, nothing else needs to be slow. */
function unlessShrunk(predicate: Predicate): Predicate {
  return (scene) => (typeof poolShrank(scene) === 'string' ? predicate(scene) : 'absent');
}

/** All connections are in use and requests wait for one. */
export const poolExhaustion: FaultRule = {
  class: 'pool-exhaustion',
  kind: 'infrastructure',
  name: 'an exhausted connection pool',
  required: [
    [
      textSays(TEXTS.pool),
      thrownAs('pool-exhaustion'),
      allInUse,
      serverTakesNoMore,
      overflows,
      shrankAndIsWaitedFor,
      changeBringsAbout('pool-exhaustion'),
    ],
  ],
  supporting: [errorsRose, latencyRose, poolShrank, alertMeans('pool')],
  // Then the pool is only where it is felt: what holds the connections for so long is slow itself.
  excluded: [locksAreWaitedFor, unlessShrunk(poolWaitsUnfilled), unlessShrunk(processorWorksMore), trafficRose],
  mayBeCommit: true,
  subject: 'An exhausted connection pool',
  mechanism: 'requests wait for a connection and give up',
  actions: () => [
    'Restart the service to free its connections; that buys time only',
    'Look for connections that are never released and for slow queries before raising the limit',
  ],
};
