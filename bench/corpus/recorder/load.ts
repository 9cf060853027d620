/** Users: requests at random moments around a steady pace, never more waiting at once than a browser farm would keep. */
import { pause } from '../../../demo/processes.ts';
import { outcomeOf } from '../../../demo/traffic.ts';
import type { TrafficPlan } from '../template.ts';
import { pick, type Random } from './random.ts';

export interface Load {
  set(plan: TrafficPlan): void;
  stop(): Promise<void>;
}

const MOST_WAITING = 60;
/** The pace swells and ebbs by so much, over so long. */
const SWELL_SHARE = 0.2;
const SWELL_MILLISECONDS = 37_000;
/** A pace beyond this would measure the machine. */
const MOST_PER_SECOND = 400;

export function startLoad(first: TrafficPlan, random: Random): Load {
  const stopping = new AbortController();
  const waiting = new Set<Promise<unknown>>();
  let plan = first;

  async function loop(): Promise<void> {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const swell = 1 + SWELL_SHARE * Math.sin((performance.now() / SWELL_MILLISECONDS) * 2 * Math.PI);
      const perSecond = Math.min(MOST_PER_SECOND, plan.requestsPerSecond * swell);
      const gap = (-Math.log(1 - random()) / Math.max(0.1, perSecond)) * 1_000;
      await pause(Math.min(gap, 2_000), stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted || plan.requests.length === 0 || waiting.size >= MOST_WAITING) continue;
      const request = plan.requests[turn % plan.requests.length] ?? pick(random, plan.requests);
      // Which answer came is seen by the services' own metrics.
      const sent = outcomeOf(request, stopping.signal).finally(() => waiting.delete(sent));
      waiting.add(sent);
    }
  }
  const looping = loop();
  return {
    set(next) {
      plan = next;
    },
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(waiting);
    },
  };
}
