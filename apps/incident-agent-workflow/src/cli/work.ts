/** What a worker process does: investigates runs, settles incidents, executes the outbox, looks for silent senders. */
import { type PublishTools, publishReport, publishResolved } from '../deliver/publish.ts';
import type { ModelExchange, RunRecord } from '../domain/bundle.ts';
import { messageOf } from '../domain/error.ts';
import { type Incident, isOpen, isUnderWay, type Run } from '../domain/incident.ts';
import type { Report } from '../domain/report.ts';
import { nextStep } from '../intake/lifecycle.ts';
import { respond, settle } from '../pipeline.ts';
import type { Log, ResponseTools, SettleReason, Source, Stores, Worker } from '../ports.ts';
import { runRecord } from './run-record.ts';

export interface WorkTools
  extends PublishTools,
    Omit<ResponseTools, 'journal' | 'signal' | 'keepObservations' | 'keepExchanges' | 'publish'> {
  readonly queueWorker: Worker;
  readonly senderSilentAfterSeconds: number;
  readonly retentionDays: number;
}

/** A run that has been handed over this often kills its workers, or fails them: it is finished without looking again. */
const POISON_ATTEMPT = 10;
const ROUND_MILLISECONDS = 60_000;
const ROUNDS_BETWEEN_REMOVALS = 60;
const SECONDS_A_DAY = 86_400;

/** Resolves when the worker takes jobs. `stop` ends the silent check; the queue's own worker is stopped by the caller. */
export async function startWork(tools: WorkTools): Promise<{ stop(): void }> {
  await tools.queueWorker.start({
    run: (runId, attempt, signal) => investigate(runId, attempt, signal, tools),
    settle: (incidentId, reason, signal) => settleIncident(incidentId, reason, signal, tools),
  });
  const stopping = new AbortController();
  void keepHouse(tools, stopping.signal);
  return { stop: () => stopping.abort() };
}

async function investigate(runId: string, attempt: number, signal: AbortSignal, tools: WorkTools): Promise<void> {
  const { stores } = tools.unitOfWork;
  const run = await stores.runs.get(runId);
  if (!run || !(await stores.runs.take(runId, attempt))) return;
  const incident = await stores.incidents.get(run.incidentId);
  if (!incident) {
    await stores.runs.end(runId, attempt, 'failed', tools.clock.now()); // removed by age in the meantime
    return;
  }
  const isPoison = attempt >= POISON_ATTEMPT;
  if (isPoison)
    tools.log.error(
      `[Pipeline ${run.pipelineId}] was interrupted ${attempt - 1} times: finished without looking again`,
    );
  const report = await respondAndKeep(
    incident,
    { ...run, attempt },
    {
      ...responseTools(signal, isPoison ? [] : tools.sources, tools),
      keepRecord: (record) => keepRecord(run, record, tools),
    },
    stores,
  );
  await stores.runs.end(runId, attempt, 'done', tools.clock.now());
  tools.meter.count('runs_total', { route: report.run.route?.route ?? 'quick', outcome: report.verdict.status });
  for (const { source, reason } of report.gaps) tools.meter.count('gaps_total', { source, reason });
  tools.meter.count('claims_total', { result: 'supported' }, report.claimCounts.supported);
  tools.meter.count('claims_total', { result: 'refused' }, report.claimCounts.refused);
}

/** What was seen and said is kept beside the analysis, but before it is told that the run is done: then its bundle can be had, or never. */
async function respondAndKeep(
  incident: Incident,
  run: Run,
  tools: ResponseTools & { keepRecord(record: RunRecord): Promise<void> },
  stores: Pick<Stores, 'runs'>,
): Promise<Report> {
  // One after the other: what was seen later is to stand.
  let kept = Promise.resolve();
  try {
    return await respond(incident, run, {
      ...tools,
      keepObservations(observations) {
        kept = kept.then(() => tools.keepRecord(runRecord(incident, tools.registry, observations)));
      },
      keepExchanges(agent, exchanges) {
        kept = kept.then(() => keepExchanges(run, agent, exchanges, stores, tools.log));
      },
    });
  } finally {
    await kept;
  }
}

