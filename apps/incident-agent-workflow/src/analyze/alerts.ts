/** What the alerts say, as evidence: an alert is a claim too. */
import { alertName } from '../domain/alert.ts';
import type { Observed } from '../domain/evidence.ts';
import { severityOf } from '../domain/incident.ts';
import { clockTime } from '../lib/instants.ts';
import { counted, quoted } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';

const MAX_ALERTS = 20;
const MAX_SUMMARY = 300;

/** One evidence for all alerts of the incident; none where there are no alerts. */
export function observeAlerts(context: AnalysisContext): Observed[] {
  const first = context.alerts[0];
  if (!first) return [];
  const alerts = context.alerts.slice(0, MAX_ALERTS).map((alert) => ({
    name: alertName(alert),
    status: alert.status,
    startsAt: alert.startsAt,
    summary: (alert.annotations.summary ?? alert.annotations.description ?? '').slice(0, MAX_SUMMARY),
    severity: severityOf([alert]),
  }));
  const summary = alerts[0]?.summary ?? '';
  const others = context.alerts.length - 1;
  const more = others > 0 ? `, with ${counted(others, 'more alert')}` : '';
  const data = { alerts, alertCount: context.alerts.length };
  return [
    {
      kind: 'alert',
      title: `${alertName(first)} fired at ${clockTime(first.startsAt)}${summary ? `: ${quoted(summary)}` : ''}${more}`,
      source: first.format,
      query: '',
      window: context.window,
      digest: context.digest(JSON.stringify(data)),
      service: context.service.name,
      data,
    },
  ];
}
