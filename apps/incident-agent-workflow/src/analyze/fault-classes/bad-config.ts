import { settingsCodeFails, throwsSinceSettings } from './changed-with.ts';
import { healthDoesNotAnswer, restarted, textSays, upIsZero } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';

/** A setting is missing or cannot be used. */
export const badConfig: FaultRule = {
  class: 'bad-config',
  kind: 'config',
  name: 'a setting that is missing or cannot be used',
  required: [[textSays(TEXTS.config), settingsCodeFails, throwsSinceSettings]],
  supporting: [restarted, upIsZero, healthDoesNotAnswer],
  excluded: [],
  mayBeCommit: true,
  subject: 'A setting that is missing or cannot be used',
  mechanism: 'the service refuses to run with it',
  actions: () => [
    'Compare the settings in use with the last ones that worked; restore the one that the log names',
    'Start the service again and watch its first lines',
  ],
};
