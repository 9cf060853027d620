/** `incident-agent report <id>`: the newest report of an incident, from an agent, or where none answers from the database. */
import { resolve } from 'node:path';
import { withDeliveries } from '../deliver/with-deliveries.ts';
import { AgentError } from '../domain/error.ts';
import { AskedIncident } from '../domain/incident.ts';
import type { RemoteAgent } from '../host-ports.ts';
import { writeWhole } from '../lib/write-whole.ts';
import type { Renderer, ReportFormat, Stores } from '../ports.ts';

export interface PrintReportOptions {
  readonly id: string;
  readonly format: ReportFormat;
  /** undefined: by the format; `-`: standard output. */
  readonly output: string | undefined;
  readonly agent: RemoteAgent;
  readonly renderer: Renderer;
  /** Opens the database; closed by whoever gave it. */
  readonly openStores: () => Promise<Pick<Stores, 'reports' | 'incidents' | 'deliveries'>>;
  readonly signal: AbortSignal;
  readonly print: (content: Uint8Array) => void;
}

/** The path it was written to; undefined: it was printed. Throws AgentError ('invalid-input', 'not-found', …). */
export async function printReport(options: PrintReportOptions): Promise<string | undefined> {
  const { id, format, agent, signal } = options;
  const asked = AskedIncident.safeParse(id);
  if (!asked.success)
    throw new AgentError('invalid-input', `${id}: ${asked.error.issues[0]?.message}`, { retryable: false });
  const content = (await agent.answers(signal)) ? await agent.report(id, format, signal) : await fromStore(options);
  const output = options.output ?? (format === 'md' || format === 'json' ? '-' : `${id}.${format}`);
  if (output === '-') {
    options.print(content);
    return undefined;
  }
  return writeWhole(resolve(output), content);
}

async function fromStore({ id, renderer, openStores }: PrintReportOptions): Promise<Uint8Array> {
  const { reports, incidents, deliveries } = await openStores();
  const report = await reports.newest(id);
  if (report) return renderer.render(await withDeliveries(report, deliveries));
  const incident = await incidents.get(id);
  const reason = incident ? `${id} has no report yet: its investigation is under way` : `There is no incident ${id}`;
  throw new AgentError('not-found', reason, { retryable: false });
}
