/** The monitor's second loop: what is new in the logs becomes alerts, once, whatever restarts in between. */
import { z } from 'zod';
import { messageOf } from '../domain/error.ts';
import type { LogFinding, LogReport, Outage } from '../domain/log-finding.ts';
import type { Registry } from '../domain/service.ts';
import type { LogReader, LogReportRenderer, Progress, RemoteAgent, StateFile } from '../host-ports.ts';
import { counted } from '../lib/wording.ts';
import { remember, toLogAlert } from '../monitor/log-memory.ts';
import type { Clock, Log } from '../ports.ts';
import { investigate, type OutgoingAlert } from './investigate.ts';
import { lookAtLogs } from './look-at-logs.ts';
import { writeLogReport } from './write-log-report.ts';

export interface LogLoopOptions {
  readonly registry: Registry;
  readonly reader: LogReader;
  readonly agent: RemoteAgent;
  readonly state: StateFile;
  readonly renderer: LogReportRenderer;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  readonly digest: (text: string) => string;
  readonly intervalSeconds: number;
  /** Of a log that was never read before. */
  readonly tailLines: number;
  /** undefined: no Word reports. */
  readonly outputFolder: string | undefined;
  /** Outages that were not told before; asking takes them. */
  readonly takeOutages: () => Outage[];
  readonly signal: AbortSignal;
}

const State = z.object({
  schema: z.literal('log-monitor/1'),
  marks: z.record(z.string(), z.unknown()),
  memory: z.record(z.string(), z.string()),
  /** Found and not yet taken by an agent. */
  waiting: z.array(z.record(z.string(), z.unknown())),
});
type State = z.infer<typeof State>;

const NOTHING: State = { schema: 'log-monitor/1', marks: {}, memory: {}, waiting: [] };
/** While the agent is away for long, the newest count. */
const MAX_WAITING = 1_000;

/** Resolves when the signal aborts. A look that fails is told and tried again. */
export async function watchLogsForever(options: LogLoopOptions): Promise<void> {
  const { clock, log, signal } = options;
  const remembered = State.safeParse(await options.state.read());
  let state: State = remembered.success ? remembered.data : NOTHING;
  while (!signal.aborted) {
    const began = clock.milliseconds();
    try {
      state = await cycle(state, options);
    } catch (error) {
      log.error('The logs could not be looked at, it is tried again', { reason: messageOf(error) });
    }
    await clock.sleep(Math.max(0, options.intervalSeconds * 1_000 - (clock.milliseconds() - began)), signal);
  }
}

/** What was found is on disk before anybody is told of it: killed in between, it is told after the restart. */
async function cycle(state: State, options: LogLoopOptions): Promise<State> {
  const { clock, log } = options;
  const { look, marks } = await lookAtLogs(
    { services: options.registry.services, takesRest: false, ...options },
    state.marks,
  );
  const now = clock.now();
  const { memory, fresh } = remember(state.memory, look.findings, now);
  for (const { service, path, reason } of look.unread) log.warn(`Log of ${service} not read`, { path, reason });
  const waiting = [...state.waiting, ...fresh.map((finding) => toLogAlert(finding, now))].slice(-MAX_WAITING);
  const found: State = { schema: 'log-monitor/1', marks, memory, waiting };
  await options.state.write(found);
  for (const finding of fresh) tellFinding(finding, log);
  const left = new Set<OutgoingAlert>(waiting);
  const { reports, notes } = await investigateWaiting(waiting, left, options);
  const told: State = { ...found, waiting: waiting.filter((alert) => left.has(alert)) };
  if (told.waiting.length < waiting.length) await options.state.write(told);
  await keepReport(
    { look: { ...look, findings: fresh }, outages: options.takeOutages(), incidents: reports, notes },
    options,
  );
  return told;
}

function tellFinding({ service, gravity, template, log: path, line, count }: LogFinding, log: Log): void {
  log.warn(`New in the log of ${service}: ${template}`, { gravity, path, line, count });
}

async function investigateWaiting(
  waiting: readonly OutgoingAlert[],
  left: Set<OutgoingAlert>,
  options: LogLoopOptions,
) {
  if (waiting.length === 0) return { reports: [], notes: [] };
  const found = await investigate(waiting, { ...options, taken: (alert) => left.delete(alert) });
  for (const note of found.notes) options.log.warn('Not everything could be investigated', { reason: note });
  if (left.size > 0) options.log.warn(`${counted(left.size, 'alert')} wait for the agent, they are sent again`);
  return found;
}

async function keepReport(report: LogReport, { outputFolder, renderer, log }: LogLoopOptions): Promise<void> {
  const { look, outages, incidents } = report;
  if (outputFolder === undefined || look.findings.length + outages.length + incidents.length === 0) return;
  try {
    log.info('Word report of this cycle', { path: await writeLogReport(report, outputFolder, renderer) });
  } catch (error) {
    log.error('The Word report could not be written', { reason: messageOf(error) });
  }
}
