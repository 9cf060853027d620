import { displayName } from '../../lib/wording.ts';
import { restartsAgain } from './endings.ts';
import { containerRestartsAgain, endsAgainAndAgain, membersAreAway, probeFails } from './platform.ts';
import { portIsTaken } from './port-taken.ts';
import { healthAnswers, healthDoesNotAnswer, restarted, upEnded, upIsZero, upStayedOne } from './predicates.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { wasDownLong } from './standing-still.ts';
import { endsOnWhatItReads } from './starts.ts';

/** An answer now says nothing against an outage that is over. */
const answersAllAlong: Predicate = (scene) =>
  [wasDownLong, restartsAgain, endsAgainAndAgain, containerRestartsAgain, membersAreAway].every(
    (look) => typeof look(scene) === 'string',
  )
    ? healthAnswers(scene)
    : 'absent';

function isOneOfSeveral(scene: Parameters<Predicate>[0]): boolean {
  return [endsAgainAndAgain, containerRestartsAgain, membersAreAway].some((look) => typeof look(scene) !== 'string');
}

/** Nobody listens at the service's address. Why the process is gone is another class's business, if the logs say so. */
export const processDown: FaultRule = {
  class: 'process-down',
  kind: 'infrastructure',
  name: 'a process that is not running',
  required: [
    [
      healthDoesNotAnswer,
      upIsZero,
      upEnded,
      wasDownLong,
      restartsAgain,
      endsAgainAndAgain,
      containerRestartsAgain,
      membersAreAway,
    ],
  ],
  supporting: [restarted, endsOnWhatItReads, portIsTaken, probeFails],
  excluded: [answersAllAlong, upStayedOne],
  mayBeCommit: false,
  subject: 'A stopped process',
  // Behind one address there may be others of its kind.
  mechanism: (scene) =>
    typeof healthDoesNotAnswer(scene) === 'string' && typeof upIsZero(scene) === 'string' && isOneOfSeveral(scene)
      ? 'it ends again and again, or some of its instances are not there'
      : 'nothing listens at its address',
  actions: ({ context }) => [
    `Start ${displayName(context.service.name)} again, then read the last 50 lines of its log for why it stopped`,
    'Look up the exit code of the process or container: 137 means that it was killed',
  ],
};
