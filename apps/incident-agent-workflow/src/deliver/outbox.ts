/**
 * Executes planned deliveries: planned → sending → sent | failed | unknown. After a crash in `sending` the
 * destination is asked first. One outbox per worker process; rows are taken so that no two have the same one.
 */
import { type Delivery, isDraftKind, openDraft } from '../domain/delivery.ts';
import { messageOf } from '../domain/error.ts';
import type {
  Clock,
  DeliveryChange,
  Log,
  Meter,
  Notifier,
  Renderer,
  ReportFiles,
  SendOutcome,
  Stores,
} from '../ports.ts';
import type { DraftSender } from './drafts.ts';

export interface OutboxTools {
  readonly stores: Stores;
  readonly notifier: Notifier;
  /** undefined: no forge is configured. */
  readonly drafts?: DraftSender | undefined;
  readonly pdf: Renderer;
  readonly files: ReportFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}
export interface Outbox {
  /** Looks for due rows now instead of at the next turn. */
  wake(): void;
  /** Resolves when the message under way has been settled. */
  stop(): Promise<void>;
}

const TURN_MILLISECONDS = 1_000;
const AT_ONCE = 4;
const SEND_TIMEOUT_MILLISECONDS = 45_000;
/** Then once every five minutes, for a day. */
const RETRY_SECONDS = [1, 2, 5, 15, 60, 300] as const;
const GIVE_UP_AFTER_MILLISECONDS = 24 * 3_600_000;

export function startOutbox(tools: OutboxTools): Outbox {
  const stopping = new AbortController();
  let turn = new AbortController();

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      turn = new AbortController();
      const taken = await takeTurn();
      if (taken < AT_ONCE) await tools.clock.sleep(TURN_MILLISECONDS, AbortSignal.any([turn.signal, stopping.signal]));
    }
  }

  async function takeTurn(): Promise<number> {
    try {
      const due = await tools.stores.deliveries.takeDue(tools.clock.now(), AT_ONCE);
      await Promise.all(due.map(({ delivery, interrupted }) => deliver(delivery, interrupted, tools)));
      return due.length;
    } catch (error) {
      tools.log.warn('The outbox could not take its turn', { reason: messageOf(error) });
      return 0;
    }
  }

  const running = loop();
  return {
    wake: () => turn.abort(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function deliver(delivery: Delivery, interrupted: boolean, tools: OutboxTools): Promise<void> {
  const change = await attempt(delivery, interrupted, tools);
  await tools.stores.deliveries.settle(delivery.id, change);
  tools.meter.count('deliveries_total', {
    destination: delivery.destination,
    result: change.state === 'planned' ? 'retried' : change.state,
  });
  const fields = { incident: delivery.incidentId, destination: delivery.destination, kind: delivery.kind };
  if (change.state === 'sent') tools.log.info(`Delivery ${delivery.idempotencyKey} sent`, fields);
  else
    tools.log.warn(`Delivery ${delivery.idempotencyKey} not sent: ${change.lastError}`, {
      ...fields,
      state: change.state,
      nextAttemptAt: change.nextAttemptAt,
    });
}

async function attempt(delivery: Delivery, interrupted: boolean, tools: OutboxTools): Promise<DeliveryChange> {
  const signal = AbortSignal.timeout(SEND_TIMEOUT_MILLISECONDS);
  try {
    const { kind } = delivery;
    if (isDraftKind(kind)) return await attemptDraft(delivery, signal, tools);
    // An earlier try may have arrived: a crash in mid-send, an answer that was lost on the way back.
    if (interrupted || delivery.attempts > 1) {
      const found = await tools.notifier.find(delivery.idempotencyKey, signal);
      if (found === 'unknown')
        return {
          state: 'unknown',
          at: tools.clock.now(),
          lastError: 'an earlier try may have gone out, the notifier cannot tell; retry by hand if it did not',
        };
      if (found !== 'none') return { state: 'sent', at: tools.clock.now(), receipt: found.receipt };
    }
    const report = await tools.stores.reports.get(delivery.runId, delivery.reportVersion);
    if (!report) return { state: 'failed', at: tools.clock.now(), lastError: 'its report is gone (retention)' };
    const pdf = (await tools.files.read(report, 'pdf')) ?? (await renderPdf(report, tools));
    const earlierReceipt = await tools.stores.deliveries.firstReceipt(delivery.incidentId, delivery.destination);
    const { destination, idempotencyKey } = delivery;
    const draft = openDraft(await tools.stores.deliveries.ofIncident(delivery.incidentId));
    const message = { destination, kind, idempotencyKey, report, pdf, earlierReceipt, draft };
    const outcome = await tools.notifier.send(message, signal);
    return afterSend(outcome, delivery, tools.clock.now());
  } catch (error) {
    return retry(delivery, messageOf(error), tools.clock.now());
  }
}

/** A forge is asked what is there before anything is done, so that a try that was cut off is simply made again. */
async function attemptDraft(delivery: Delivery, signal: AbortSignal, tools: OutboxTools): Promise<DeliveryChange> {
  const at = tools.clock.now();
  if (!tools.drafts) return { state: 'failed', at, lastError: 'REMEDIATION is no longer draft' };
  const { deliveries, reports } = tools.stores;
  const all = await deliveries.ofIncident(delivery.incidentId);
  const newer = all.find((one) => isDraftKind(one.kind) && one.plannedAt > delivery.plannedAt);
  if (newer) return { state: 'failed', at, lastError: 'a newer version of the report says otherwise' };
  const report = await reports.get(delivery.runId, delivery.reportVersion);
  const told = all.findLast(({ kind }) => kind === 'draft');
  const draft =
    report?.remediation?.draft ?? (told && (await reports.get(told.runId, told.reportVersion))?.remediation?.draft);
  if (!report || !draft) return { state: 'failed', at, lastError: 'its report is gone (retention)' };
  const outcome = await (delivery.kind === 'draft'
    ? tools.drafts.put(report, draft, signal)
    : tools.drafts.close(report, draft, signal));
  return afterSend(outcome, delivery, tools.clock.now());
}

/** A report without its PDF is still worth sending: the text says it all. */
async function renderPdf(
  report: Parameters<Renderer['render']>[0],
  tools: OutboxTools,
): Promise<Uint8Array | undefined> {
  try {
    const content = await tools.pdf.render(report);
    await tools.files.write(report, 'pdf', content);
    return content;
  } catch (error) {
    tools.log.error(`PDF of ${report.incident.id} could not be made`, { error });
    return undefined;
  }
}

function afterSend(outcome: SendOutcome, delivery: Delivery, now: string): DeliveryChange {
  if (outcome.state === 'sent') return { state: 'sent', at: now, receipt: outcome.receipt };
  if (outcome.state === 'unknown') return { state: 'unknown', at: now, lastError: outcome.error };
  return outcome.retryable
    ? retry(delivery, outcome.error, now)
    : { state: 'failed', at: now, lastError: outcome.error };
}

function retry(delivery: Delivery, lastError: string, now: string): DeliveryChange {
  if (Date.parse(now) - Date.parse(delivery.plannedAt) > GIVE_UP_AFTER_MILLISECONDS) {
    return { state: 'failed', at: now, lastError: `${lastError}; given up after a day` };
  }
  const waitSeconds = RETRY_SECONDS[Math.min(Math.max(delivery.attempts - 1, 0), RETRY_SECONDS.length - 1)] ?? 300;
  return {
    state: 'planned',
    at: now,
    nextAttemptAt: new Date(Date.parse(now) + waitSeconds * 1_000).toISOString(),
    lastError,
  };
}
