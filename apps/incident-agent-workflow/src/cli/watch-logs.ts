/** `incident-agent watch-logs`: one look at every service's log, an investigation of what it flags, a Word report. */
import { resolve } from 'node:path';
import { AgentError, isAgentError, messageOf } from '../domain/error.ts';
import type { LogFinding, LogReport } from '../domain/log-finding.ts';
import type { Report } from '../domain/report.ts';
import { findService, type Registry, type Service } from '../domain/service.ts';
import type { LogReader, LogReportRenderer, Progress, RemoteAgent } from '../host-ports.ts';
import { counted } from '../lib/wording.ts';
import { toLogAlert } from '../monitor/log-memory.ts';
import type { Clock, Log } from '../ports.ts';
import { investigate } from './investigate.ts';
import { lookAtLogs } from './look-at-logs.ts';
import { writeLogReport } from './write-log-report.ts';

export interface WatchLogsOptions {
  readonly tailLines: number;
  /** Empty: all of the registry. */
  readonly services: readonly string[];
  readonly withPipeline: boolean;
  readonly outputFolder: string;
  readonly registry: Registry;
  readonly reader: LogReader;
  readonly renderer: LogReportRenderer;
  readonly agent: RemoteAgent;
  /** Investigates by itself, for where no agent answers. Alerts of one service are one incident. */
  readonly respond: (alerts: readonly Readonly<Record<string, unknown>>[]) => Promise<Report>;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  readonly digest: (text: string) => string;
  readonly signal: AbortSignal;
}

export interface Watched {
  readonly report: LogReport;
  readonly path: string;
}

/** Throws AgentError('invalid-input') for a service that is not registered, 'not-found' where no log at all could be read. */
export async function watchLogs(options: WatchLogsOptions): Promise<Watched> {
  const { clock, progress, digest, reader, tailLines } = options;
  const services = servicesOf(options);
  const read = { reader, tailLines, takesRest: true };
  const { look } = await lookAtLogs({ services, clock, progress, digest, ...read }, {});
  if (look.logs.length === 0) {
    const reasons = look.unread.map(({ service, reason }) => `${service}: ${reason}`).join('; ');
    throw new AgentError('not-found', `No log could be read. ${reasons}`, { retryable: false });
  }
  const found = options.withPipeline ? await causesOf(look.findings, options) : { incidents: [], notes: [] };
  const report: LogReport = { look, outages: [], ...found };
  return { report, path: await writeLogReport(report, resolve(options.outputFolder), options.renderer) };
}

function servicesOf({ registry, services }: WatchLogsOptions): readonly Service[] {
  if (services.length === 0) return registry.services;
  return services.map((name) => {
    const service = findService(registry, name);
    if (service) return service;
    const known = registry.services.map((one) => one.name).join(', ');
    throw new AgentError('invalid-input', `--service ${name}: is not in the service registry; known are ${known}`, {
      retryable: false,
    });
  });
}

async function causesOf(
  findings: readonly LogFinding[],
  options: WatchLogsOptions,
): Promise<Pick<LogReport, 'incidents' | 'notes'>> {
  const { agent, clock, log, signal, progress } = options;
  const alerts = findings.map((finding) => toLogAlert(finding, clock.now()));
  if (alerts.length === 0) return { incidents: [], notes: [] };
  if (await agent.answers(signal)) {
    const { reports, notes } = await investigate(alerts, { agent, clock, log, signal, progress, taken() {} });
    return { incidents: reports, notes };
  }
  log.info(`No agent answers at ${agent.url}: investigating without one`);
  return alone(findings, alerts, options);
}

const AT_MOST = 2;

async function alone(
  findings: readonly LogFinding[],
  alerts: readonly Readonly<Record<string, unknown>>[],
  { respond, progress, agent }: WatchLogsOptions,
): Promise<Pick<LogReport, 'incidents' | 'notes'>> {
  const names = [...new Set(findings.map(({ service }) => service))];
  const reports = new Map<string, Report>();
  const notes = [`No agent answered at ${agent.url}: investigated by this command itself, nothing is kept or mailed.`];
  const left = [...names];
  async function lane(): Promise<void> {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      try {
        const own = alerts.filter((_alert, index) => findings[index]?.service === name);
        reports.set(name, await respond(own));
      } catch (error) {
        if (!isAgentError(error)) throw error;
        notes.push(`${name} could not be investigated: ${messageOf(error)}`);
      }
      progress.step(name);
    }
  }
  progress.begin('Investigating', names.length);
  await Promise.all(Array.from({ length: AT_MOST }, lane));
  progress.end();
  return { incidents: names.flatMap((name) => reports.get(name) ?? []), notes };
}

/** What the terminal shows. */
export function watchedLines({ report, path }: Watched): string[] {
  const { look, incidents, notes } = report;
  const lines = look.logs.reduce((sum, log) => sum + log.lines, 0);
  return [
    `${counted(look.findings.length, 'finding')} in ${counted(lines, 'line')} of ${counted(look.logs.length, 'log')}`,
    ...look.findings.map(
      ({ gravity, service, log, line, count, template }) =>
        `${gravity.toUpperCase().padEnd(8)} ${service}  ${log}${line === null ? '' : `:${line}`}  ${count} ×  ${template}`,
    ),
    ...look.unread.map(({ service, path: log, reason }) => `not read ${service}  ${log}  ${reason}`),
    ...incidents.map(({ incident, verdict }) => `cause    ${incident.service}  ${verdict.statement.text}`),
    ...notes.map((note) => `note     ${note}`),
    `Word     ${path}`,
  ];
}
