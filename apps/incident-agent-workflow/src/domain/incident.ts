/** What people work on, and one investigation of it. */
import { z } from 'zod';
import { Alert } from './alert.ts';

export const Severity = z.enum(['critical', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

export const IncidentStatus = z.enum(['investigating', 'diagnosed', 'resolved', 'closed']);
export type IncidentStatus = z.infer<typeof IncidentStatus>;

/** As people name an incident in an address or a command; no longer than the store can hold. */
export const AskedIncident = z.string().regex(/^INC-\d{1,12}$/, 'is no incident id; it looks like INC-147');
/** As people name one of its runs. */
export const AskedRun = z.string().regex(/^[0-9A-F]{8}$/, 'is no pipeline id; it looks like 3FA9C21B');

export const Incident = z.object({
  /** `INC-147`: numbered per installation. */
  id: z.string().regex(/^INC-\d+$/),
  status: IncidentStatus,
  severity: Severity,
  /** The service as the alerts name it; undefined where none does. */
  service: z.string().optional(),
  title: z.string(),
  /** What alerts are grouped by while the incident is open. */
  groupKey: z.string(),
  openedAt: z.string(),
  /** Earliest start of its alerts. */
  startedAt: z.string(),
  resolvedAt: z.string().optional(),
  closedAt: z.string().optional(),
  /** Why it stays open although the sender said resolved, or that the sender is silent. */
  note: z.string().optional(),
  alerts: z.array(Alert),
});
export type Incident = z.infer<typeof Incident>;

export const Route = z.enum(['quick', 'full']);
export type Route = z.infer<typeof Route>;

export const Run = z.object({
  id: z.string(),
  /** 8 upper-case hex characters, shown in logs and reports. */
  pipelineId: z.string().regex(/^[0-9A-F]{8}$/),
  incidentId: z.string(),
  status: z.enum(['queued', 'running', 'done', 'failed']),
  /** Why it was started. */
  reason: z.enum(['alert', 'joined', 'repeated', 'reopened', 'manual']),
  /** Set by a person or by storm admission; otherwise the pipeline chooses. */
  forcedRoute: Route.optional(),
  /** Counts up with every worker that takes it; an older attempt that wakes up late is refused. */
  attempt: z.number().int().nonnegative(),
  /** When the run was asked for. All "now" of the analysis is this instant, so that a resumed run sees the same window. */
  createdAt: z.string(),
  finishedAt: z.string().optional(),
});
export type Run = z.infer<typeof Run>;

export function isOpen(incident: Pick<Incident, 'status'>): boolean {
  return incident.status === 'investigating' || incident.status === 'diagnosed';
}

/** Somebody investigates, or will. */
export function isUnderWay({ status }: Pick<Run, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];

/** The gravest severity that the alerts claim; `warning` where none says. Sender spellings vary: page, error, p1, … */
export function severityOf(alerts: readonly Pick<Alert, 'labels'>[]): Severity {
  const ranks = alerts.map((alert) => SEVERITIES.indexOf(severityOfLabel(alert.labels.severity)));
  return SEVERITIES[Math.max(...ranks)] ?? 'warning';
}

function severityOfLabel(label: string | undefined): Severity {
  const word = (label ?? 'warning').toLowerCase();
  if (/^(critical|crit|page|fatal|emergency|high|p1|sev-?1|disaster)$/.test(word)) return 'critical';
  if (/^(info|informational|none|low|notice|p4|p5|sev-?[45])$/.test(word)) return 'info';
  return 'warning';
}
