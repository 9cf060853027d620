/** Which services a case's repository holds, and how far back a deploy can lie that is still played. */
import type { FaultTemplate, ServiceDefinition } from '../template.ts';
import type { CasePlan } from './plan.ts';
import { TIME_SCALE } from './stretch.ts';

/** A history of so many changes can be made of so many services. */
const FEWEST_SERVICES = 2;
/** After the recording has begun and before the baseline is over. */
const MARGIN_SECONDS = 7;

/** Those that run in it; where that is only one, another one that lies beside it. In the order of the list. */
export function definitionsFor(template: FaultTemplate, all: readonly ServiceDefinition[]): ServiceDefinition[] {
  const running = all.filter(({ name }) => template.services.includes(name));
  const beside = all
    .filter(({ name }) => !template.services.includes(name))
    .slice(0, Math.max(0, FEWEST_SERVICES - running.length));
  return all.filter((definition) => running.includes(definition) || beside.includes(definition));
}

export function playableMinutes({ template, baselineFactor }: CasePlan): number {
  return ((template.seconds.baseline * baselineFactor - MARGIN_SECONDS) * TIME_SCALE) / 60;
}
