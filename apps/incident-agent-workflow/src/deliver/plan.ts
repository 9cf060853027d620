/** Decides who is told what, and when a new version is worth telling. Pure; the outbox executes. */
import type { Delivery, DeliveryKind, MessageKind } from '../domain/delivery.ts';
import type { Report } from '../domain/report.ts';

export type PlannedDelivery = Omit<Delivery, 'state' | 'attempts' | 'sentAt' | 'receipt' | 'lastError'>;

/** Without destination rules: e-mail for all. */
const DESTINATIONS = ['email'] as const;

/**
 * The first report of an incident is announced; a later version only if the cause or the confidence band changed.
 * `announced`: the report told last, undefined if none was.
 */
export function planReport(report: Report, announced: Report | undefined, makeId: () => string): PlannedDelivery[] {
  if (announced && !isNews(report, announced)) return [];
  return plan(report, announced ? 'updated' : 'opened', makeId);
}

/** Only who was told that it broke is told that it is over. */
export function planResolved(report: Report, announced: Report | undefined, makeId: () => string): PlannedDelivery[] {
  return announced ? plan(report, 'resolved', makeId) : [];
}

function isNews(report: Report, announced: Report): boolean {
  const before = announced.verdict;
  const now = report.verdict;
  return (
    before.status !== now.status ||
    before.band !== now.band ||
    JSON.stringify(before.cause) !== JSON.stringify(now.cause)
  );
}

/**
 * The draft of the fix that the report tells of; where an earlier version planned one and this one does not, its end.
 * `earlier`: the forge of the draft that was planned last, undefined if none was, or it was closed since.
 */
export function planDrafts(
  report: Report,
  earlier: string | undefined,
  isWithinCap: boolean,
  makeId: () => string,
): PlannedDelivery[] {
  const draft = report.remediation?.draft;
  if (draft) return isWithinCap || earlier !== undefined ? [delivery(report, 'draft', draft.forge, makeId)] : [];
  const isDecided = report.remediation !== undefined || report.incident.status === 'resolved';
  return earlier !== undefined && isDecided ? [delivery(report, 'draft-closed', earlier, makeId)] : [];
}

function plan(report: Report, kind: MessageKind, makeId: () => string): PlannedDelivery[] {
  return DESTINATIONS.map((destination) => delivery(report, kind, destination, makeId));
}

function delivery(report: Report, kind: DeliveryKind, destination: string, makeId: () => string): PlannedDelivery {
  return {
    id: makeId(),
    incidentId: report.incident.id,
    runId: report.run.id,
    destination,
    kind,
    reportVersion: report.version,
    // The pipeline ID is random: incidents are numbered per installation, and a notifier may serve several.
    idempotencyKey: `${report.incident.id}.${report.run.pipelineId}.${destination}.${kind}.v${report.version}`,
    plannedAt: report.generatedAt,
    nextAttemptAt: report.generatedAt,
  };
}
