import { clockTime } from '../../lib/instants.ts';
import { counted, quoted } from '../../lib/wording.ts';
import { byRelevance, isOwnCrash } from '../crashes.ts';
import { answersOtherwise, asksOtherwise, beganWithStart, refusesMore } from '../deep/answers.ts';
import { answersBroken, healthMoved, refusesSinceStart } from '../deep/answers-seen.ts';
import { isNew } from '../novelty.ts';
import type { Scene, Trace } from '../scene.ts';
import { endsOfItself } from './endings.ts';
import { isMisreadAnswer } from './not-as-agreed.ts';
import { errorsRose } from './predicates.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { endsOnWhatItReads } from './starts.ts';
import { stopsWithCode } from './stopped-with.ts';
import { PROGRAMMING_ERRORS } from './texts.ts';

/** The most telling crash that is the program's own. */
export function ownCrash(scene: Scene): Trace | undefined {
  return byRelevance(
    scene.traces.filter((trace) => isOwnCrash(trace.data)),
    scene.context,
  )[0];
}

const crashedInOwnCode: Predicate = (scene) => {
  const crash = ownCrash(scene);
  if (!crash) return scene.logsSeen ? 'absent' : 'unknown';
  if (isMisreadAnswer(crash, scene)) return 'absent';
  const { type, message, count, firstAt } = crash.data;
  const isProgramming = PROGRAMMING_ERRORS.test(type);
  const times = count === 1 ? 'once' : counted(count, 'time');
  const since = firstAt ? `, first at ${clockTime(firstAt)}` : '';
  const weight = (isProgramming ? 2.5 : 1.5) - (isNew(crash.data, scene.context) ? 0 : 1);
  const words = `${type} ${quoted(message, 100)} was thrown ${times}${since}`;
  return { words, cites: [crash.id], group: 'traces', weight };
};

/** The program itself is wrong: an error it throws at a line of its own, or answers that its callers cannot use. */
export const codeError: FaultRule = {
  class: 'code-error',
  kind: 'code',
  name: 'an error in the program',
  required: [
    [
      crashedInOwnCode,
      endsOfItself,
      answersOtherwise,
      asksOtherwise,
      answersBroken,
      healthMoved,
      refusesSinceStart,
      stopsWithCode,
    ],
  ],
  supporting: [errorsRose, refusesMore, beganWithStart],
  excluded: [endsOnWhatItReads],
  mayBeCommit: true,
  subject: 'An error in the program',
  mechanism: 'it throws where it did not before',
  actions: (scene) => [
    'Roll back to the last deployment that worked',
    ownCrash(scene)
      ? 'Guard the failing line, then mend what feeds it'
      : 'Compare what it answers now with what its callers ask for and expect',
  ],
};