async function keepExchanges(
  run: Pick<Run, 'id'>,
  agent: string,
  exchanges: readonly ModelExchange[],
  { runs }: Pick<Stores, 'runs'>,
  log: Log,
): Promise<void> {
  try {
    await runs.keepExchanges(run.id, agent, exchanges);
  } catch (error) {
    log.warn('What a model said could not be kept', { run: run.id, agent, reason: messageOf(error) });
  }
}

async function keepRecord(run: Pick<Run, 'id'>, record: RunRecord, tools: WorkTools): Promise<void> {
  try {
    await tools.unitOfWork.stores.runs.keepRecord(run.id, record);
  } catch (error) {
    tools.log.warn('What a run saw could not be kept: it has no bundle', { run: run.id, reason: messageOf(error) });
  }
}

function responseTools(signal: AbortSignal, sources: readonly Source[], tools: WorkTools): ResponseTools {
  const { stores } = tools.unitOfWork;
  return {
    ...tools,
    sources,
    signal,
    journal: stores.runs,
    publish: (report) => publishReport(report, tools),
    keepObservations() {},
    keepExchanges() {},
  };
}

async function settleIncident(
  incidentId: string,
  reason: SettleReason,
  signal: AbortSignal,
  tools: WorkTools,
): Promise<void> {
  const { stores } = tools.unitOfWork;
  const incident = await stores.incidents.get(incidentId);
  if (!incident || !isOpen(incident)) return;
  if (await isUnderInvestigation(incident, tools)) {
    // The report goes out first: who reads "resolved" wants to know what it was.
    await stores.queue.enqueueSettle(incidentId, reason, secondsFrom(tools.clock.now(), 5));
    return;
  }
  const seen = await settle(incident, responseTools(signal, tools.sources, tools));
  const next = nextStep(incident, reason, seen, lastHeardAt(incident));
  if (next.step === 'nothing') return;
  tools.log.info(`Incident ${incidentId}: ${next.note}`, { incident: incidentId });
  const now = tools.clock.now();
  if (next.step === 'keep-open') {
    await stores.incidents.setStatus(incidentId, incident.status, now, next.note);
    if (next.checkAgainSeconds !== undefined)
      await stores.queue.enqueueSettle(incidentId, reason, secondsFrom(now, next.checkAgainSeconds));
    return;
  }
  const heardAt = lastHeardAt(incident);
  await publishResolved(incidentId, next.note, now, tools, (current) =>
    reason === 'silent'
      ? lastHeardAt(current) === heardAt
      : current.alerts.every(({ status }) => status === 'resolved'),
  );
}

async function isUnderInvestigation(incident: Incident, tools: WorkTools): Promise<boolean> {
  const runs = await tools.unitOfWork.stores.runs.ofIncident(incident.id);
  return runs.some(isUnderWay);
}

function lastHeardAt(incident: Incident): string {
  return (
    incident.alerts
      .map(({ receivedAt }) => receivedAt)
      .toSorted()
      .at(-1) ?? incident.openedAt
  );
}

/** Silent senders every minute, what is too old every hour. */
async function keepHouse(tools: WorkTools, signal: AbortSignal): Promise<void> {
  const { incidents, queue } = tools.unitOfWork.stores;
  for (let round = 0; !signal.aborted; round += 1) {
    await tools.clock.sleep(ROUND_MILLISECONDS, signal);
    if (signal.aborted) return;
    try {
      const now = tools.clock.now();
      for (const incidentId of await incidents.silentSince(secondsFrom(now, -tools.senderSilentAfterSeconds))) {
        await queue.enqueueSettle(incidentId, 'silent');
      }
      if (round % ROUNDS_BETWEEN_REMOVALS === 0) {
        const removed = await incidents.removeOlderThan(secondsFrom(now, -tools.retentionDays * SECONDS_A_DAY));
        if (removed > 0) tools.log.info('Old incidents were removed', { removed, retentionDays: tools.retentionDays });
      }
    } catch (error) {
      tools.log.warn('Silent senders and old incidents could not be looked for', { reason: messageOf(error) });
    }
  }
}

function secondsFrom(now: string, seconds: number): string {
  return new Date(Date.parse(now) + seconds * 1_000).toISOString();
}
