import type { ErrorText } from '../scene.ts';
import { changeBringsAbout } from './brought-about.ts';
import { alertMeans, overflows, serverTakesNoMore } from './platform.ts';
import { errorsRose, latencyRose, textSays, textSignal, trafficRose } from './predicates.ts';
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

/** Over a connection that it has, no answer comes in time. */
const ANSWER_AWAITED =
  /NetworkTimeout|connection \d+ to \S+ timed out|SocketTimeout|[Rr]ead ?[Tt]ime-?d?[- ]?[Oo]ut|[Ss]ocket time-?d?[- ]?out|statement timeout|CommandTimeout|[Qq]uery (?:read )?(?:timeout|timed out|execution was interrupted)|maximum statement execution time|ResponseTimeout|ResponseTimedOut/;
/** So many times as often. */
const FAR_MORE = 3;

/** Far more requests wait in vain for an answer than for a connection: what answers so late keeps the connections. */
const answersAreAwaited: Predicate = (scene) => {
  const late = scene.texts.filter(({ text }) => ANSWER_AWAITED.test(text) && !TEXTS.pool.test(text));
  const empty = mostOf(scene.texts.filter(({ text }) => TEXTS.pool.test(text)));
  const [first] = late.toSorted((a, b) => b.count - a.count);
  if (!first || first.count < LEAST || first.count < FAR_MORE * empty) return scene.logsSeen ? 'absent' : 'unknown';
  return textSignal(first, ANSWER_AWAITED, scene, 2);
};
const LEAST = 3;

function mostOf(texts: readonly ErrorText[]): number {
  return texts.reduce((most, { count }) => Math.max(most, count), 0);
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
  excluded: [
    locksAreWaitedFor,
    unlessShrunk(answersAreAwaited),
    unlessShrunk(poolWaitsUnfilled),
    unlessShrunk(processorWorksMore),
    trafficRose,
  ],
  mayBeCommit: true,
  subject: 'An exhausted connection pool',
  mechanism: 'requests wait for a connection and give up',
  actions: () => [
    'Restart the service to free its connections; that buys time only',
    'Look for connections that are never released and for slow queries before raising the limit',
  ],
};
