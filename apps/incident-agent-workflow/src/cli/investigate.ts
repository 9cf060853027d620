/** Has an agent investigate alerts, a few at a time, and waits for what it finds. */
import { isAgentError, messageOf } from '../domain/error.ts';
import type { Report } from '../domain/report.ts';
import type { Progress, RemoteAgent } from '../host-ports.ts';
import type { Clock, Log } from '../ports.ts';

export type OutgoingAlert = Readonly<Record<string, unknown>>;

export interface InvestigateOptions {
  readonly agent: RemoteAgent;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Told of each alert that the agent has taken for good. */
  readonly taken: (alert: OutgoingAlert) => void;
}

export interface Investigated {
  /** Newest report of each incident, in the order in which they were opened. */
  readonly reports: readonly Report[];
  readonly incidents: readonly string[];
  /** What stood in the way, each once. */
  readonly notes: readonly string[];
}

/** Of our own at the same time: the agent has other things to do too. */
const AT_MOST = 2;
const POLL_MILLISECONDS = 500;
const WAIT_MILLISECONDS = 180_000;
/** Where the agent does not let us see how far it is, this long counts as under way. */
const BLIND_MILLISECONDS = 20_000;

/** Never throws but for a bug: what could not be done is a note, and its alert was not `taken`. */
export async function investigate(
  alerts: readonly OutgoingAlert[],
  options: InvestigateOptions,
): Promise<Investigated> {
  const reports = new Map<string, Report | undefined>();
  const notes = new Set<string>();
  const left = [...alerts];
  let isAway = false;
  async function lane(): Promise<void> {
    for (let alert = left.shift(); alert !== undefined && !isAway; alert = left.shift()) {
      if (options.signal.aborted) return;
      try {
        const ids = await options.agent.post([alert], options.signal);
        options.taken(alert);
        for (const id of ids) {
          const { report, note } = await outcomeOf(id, options);
          if (report !== undefined || !reports.has(id)) reports.set(id, report);
          if (note !== undefined) notes.add(note);
        }
      } catch (error) {
        if (!isAgentError(error)) throw error;
        notes.add(messageOf(error));
        // One that is refused for what it says must not hold up the others for ever.
        if (error.code === 'invalid-input' || error.code === 'too-large') options.taken(alert);
        else isAway = true;
      }
      options.progress.step(alertTitle(alert));
    }
  }
  options.progress.begin('Investigating', alerts.length);
  await Promise.all(Array.from({ length: Math.min(AT_MOST, alerts.length) }, lane));
  options.progress.end();
  return {
    reports: [...reports.values()].filter((report) => report !== undefined),
    incidents: [...reports.keys()],
    notes: [...notes],
  };
}

async function outcomeOf(
  id: string,
  { agent, clock, signal }: InvestigateOptions,
): Promise<{ readonly report?: Report | undefined; readonly note?: string }> {
  const deadline = clock.milliseconds() + WAIT_MILLISECONDS;
  while (!signal.aborted) {
    try {
      const { isUnderWay, report } = await agent.incident(id, signal);
      if (!isUnderWay) return report === undefined ? { note: `${id} ended without a report` } : { report };
      if (clock.milliseconds() > deadline) return { report, note: `${id} is still under way: see the agent's page` };
    } catch (error) {
      if (!isAgentError(error) || error.retryable) throw error;
      await clock.sleep(BLIND_MILLISECONDS, signal);
      return { note: `${id} is investigated, but its report cannot be read: ${messageOf(error)}` };
    }
    await clock.sleep(POLL_MILLISECONDS, signal);
  }
  return { note: `${id}: stopped before its report was there` };
}

function alertTitle({ labels }: OutgoingAlert): string {
  if (typeof labels !== 'object' || labels === null) return 'alert';
  const named = new Map<string, unknown>(Object.entries(labels));
  return `${String(named.get('service'))}: ${String(named.get('template') ?? named.get('alertname'))}`;
}
