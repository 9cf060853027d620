/** Rules with their `for` over successive scrapes: what fires, what resolves. Pure: the state goes in and comes out. */
import { z } from 'zod';
import { labelKey } from './labels.ts';
import { RATE_WINDOW_SECONDS, type Rule, type RuleHit, type Scrape } from './rules.ts';

/** A condition that holds, by rule, service and labels. Plain JSON. */
const ActiveAlert = z.object({
  rule: z.string(),
  service: z.string(),
  severity: z.string(),
  hit: z.object({ labels: z.record(z.string(), z.string()), summary: z.string(), description: z.string() }),
  /** Since when the condition has held. */
  since: z.string(),
  /** Set once it has held for the rule's `for`. */
  firingSince: z.string().optional(),
});
export type ActiveAlert = Readonly<z.infer<typeof ActiveAlert>>;
/** By the key of `evaluate`. */
export const ActiveAlerts = z.record(z.string(), ActiveAlert);

export interface MonitorState {
  readonly scrapes: Readonly<Record<string, readonly Scrape[]>>;
  readonly active: Readonly<Record<string, ActiveAlert>>;
}

export interface Evaluation {
  readonly state: MonitorState;
  readonly fired: readonly ActiveAlert[];
  readonly resolved: readonly ActiveAlert[];
}

export const initialState: MonitorState = { scrapes: {}, active: {} };

/** `forSeconds` shortens every rule's own `for` when it is less (demo). */
export function evaluate(
  state: MonitorState,
  scrapes: readonly Scrape[],
  rules: readonly Rule[],
  forSeconds: number,
  now: string,
): Evaluation {
  const kept = Object.fromEntries(
    scrapes.map((scrape) => [scrape.service, keepRecent([...(state.scrapes[scrape.service] ?? []), scrape], now)]),
  );
  const active: Record<string, ActiveAlert> = {};
  const fired: ActiveAlert[] = [];
  for (const rule of rules) {
    const holdSeconds = Math.min(rule.forSeconds, forSeconds);
    for (const [service, recent] of Object.entries(kept)) {
      for (const hit of rule.hits(recent)) {
        const key = keyOf(rule.name, service, hit);
        const before = state.active[key];
        const since = before?.since ?? now;
        const holds = Date.parse(now) - Date.parse(since) >= holdSeconds * 1_000;
        const alert = {
          rule: rule.name,
          service,
          severity: rule.severity,
          hit: { ...hit, labels: { ...hit.labels } },
          since,
          firingSince: before?.firingSince ?? (holds ? now : undefined),
        };
        active[key] = alert;
        if (alert.firingSince !== undefined && before?.firingSince === undefined) fired.push(alert);
      }
    }
  }
  const resolved = Object.entries(state.active).flatMap(([key, alert]) =>
    key in active || alert.firingSince === undefined ? [] : [alert],
  );
  return { state: { scrapes: kept, active }, fired, resolved };
}

function keepRecent(scrapes: readonly Scrape[], now: string): Scrape[] {
  return scrapes.filter(({ at }) => Date.parse(now) - Date.parse(at) <= RATE_WINDOW_SECONDS * 1_000);
}

function keyOf(rule: string, service: string, hit: RuleHit): string {
  return JSON.stringify([rule, service, labelKey(hit.labels)]);
}

/** As Alertmanager would post it, with the labels of the rule file. */
export function toWebhookAlert(alert: ActiveAlert, endsAt: string | undefined): Record<string, unknown> {
  return {
    status: endsAt === undefined ? 'firing' : 'resolved',
    labels: {
      ...alert.hit.labels,
      alertname: alert.rule,
      service: alert.service,
      severity: alert.severity,
      workflow: 'incident-agent',
    },
    annotations: { summary: alert.hit.summary, description: alert.hit.description },
    startsAt: alert.firingSince ?? alert.since,
    ...(endsAt === undefined ? {} : { endsAt }),
  };
}
