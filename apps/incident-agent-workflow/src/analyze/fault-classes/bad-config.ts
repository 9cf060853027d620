import { featureValue } from '../commits/feature-names.ts';
import type { Suspect } from '../commits/rank.ts';
import { surelyAccused } from '../suspicion.ts';
import { settingsCodeFails, throwsSinceSettings } from './changed-with.ts';
import { heldForDebugger } from './held-at-start.ts';
import { findsNoneThatFits } from './none-that-fits.ts';
import { partIsMissing } from './parts-missing.ts';
import { cannotBeStarted } from './platform.ts';
import { portOfAnother } from './port-taken.ts';
import { healthDoesNotAnswer, restarted, textSays, upIsZero } from './predicates.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { asksElsewhere, listensElsewhere } from './starts.ts';
import { kindOf, stopsWithSettings } from './stopped-with.ts';
import { TEXTS } from './texts.ts';

/** An address that code which was just written puts together is no setting. */
const saysSetting: Predicate = (scene) => {
  const look = textSays(TEXTS.config)(scene);
  if (typeof look === 'string') return look;
  const taken = portOfAnother(scene);
  if (taken && look.cites.includes(taken.cite)) return 'absent';
  const isThrown = scene.texts.some(({ cite, isProgramming }) => isProgramming && look.cites.includes(cite));
  const suspect = surelyAccused(scene.ranking);
  return isThrown && suspect && isOfFailingLine(suspect) ? 'absent' : look;
};

function isOfFailingLine(suspect: Suspect): boolean {
  return kindOf(suspect) === 'code' && featureValue(suspect.features, 'blame') >= 0.5;
}

/** A setting is missing or cannot be used. */
export const badConfig: FaultRule = {
  class: 'bad-config',
  kind: 'config',
  name: 'a setting that is missing or cannot be used',
  required: [
    [
      saysSetting,
      settingsCodeFails,
      throwsSinceSettings,
      stopsWithSettings,
      partIsMissing,
      listensElsewhere,
      asksElsewhere,
      cannotBeStarted,
      heldForDebugger,
      findsNoneThatFits,
    ],
  ],
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
