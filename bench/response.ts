/** How soon people know: from the 202 to the first insight and to the mail with its PDF, and after a worker was killed. */
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../demo/listen.ts';
import type { CaughtMail } from '../demo/mail-catcher/caught-mail.ts';
import { type MailCatcher, startMailCatcher } from '../demo/mail-catcher/mail-catcher.ts';
import { type Program, pause, startProgram, untilAnswers } from '../demo/processes.ts';
import { type RunningAgent, startAgent } from './agent.ts';
import { type FailingService, startFailingService } from './failing-service.ts';
import { type Bench, type BenchContext, type Figure, figure, percentile } from './figures.ts';

const INCIDENTS = 20;
const KILLS = 3;
const MAIL_LIMIT_MILLISECONDS = 60_000;
/** More new incidents than 20 a minute are gathered into storms. */
const PER_MINUTE = 20;
/** So long does the service let the first asker wait, so that the worker dies in the middle of its run. */
const HOLD_MILLISECONDS = 3_000;
/** A worker that lived shorter is restarted ever later; here the first crash is measured. */
const WELL_MILLISECONDS = 11_000;

interface Stack {
  readonly agent: RunningAgent;
  readonly service: FailingService;
  readonly mail: MailCatcher;
  /** When each incident was accepted, in order. */
  readonly acceptedAt: number[];
}

export const response: Bench = async (context) => {
  const count = context.repeats ?? INCIDENTS;
  return withStack(context, count + KILLS, async (stack) => {
    const figures = await respondTo(count, stack, context);
    return [...figures, ...(await resumeAfterKills(Math.min(KILLS, count), stack, context))];
  });
};

async function withStack<T>(context: BenchContext, names: number, work: (stack: Stack) => Promise<T>): Promise<T> {
  const { scratch, signal } = context;
  const started: { stop(): Promise<void> }[] = [];
  try {
    const mail = await startMailCatcher();
    started.push({ stop: () => mail.close() });
    const service = await startFailingService(scratch, names);
    started.push({ stop: () => service.close() });
    const notifierPort = await freePort();
    const notifier = startNotifier(scratch, notifierPort, mail.smtpPort);
    started.push(notifier);
    const outputFile = join(scratch, 'notifier.log');
    await untilAnswers(`http://127.0.0.1:${notifierPort}/health`, notifier, outputFile, 30_000, signal);
    const notifierUrl = `http://127.0.0.1:${notifierPort}/notify`;
    const agent = await startAgent({ scratch, withWorker: true, registry: service.registry, notifierUrl, signal });
    started.push(agent);
    return await work({ agent, service, mail, acceptedAt: [] });
  } finally {
    for (const one of started.toReversed()) await one.stop();
  }
}

function startNotifier(scratch: string, port: number, smtpPort: number): Program {
  const folder = join(import.meta.dirname, '..', 'apps', 'notifier');
  return startProgram({
    name: 'notifier',
    run: { file: join(folder, 'src', 'main.ts') },
    folder,
    outputFile: join(scratch, 'notifier.log'),
    environment: {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: join(scratch, 'notifier'),
      LOG_DIR: join(scratch, 'notifier-logs'),
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtpPort),
      EMAIL_SENDER: 'incident-agent@example.com',
      EMAIL_RECEIVER: 'on-call@example.com',
    },
  });
}

async function respondTo(count: number, stack: Stack, { say, signal }: BenchContext): Promise<Figure[]> {
  const insightSeconds: number[] = [];
  const mailSeconds: number[] = [];
  for (let index = 0; index < count; index += 1) {
    await keepPace(stack, signal);
    const name = stack.service.nextName();
    stack.service.fail(name);
    const { id, acceptedAt } = await alert(name, stack);
    const mail = await mailAbout(id, stack, signal);
    mailSeconds.push((Date.parse(mail.receivedAt) - acceptedAt) / 1_000);
    insightSeconds.push((Date.parse(await stageEnd(id, 'quick', stack)) - acceptedAt) / 1_000);
    const bytes = mail.attachments[0]?.content.byteLength ?? 0;
    say(`${id}: insight ${insightSeconds.at(-1)} s, mail ${mailSeconds.at(-1)} s, PDF ${Math.round(bytes / 1024)} kB`);
  }
  return [
    figure('insight_p50_s', percentile(insightSeconds, 0.5), 's', { below: 1 }),
    figure('insight_p95_s', percentile(insightSeconds, 0.95), 's'),
    figure('mail_p50_s', percentile(mailSeconds, 0.5), 's', { below: 2 }),
    figure('mail_p95_s', percentile(mailSeconds, 0.95), 's', { below: 5 }),
  ];
}

