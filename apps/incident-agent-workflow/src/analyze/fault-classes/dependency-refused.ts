import { displayName } from '../../lib/wording.ts';
import { blameOfState } from '../topology/verdict.ts';
import {
  dependencyDoesNotAnswer,
  dependencySaidDown,
  readinessAnswers,
  readinessFails,
  textSays,
} from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** A datastore or a service that this one needs cannot be reached. */
export const dependencyRefused: FaultRule = {
  class: 'dependency-refused',
  kind: 'dependency',
  name: 'a dependency that refuses connections',
  required: [[dependencySaidDown, dependencyDoesNotAnswer, textSays(TEXTS.refused)]],
  // Named once more as support: together they are what makes it sure.
  supporting: [readinessFails],
  excluded: [readinessAnswers],
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
