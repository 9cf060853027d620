import { changeBringsAbout } from './brought-about.ts';
import { workedOffNoMore } from './locks.ts';
import { alertMeans, locksAreCounted, locksPileUp, threadsAreBlocked } from './platform.ts';
import { errorsRose, latencyRose, textSays, upIsZero } from './predicates.ts';
import { collectsAllTheTime, loopIsBlocked, poolIsFull, processorIsBusy } from './resources.ts';
import type { FaultRule, Predicate } from './rule.ts';
import {
  acceptsAndIsSilent,
  asksMoreOfOthers,
  locksAreWaitedFor,
  othersWereDownToo,
  routeStandsStill,
  threadsAreDeadlocked,
  workStandsStill,
} from './standing-still.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** Where locks are what is waited for, the connections are out because of them. */
const poolIsFullByItself: Predicate = (scene) =>
  typeof locksAreWaitedFor(scene) === 'string' ? poolIsFull(scene) : 'absent';

/** Work waits for work that waits for it. */
export const deadlockStall: FaultRule = {
  class: 'deadlock-stall',
  kind: 'infrastructure',
  name: 'work that stands still',
  required: [
    [
      textSays(TEXTS.deadlock),
      thrownAs('deadlock-stall'),
      acceptsAndIsSilent,
      workStandsStill,
      routeStandsStill,
      threadsAreDeadlocked,
      locksAreCounted,
      locksPileUp,
      threadsAreBlocked,
      workedOffNoMore,
      changeBringsAbout('deadlock-stall'),
    ],
  ],
  supporting: [latencyRose, errorsRose, upIsZero, textSays(TEXTS.capacity), alertMeans('locks')],
  excluded: [
    processorIsBusy,
    loopIsBlocked,
    poolIsFullByItself,
    collectsAllTheTime,
    othersWereDownToo,
    asksMoreOfOthers,
  ],
  mayBeCommit: true,
  subject: 'Work that stands still',
  mechanism: 'it is there and does not answer, or waits for what waits for it',
  actions: () => [
    'Take a dump of its threads or stacks before it is restarted: it shows what they wait for',
    'List the open locks and end the oldest transaction; then look at what takes locks in another order',
  ],
};
