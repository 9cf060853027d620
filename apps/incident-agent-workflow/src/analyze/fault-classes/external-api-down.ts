import { displayName } from '../../lib/wording.ts';
import { startedBefore } from '../deep/answers.ts';
import { callsFailWith, FAILURES } from './answers-of-others.ts';
import { answersNotAsAgreed } from './not-as-agreed.ts';
import { errorsRose, textSays } from './predicates.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

const DATASTORES = /mongo|postgres|redis|mysql|kafka/i;
/** It refuses this request: it is there, and minds. */
const MINDS = /(?:answered|responded|replied|returned|status)[^\d\n]{0,16}\b4\d\d\b/i;

/** Nobody listens there: that is said of any dependency, whoever it belongs to. */
const REFUSES = /ECONNREFUSED|connection refused|refused the connection|actively refused/i;

/** What fails is outside. Where only our patience ended while its own check is well, that is a matter of time limits. */
const failsOutside: Predicate = (scene) => {
  const look = textSays(TEXTS.external, {
    but: new RegExp(`${DATASTORES.source}|${MINDS.source}|${REFUSES.source}`, 'i'),
  })(scene);
  if (typeof look === 'string') return look;
  const onlyLate = textSays(TEXTS.timeout, { but: /\b5\d\d\b|ECONN|refused|reset/i })(scene);
  if (typeof onlyLate === 'string' || !onlyLate.cites.some((cite) => look.cites.includes(cite))) return look;
  // Who waits in vain since it was started anew, and did not before, may well make itself wait.
  const since = scene.texts.find(({ cite }) => onlyLate.cites.includes(cite))?.firstAt;
  if (since && startedBefore(scene, since)) return 'absent';
  const state = scene.dependencies.find(({ name }) => name === look.entity || look.words.includes(name));
  return state?.isUp === true ? 'absent' : look;
};

/** Somebody else's HTTP service fails, and ours passes that on. */
export const externalApiDown: FaultRule = {
  class: 'external-api-down',
  kind: 'dependency',
  name: 'an external API that fails',
  required: [[failsOutside, thrownAs('external-api-down'), callsFailWith(FAILURES.external), answersNotAsAgreed]],
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