/** The worker is killed while it waits for the service's answer, so certainly in the middle of its first stage. */
async function resumeAfterKills(count: number, stack: Stack, { say, signal }: BenchContext): Promise<Figure[]> {
  const takenSeconds: number[] = [];
  const mailSeconds: number[] = [];
  const { agent, service } = stack;
  for (let index = 0; index < count; index += 1) {
    await pause(WELL_MILLISECONDS, signal);
    await keepPace(stack, signal);
    const name = service.nextName();
    service.fail(name);
    const asked = service.untilAsked(name, HOLD_MILLISECONDS);
    const { id } = await alert(name, stack);
    await asked;
    const workerPid = agent.workerPid();
    if (workerPid === undefined) throw new Error('The agent has no worker that could be killed');
    const askedAgain = service.untilAsked(name, 0);
    const killedAt = Date.now();
    process.kill(workerPid, 'SIGKILL');
    await askedAgain;
    takenSeconds.push((Date.now() - killedAt) / 1_000);
    const mail = await mailAbout(id, stack, signal);
    mailSeconds.push((Date.parse(mail.receivedAt) - killedAt) / 1_000);
    say(`${id}: worker killed, taken up after ${takenSeconds.at(-1)} s, mail after ${mailSeconds.at(-1)} s`);
  }
  return [
    figure('resume_taken_p50_s', percentile(takenSeconds, 0.5), 's', { below: 2 }),
    figure('resume_p50_s', percentile(mailSeconds, 0.5), 's'),
  ];
}

async function keepPace({ acceptedAt }: Stack, signal: AbortSignal): Promise<void> {
  const earlier = acceptedAt.at(-PER_MINUTE);
  if (acceptedAt.length < PER_MINUTE || earlier === undefined) return;
  await pause(Math.max(0, earlier + 61_000 - Date.now()), signal);
}

const Accepted = z.object({ incidents: z.array(z.object({ id: z.string(), new: z.boolean() })).length(1) });

async function alert(service: string, { agent, acceptedAt: all }: Stack): Promise<{ id: string; acceptedAt: number }> {
  const labels = { alertname: 'Service5xxErrors', service, severity: 'critical' };
  const annotations = { summary: `${service} answers requests with 5xx` };
  const answer = await fetch(`${agent.url}/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alerts: [{ status: 'firing', labels, annotations }] }),
  });
  const acceptedAt = Date.now();
  all.push(acceptedAt);
  if (answer.status !== 202) throw new Error(`The alert was answered with ${answer.status}: ${await answer.text()}`);
  const [incident] = Accepted.parse(await answer.json()).incidents;
  if (!incident?.new) throw new Error('The alert opened no incident of its own');
  return { id: incident.id, acceptedAt };
}

/** Without its PDF a mail does not count. */
async function mailAbout(id: string, { mail }: Stack, signal: AbortSignal): Promise<CaughtMail> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(MAIL_LIMIT_MILLISECONDS)]);
  const found = await mail.waitForMessage(({ subject }) => subject.includes(`(${id})`), limit);
  if (!found.attachments.some(({ contentType }) => contentType === 'application/pdf'))
    throw new Error(`The mail about ${id} has no PDF`);
  return found;
}

const Detail = z.object({ stages: z.array(z.object({ stage: z.string(), finishedAt: z.string() })) });

async function stageEnd(id: string, stage: string, { agent }: Stack): Promise<string> {
  const detail = Detail.parse(await (await fetch(`${agent.url}/api/incidents/${id}`)).json());
  const found = detail.stages.find((one) => one.stage === stage);
  if (!found) throw new Error(`${id} has no finished stage ${stage}`);
  return found.finishedAt;
}
