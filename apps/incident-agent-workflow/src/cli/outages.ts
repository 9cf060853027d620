/** Services that do not answer, for the Word report of a cycle: told when they go and when they come back, once each. */
import type { Outage } from '../domain/log-finding.ts';
import type { ActiveAlert } from '../monitor/evaluate.ts';

const ABOUT_ADDRESSES = new Set(['ServiceDown', 'ApiDown']);

export function createOutages() {
  let untold: Outage[] = [];
  return {
    note(fired: readonly ActiveAlert[], resolved: readonly ActiveAlert[], now: string): void {
      for (const alert of fired.filter(isOutage)) untold.push(outageOf(alert, null));
      for (const alert of resolved.filter(isOutage)) {
        untold = untold.filter(({ service, since }) => service !== alert.service || since !== alert.since);
        untold.push(outageOf(alert, now));
      }
    },
    take(): Outage[] {
      return untold.splice(0);
    },
  };
}
export type Outages = ReturnType<typeof createOutages>;

export function isOutage({ rule }: Pick<ActiveAlert, 'rule'>): boolean {
  return ABOUT_ADDRESSES.has(rule);
}

function outageOf({ service, since, hit }: ActiveAlert, until: string | null): Outage {
  return { service, since, until, reason: hit.description };
}
