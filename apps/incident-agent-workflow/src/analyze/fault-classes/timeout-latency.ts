import { displayName } from '../../lib/wording.ts';
import { NOTICED_SECONDS } from '../calm/levels.ts';
import { requestLatency } from '../scene.ts';
import { callsFailWith, FAILURES } from './answers-of-others.ts';
import { changeBringsAbout } from './brought-about.ts';
import { asksFarMore, slowInSpells } from './in-spells.ts';
import { probeIsSlow, queriesAreSlow } from './platform.ts';
import { dependencyIsSlow, errorsRose, latencyRose, textSays, trafficRose } from './predicates.ts';
import { loopIsBlocked, processorIsBusy } from './resources.ts';
import type { FaultRule, Predicate } from './rule.ts';
import { TEXTS } from './texts.ts';

/** It rose to what callers notice. */
const latencyHurts: Predicate = (scene) => {
  const look = latencyRose(scene);
  const latency = requestLatency(scene);
  if (typeof look === 'string' || !latency) return look;
  const { incidentMedian, unit } = latency.data;
  return unit === 's' && (incidentMedian ?? 0) < NOTICED_SECONDS ? 'absent' : look;
};

/** Something answers too late. */
export const timeoutLatency: FaultRule = {
  class: 'timeout-latency',
  kind: 'infrastructure',
  name: 'a call that takes too long',
  // A driver that gives up after refused connections says "timed out" too.
  required: [
    [
      latencyHurts,
      slowInSpells,
      textSays(TEXTS.timeout, { but: TEXTS.refused }),
      changeBringsAbout('timeout-latency'),
      callsFailWith(FAILURES.timeout),
      queriesAreSlow,
      probeIsSlow,
    ],
  ],
  supporting: [errorsRose, dependencyIsSlow, asksFarMore],
  excluded: [trafficRose, processorIsBusy, loopIsBlocked],
  mayBeCommit: true,
  subject: (entity) => (entity ? `Slow answers of ${displayName(entity)}` : 'Slow processing'),
  mechanism: 'requests take longer than their limit',
  actions: () => [
    'Find the slow call: compare the time inside the service with that of what it calls',
    'Look for a query, index or loop that changed lately',
  ],
};
