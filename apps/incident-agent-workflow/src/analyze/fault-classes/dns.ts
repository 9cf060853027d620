import { callsFailWith, FAILURES } from './answers-of-others.ts';
import { errorsRose, textSays } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** A host name does not resolve. */
export const dns: FaultRule = {
  class: 'dns',
  kind: 'infrastructure',
  name: 'a host name that does not resolve',
  required: [[textSays(TEXTS.dns), thrownAs('dns'), callsFailWith(FAILURES.dns)]],
  supporting: [errorsRose],
  excluded: [],
  mayBeCommit: true,
  subject: 'A host name that does not resolve',
  mechanism: 'look-ups of it fail',
  actions: () => [
    "Resolve the name by hand from the service's host; compare with another host",
    'If the name was changed in the configuration lately, put the old one back',
  ],
};
