/** One scenario from nothing to its summary: prepare, start, let it run well, break it, follow what the agent does. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getReport, type ReportFormat } from './agent-api.ts';
import { type Followed, followIncident, followRecovery } from './follow.ts';
import { choosePorts } from './ports.ts';
import { pause } from './processes.ts';
import { publishTo } from './repository.ts';
import type { Prepared, Scenario } from './scenarios/scenario.ts';
import { createScratch } from './scratch.ts';
import { FOR_SECONDS, SCRAPE_SECONDS, type Stack, startStack } from './stack.ts';
import { type Summary, summaryOf, whatDiffers } from './summary.ts';
import { startTraffic, type Traffic } from './traffic.ts';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly ports: 'documented' | 'auto';
  readonly installSeconds: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ScenarioRun {
  readonly summary: Summary;
  readonly stack: Stack;
  stop(): Promise<void>;
}

const REQUESTS_PER_SECOND = 12;
/** How long all is well: enough samples for the analysis to know what is usual. */
const BASELINE_SECONDS = 15;
const FORMATS = ['pdf', 'docx', 'json'] as const satisfies readonly ReportFormat[];

/** Everything is still up when it resolves; nothing is when it rejects. */
export async function runScenario(options: RunOptions): Promise<ScenarioRun> {
  const { scenario, say, signal } = options;
  const beganAt = performance.now();
  const scratch = createScratch(scenario.name, new Date());
  const ports = await choosePorts(options.ports);
  say(`── ${scenario.name} ── everything of this run is in ${scratch}`);
  say(
    `intervals are shortened by configuration: the monitor looks every ${SCRAPE_SECONDS} s and alerts after ${FOR_SECONDS} s (instead of 5 s and 30 s)`,
  );
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).toReversed()) await stopOne();
  };
  try {
    const prepared = await scenario.prepare({ ports, scratch, say });
    stops.push(() => prepared.stop());
    const startedAt = performance.now();
    await prepared.start(signal);
    const forge = join(scratch, 'forge.git');
    await publishTo(forge, prepared.repository);
    const stack = await startStack({ ports, scratch, services: prepared.services, forge, signal });
    stops.push(() => stack.stop());
    const startSeconds = secondsSince(startedAt);
    say(`all is up after ${startSeconds.toFixed(1)} s; the page is at ${stack.agentUrl}`);
    const { followed, reportFiles } = await breakAndFollow(prepared, stack, stops, { ...options, scratch, forge });
    const summary = summaryOf({
      scenario: scenario.name,
      urls: urlsOf(stack, prepared),
      repository: prepared.repository,
      expected: prepared.expected,
      followed,
      reportFiles,
      installSeconds: options.installSeconds,
      startSeconds,
      totalSeconds: options.installSeconds + secondsSince(beganAt),
    });
    for (const line of ending(summary, prepared)) say(line);
    return { summary, stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function breakAndFollow(
  prepared: Prepared,
  stack: Stack,
  stops: (() => Promise<void>)[],
  { say, signal, scratch, forge }: RunOptions & { readonly scratch: string; readonly forge: string },
): Promise<{ readonly followed: Followed; readonly reportFiles: Record<ReportFormat, string> }> {
  const since = new Date().toISOString();
  const traffic = startTraffic(prepared.traffic, REQUESTS_PER_SECOND, prepared.observe);
  stops.push(() => traffic.stop());
  say(`traffic: ${REQUESTS_PER_SECOND} requests a second, ${BASELINE_SECONDS} s of them while all is well`);
  await pause(BASELINE_SECONDS * 1_000, signal);
  say(`so far: ${countsLine(traffic)}`);
  await prepared.breakIt(signal);
  await publishTo(forge, prepared.repository);
  const following = { agentUrl: stack.agentUrl, mail: stack.mail, service: prepared.broken, since, say, signal };
  const followed = await followIncident(following);
  say(`since then: ${countsLine(traffic)}`);
  const reportFiles = await saveReports(stack, followed, scratch);
  if (prepared.mendIt === undefined) return { followed, reportFiles };
  await prepared.mendIt(signal);
  const { incident } = await followRecovery(followed.detail.incident.id, following);
  return { followed: { ...followed, detail: { ...followed.detail, incident } }, reportFiles };
}

function countsLine(traffic: Traffic): string {
  const counts = Object.entries(traffic.counts()).toSorted(([left], [right]) => left.localeCompare(right));
  return (
    counts.map(([outcome, count]) => `${count} × ${outcome === 'none' ? 'no answer' : outcome}`).join(', ') ||
    'no answers'
  );
}

async function saveReports(stack: Stack, { detail }: Followed, scratch: string): Promise<Record<ReportFormat, string>> {
  const { id } = detail.incident;
  const path = (format: ReportFormat) => join(scratch, 'result', `${id}.${format}`);
  mkdirSync(join(scratch, 'result'), { recursive: true });
  for (const format of FORMATS) writeFileSync(path(format), await getReport(stack.agentUrl, id, format));
  return { pdf: path('pdf'), docx: path('docx'), json: path('json') };
}

function urlsOf(stack: Stack, prepared: Prepared): Record<string, string> {
  const services = prepared.services.map(({ name, url }) => [name, url] as const);
  return {
    agent: stack.agentUrl,
    notifier: stack.notifierUrl,
    mail: stack.mail.httpUrl,
    ...Object.fromEntries(services),
  };
}

function ending(summary: Summary, { expected }: Prepared): string[] {
  const differing = whatDiffers(summary.verdict, expected);
  const { mail } = summary;
  return [
    '',
    summary.verdict.statement,
    differing.length === 0
      ? 'That is what was done to it.'
      : `That is not what was done to it: ${differing.map((field) => `${field} should be ${JSON.stringify(Object.entries(expected).find(([name]) => name === field)?.[1])}`).join(', ')}.`,
    '',
    `page    ${summary.incident.url}`,
    `PDF     ${summary.report.pdf}`,
    `Word    ${summary.report.docx}`,
    `draft   ${draftLine(summary)}`,
    `e-mail  ${mail === null ? 'none with the PDF was caught' : `${summary.urls.mail} (${mail.subject})`}`,
    '',
  ];
}

function draftLine({ draft }: Summary): string {
  if (draft.state === 'none') return `none${draft.reason === null ? '' : `: ${draft.reason}`}`;
  return `${draft.url ?? draft.branch ?? ''} (${draft.state}; ${draft.proof ?? 'no proof'}${draft.reason === null ? '' : `: ${draft.reason}`})`;
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000;
}
