/** Which alerts belong together while an incident is open, and what the incident is called. Pure. */
import { type Alert, alertName, alertService } from '../domain/alert.ts';
import type { FindsService } from '../domain/alert-service.ts';

/**
 * Alerts of one service are one incident: whatever breaks there is seen by several rules. An alert that names no
 * service is grouped by its rule.
 */
export function groupKeyOf(alert: Alert, serviceOf: FindsService = alertService): string {
  const service = serviceOf(alert);
  return service === undefined ? `alert:${alertName(alert)}` : `service:${service}`;
}

/** Under a storm: one incident per rule, and one for all when even the rules are many. */
export function stormKeyOf(alert: Alert, tooManyRules: boolean): string {
  return tooManyRules ? 'storm' : `storm:${alertName(alert)}`;
}

const TITLE_CHARACTERS = 200;

/** The sender's own summary where there is one, on one line. */
export function titleOf(alert: Alert, serviceOf: FindsService = alertService): string {
  const service = serviceOf(alert);
  const summary = alert.annotations.summary ?? alert.annotations.description;
  const text = summary ?? (service === undefined ? alertName(alert) : `${alertName(alert)} on ${service}`);
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= TITLE_CHARACTERS ? line : `${line.slice(0, TITLE_CHARACTERS - 1)}…`;
}

export function stormTitle(key: string, alertCount: number): string {
  return key === 'storm'
    ? `Alert storm: ${alertCount} alerts of many rules`
    : `Alert storm: ${alertCount} × ${key.slice('storm:'.length)}`;
}
