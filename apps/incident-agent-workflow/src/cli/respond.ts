/** `incident-agent respond <alert.json|->`: one alert to a report on the terminal, without a database. */
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Alert } from '../domain/alert.ts';
import { serviceFinder } from '../domain/alert-service.ts';
import type { Bundle, ModelExchange, RunRecord } from '../domain/bundle.ts';
import { AgentError } from '../domain/error.ts';
import type { Incident, Run } from '../domain/incident.ts';
import { severityOf } from '../domain/incident.ts';
import type { Report } from '../domain/report.ts';
import { groupKeyOf, titleOf } from '../intake/group.ts';
import { earliest } from '../lib/instants.ts';
import { respond } from '../pipeline.ts';
import type { AlertFormat, Chance, Renderer, ReportFiles, ResponseTools, WriteBundle } from '../ports.ts';
import { bundleOfRun } from '../report/run-bundle.ts';
import { runRecord } from './run-record.ts';

export interface RespondOptions {
  /** Path of the alert's JSON, `-` for standard input. */
  readonly input: string;
  readonly format: AlertFormat;
  readonly chance: Chance;
  readonly tools: Omit<ResponseTools, 'journal' | 'publish' | 'keepObservations' | 'keepExchanges' | 'signal'>;
  readonly signal: AbortSignal;
  readonly pdf: Renderer;
  readonly files: ReportFiles;
  /** Writes the run's bundle there. */
  readonly bundle?: { readonly path: string; readonly write: WriteBundle } | undefined;
}

export interface Responded {
  readonly report: Report;
  readonly pdfPath: string;
}

/** Throws AgentError('invalid-input') when the file holds no usable alert. */
export async function respondOnce(options: RespondOptions): Promise<Responded> {
  const { good, rejected } = options.format.parse(await readJson(options.input), options.tools.clock.now());
  if (good.length === 0)
    throw new AgentError('invalid-input', rejected[0]?.reason ?? 'the file holds no alert', { retryable: false });
  const { report, bundle } = await respondTo(good, options);
  if (options.bundle) {
    if (!bundle)
      throw new AgentError('not-found', 'the look failed, so there is nothing to bundle', { retryable: false });
    await writeFile(options.bundle.path, await options.bundle.write(bundle));
  }
  return { report, pdfPath: await options.files.write(report, 'pdf', await options.pdf.render(report)) };
}

/** The alerts as one incident that nobody keeps. Throws AgentError('invalid-input') when there is none. */
export async function respondTo(
  alerts: readonly Alert[],
  { tools, chance, signal }: Pick<RespondOptions, 'tools' | 'chance' | 'signal'>,
): Promise<{ readonly report: Report; readonly bundle: Bundle | undefined }> {
  const [alert] = alerts;
  if (!alert) throw new AgentError('invalid-input', 'there is no alert', { retryable: false });
  const now = tools.clock.now();
  const serviceOf = serviceFinder(tools.registry);
  const incident: Incident = {
    id: 'INC-0',
    status: 'investigating',
    severity: severityOf(alerts),
    service: serviceOf(alert),
    title: titleOf(alert, serviceOf),
    groupKey: groupKeyOf(alert, serviceOf),
    openedAt: now,
    startedAt: earliest(alerts.map(({ startsAt }) => startsAt)) ?? alert.startsAt,
    alerts: [...alerts],
  };
  const run: Run = {
    id: chance.uuid(),
    pipelineId: chance.pipelineId(),
    incidentId: incident.id,
    status: 'running',
    reason: 'manual',
    attempt: 1,
    createdAt: now,
  };
  let record: RunRecord | undefined;
  const exchanges = new Map<string, readonly ModelExchange[]>();
  const report = await respond(incident, run, {
    ...tools,
    signal,
    journal: noJournal,
    async publish() {},
    keepObservations(observations) {
      record = runRecord(incident, tools.registry, observations);
    },
    keepExchanges(agent, said) {
      exchanges.set(agent, said);
    },
  });
  return { report, bundle: record && bundleOfRun(run, record, report, [...exchanges.values()].flat()) };
}

/** Nothing is kept: a run on the terminal starts anew each time. */
const noJournal: ResponseTools['journal'] = { finished: async () => undefined, finish: async () => {} };

async function readJson(input: string): Promise<unknown> {
  const content = input === '-' ? await text(process.stdin) : await readFile(input, 'utf8');
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new AgentError('invalid-input', `${input === '-' ? 'standard input' : input} is not JSON`, {
      retryable: false,
      cause: error,
    });
  }
}
