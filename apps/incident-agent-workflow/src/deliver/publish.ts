/** Stores a report version and plans what it tells whom, in one transaction; then has its PDF written. */
import { isDraftKind } from '../domain/delivery.ts';
import { type Incident, isOpen } from '../domain/incident.ts';
import { signaturesOf } from '../domain/memory.ts';
import type { Report } from '../domain/report.ts';
import type { Chance, Log, Renderer, ReportFiles, Stores, UnitOfWork } from '../ports.ts';
import { type PlannedDelivery, planDrafts, planReport, planResolved } from './plan.ts';

export interface PublishTools {
  readonly unitOfWork: UnitOfWork;
  readonly chance: Chance;
  readonly pdf: Renderer;
  readonly files: ReportFiles;
  readonly log: Log;
  /** Called after the transaction: there may be something to send. */
  wakeOutbox(): void;
}

/** Publishing the same version again changes nothing. */
export async function publishReport(report: Report, tools: PublishTools): Promise<void> {
  await tools.unitOfWork.transaction(async (stores) => {
    const incident = await stores.incidents.get(report.incident.id);
    await plan(stores, report, (announced) => planReport(report, announced, () => tools.chance.uuid()));
    await planDraft(stores, report, tools);
    await stores.memory.remember(report.incident.id, signaturesOf(report.evidence, report.incident.service));
    if (!incident || !isOpen(incident)) return;
    await stores.incidents.setStatus(incident.id, 'diagnosed', report.generatedAt);
    const isDoubted = report.verdict.status === 'not-confirmed';
    await stores.incidents.setDoubt(incident.id, isDoubted ? report.generatedAt : undefined);
  });
  await writePdf(report, tools);
  tools.wakeOutbox();
}

/**
 * Ends an incident. In one transaction, so that nobody is left untold: the status, and the last version of the
 * report (the same findings, the new status) with what it tells those who were told that it broke.
 */
export async function publishResolved(
  incidentId: string,
  note: string,
  at: string,
  tools: PublishTools,
  isStillOver: (incident: Incident) => boolean,
): Promise<void> {
  const resolved = await tools.unitOfWork.transaction(async (stores) => {
    // An alert may have joined while the sources were asked: intake waits until this is decided.
    await stores.incidents.lockIntake();
    const incident = await stores.incidents.get(incidentId);
    if (!incident || !isOpen(incident) || !isStillOver(incident)) return undefined;
    await stores.incidents.setStatus(incidentId, 'resolved', at, note);
    const newest = await stores.reports.newest(incidentId);
    if (!newest) return undefined;
    const report = withResolution(newest, at);
    await plan(stores, report, (announced) => planResolved(report, announced, () => tools.chance.uuid()));
    await planDraft(stores, withoutDraft(report), tools);
    return report;
  });
  if (resolved) await writePdf(resolved, tools);
  tools.wakeOutbox();
}

function withResolution(report: Report, at: string): Report {
  const incident = { ...report.incident, status: 'resolved' as const, resolvedAt: at };
  return { ...report, version: report.version + 1, generatedAt: at, incident };
}

async function plan(
  stores: Stores,
  report: Report,
  decide: (announced: Report | undefined) => PlannedDelivery[],
): Promise<void> {
  const announced = await announcedReport(stores, report.incident.id);
  await stores.reports.save(report);
  await stores.deliveries.plan(decide(announced));
}

/** More drafts a day than anybody reads are a fault of ours. */
const MAX_DRAFTS_A_DAY = 20;
const DAY_MILLISECONDS = 86_400_000;

async function planDraft(stores: Stores, report: Report, tools: PublishTools): Promise<void> {
  const earlier = (await stores.deliveries.ofIncident(report.incident.id))
    .filter(({ kind }) => isDraftKind(kind))
    .at(-1);
  const dayAgo = new Date(Date.parse(report.generatedAt) - DAY_MILLISECONDS).toISOString();
  const isWithinCap = (await stores.deliveries.countSince('draft', dayAgo)) < MAX_DRAFTS_A_DAY;
  const forge = earlier?.kind === 'draft' ? earlier.destination : undefined;
  const planned = planDrafts(report, forge, isWithinCap, () => tools.chance.uuid());
  if (report.remediation?.draft && planned.length === 0)
    tools.log.warn(`No draft for ${report.incident.id}: ${MAX_DRAFTS_A_DAY} were planned within a day`);
  await stores.deliveries.plan(planned);
}

/** What is over needs no draft of ours any more; one that somebody has taken up stays. */
function withoutDraft(report: Report): Report {
  return report.remediation ? { ...report, remediation: { ...report.remediation, draft: null } } : report;
}

async function announcedReport(stores: Stores, incidentId: string): Promise<Report | undefined> {
  const told = (await stores.deliveries.ofIncident(incidentId)).filter(
    ({ kind }) => kind === 'opened' || kind === 'updated',
  );
  const last = told.toSorted((a, b) => Date.parse(a.plannedAt) - Date.parse(b.plannedAt)).at(-1);
  return last && (await stores.reports.get(last.runId, last.reportVersion));
}

/** The file is a copy of what is stored: a failure here costs nothing that cannot be made again when it is asked for. */
async function writePdf(report: Report, tools: PublishTools): Promise<void> {
  try {
    await tools.files.write(report, 'pdf', await tools.pdf.render(report));
  } catch (error) {
    tools.log.error(`PDF of ${report.incident.id} could not be written`, { error });
  }
}
