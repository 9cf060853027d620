import { secondsBetween } from '../../lib/time.ts';
import { displayName } from '../../lib/wording.ts';
import { dependencyNamedIn } from '../dependencies.ts';
import { blameOfState } from '../topology/verdict.ts';
import { callsFailWith, FAILURES } from './answers-of-others.ts';
import { changeBringsAbout } from './brought-about.ts';
import { findsNoneThatFits } from './none-that-fits.ts';
import {
  dependencyDoesNotAnswer,
  dependencySaidDown,
  readinessAnswers,
  readinessFails,
  textSays,
} from './predicates.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** Until so shortly before the service said that it was ready. */
const GOES_ON_SECONDS = 60;

/** It says that it is ready, and looks at what refuses: where refusals go on meanwhile, it does not. */
const readyWithIt: Predicate = (scene) => {
  const ready = readinessAnswers(scene);
  const refused = scene.texts.filter(({ text }) => TEXTS.refused.test(text));
  const at = scene.ready?.data.at;
  const name = refused.map(({ text }) => dependencyNamedIn(text, scene.context.service, scene.context.registry))[0];
  const own = scene.dependencies.find((dependency) => dependency.name === name);
  if (typeof ready === 'string' || at === undefined || own?.isUp !== undefined) return ready;
  const goesOn = refused.some(
    ({ count, lastAt }) => count >= MANY && lastAt !== null && secondsBetween(lastAt, at) <= GOES_ON_SECONDS,
  );
  return goesOn ? 'absent' : ready;
};
const MANY = 3;

/** A datastore or a service that this one needs cannot be reached. */
export const dependencyRefused: FaultRule = {
  class: 'dependency-refused',
  kind: 'dependency',
  name: 'a dependency that refuses connections',
  required: [
    [
      dependencySaidDown,
      dependencyDoesNotAnswer,
      textSays(TEXTS.refused),
      thrownAs('dependency-refused'),
      changeBringsAbout('dependency-refused'),
      callsFailWith(FAILURES.refused),
    ],
  ],
  // Named once more as support: together they are what makes it sure.
  supporting: [readinessFails],
  excluded: [readyWithIt, findsNoneThatFits],
  mayBeCommit: false,
  subject: (entity) => (entity ? displayName(entity) : 'A dependency'),
  mechanism: 'it cannot be connected to',
  actions: (scene, entity) => {
    const name = entity ? displayName(entity) : 'the dependency';
    const state = scene.dependencies.find((dependency) => dependency.name === entity);
    // It answers by itself, so what is wrong lies between the two.
    if (state && blameOfState(state) === 'way')
      return [
        `Check the address, name and credentials by which the service looks for ${name}, and the network between them: ${name} answers by itself`,
      ];
    return [
      `Check that ${name} runs and listens where the service looks for it; start it if it does not`,
      `From the service's host, open a connection to ${name}: refused means down, a time-out means network`,
    ];
  },
};
