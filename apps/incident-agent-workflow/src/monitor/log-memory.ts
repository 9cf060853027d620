/** Which findings are new: what has been told is remembered by its fingerprint, and forgotten after a day without it. Pure. */
import type { LogFinding } from '../domain/log-finding.ts';

/** Fingerprint → when it was seen last. Plain JSON. */
export type LogMemory = Readonly<Record<string, string>>;

/** What comes back after so long is worth telling again. */
const FORGET_MILLISECONDS = 24 * 3_600_000;
const MAX_REMEMBERED = 20_000;

export function remember(
  memory: LogMemory,
  findings: readonly LogFinding[],
  now: string,
): { readonly memory: LogMemory; readonly fresh: LogFinding[] } {
  const kept = Object.entries(memory).filter(([, at]) => Date.parse(now) - Date.parse(at) < FORGET_MILLISECONDS);
  const known = new Set(kept.map(([fingerprint]) => fingerprint));
  const fresh = findings.filter(({ fingerprint }, index) => {
    const isRepeat = findings.findIndex((other) => other.fingerprint === fingerprint) < index;
    return !isRepeat && !known.has(fingerprint);
  });
  const all = Object.entries({
    ...Object.fromEntries(kept),
    ...Object.fromEntries(findings.map(({ fingerprint }) => [fingerprint, now])),
  });
  const newest = all.toSorted(([, left], [, right]) => (left < right ? 1 : -1)).slice(0, MAX_REMEMBERED);
  return { memory: Object.fromEntries(newest), fresh };
}

/** As Alertmanager would post it. The same finding is the same alert, so that a repeat after a crash changes nothing. */
export function toLogAlert(finding: LogFinding, now: string): Record<string, unknown> {
  const { service, template, gravity, count, log, line, excerpt } = finding;
  return {
    status: 'firing',
    labels: {
      alertname: 'NewLogErrors',
      service,
      template,
      severity: SEVERITIES[gravity],
      workflow: 'incident-agent',
    },
    annotations: {
      summary: `${service} logs: ${template}`,
      description: `${count === 1 ? 'One line' : `${count} lines`} of ${log}${line === null ? '' : `, first in line ${line}`}: ${excerpt.lines[excerpt.marked] ?? template}`,
    },
    startsAt: finding.firstAt ?? now,
  };
}

/** Warnings and refused requests are told, but nobody is woken by them. */
const SEVERITIES = { critical: 'critical', error: 'warning', warning: 'info' } as const;
