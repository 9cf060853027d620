/** Follows an incident from the outside, the way a person with the page open does, and says each step once. */
import { type Detail, getIncident, listIncidents } from './agent-api.ts';
import type { CaughtMail } from './mail-catcher/caught-mail.ts';
import type { MailCatcher } from './mail-catcher/mail-catcher.ts';
import { pause } from './processes.ts';

export interface FollowOptions {
  readonly agentUrl: string;
  readonly mail: MailCatcher;
  readonly service: string;
  /** ISO; older incidents are not ours. */
  readonly since: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Followed {
  readonly detail: Detail;
  /** The newest mail about it that carries the PDF; undefined: none came, and the deliveries say why. */
  readonly mail: CaughtMail | undefined;
}

const LOOK_EVERY_MILLISECONDS = 100;
const INCIDENT_LIMIT_MILLISECONDS = 90_000;
const REPORT_LIMIT_MILLISECONDS = 150_000;
const RECOVERY_LIMIT_MILLISECONDS = 90_000;
const SETTLED = new Set(['sent', 'failed', 'unknown']);

/** Resolves when the investigation has ended and what it planned to send is sent or refused. Rejects when the time is over. */
export async function followIncident(options: FollowOptions): Promise<Followed> {
  const { agentUrl, signal, say } = options;
  const id = await untilOpened(options);
  const told = new Set<string>();
  const deadline = performance.now() + REPORT_LIMIT_MILLISECONDS;
  for (;;) {
    const detail = await getIncident(agentUrl, id);
    for (const line of linesOf(detail)) {
      if (!told.has(line)) say(line);
      told.add(line);
    }
    if (isSettled(detail)) return { detail, mail: mailAbout(options.mail, id) };
    if (performance.now() > deadline) throw new Error(`The investigation of ${id} did not end in time.`);
    await pause(LOOK_EVERY_MILLISECONDS, signal);
  }
}

/** Resolves when the agent has seen for itself that all is well again and has said so. Rejects when the time is over. */
export async function followRecovery(id: string, { agentUrl, say, signal }: FollowOptions): Promise<Detail> {
  const deadline = performance.now() + RECOVERY_LIMIT_MILLISECONDS;
  for (;;) {
    const detail = await getIncident(agentUrl, id);
    if (detail.incident.status === 'resolved' && isRecoveryTold(detail)) {
      for (const line of linesOf(detail).filter((one) => /\(resolved\)|incident resolved/.test(one))) say(line);
      return detail;
    }
    if (performance.now() > deadline) throw new Error(`${id} was not resolved in time: ${detail.incident.status}.`);
    await pause(LOOK_EVERY_MILLISECONDS, signal);
  }
}

/** Whoever was told that it began is told that it is over; until then that message may not be planned yet in what was read. */
function isRecoveryTold({ deliveries }: Detail): boolean {
  const wereTold = deliveries.some(({ kind, state }) => kind === 'opened' && state === 'sent');
  return (
    deliveries.every(({ state }) => SETTLED.has(state)) &&
    (!wereTold || deliveries.some(({ kind }) => kind === 'resolved'))
  );
}

async function untilOpened({ agentUrl, service, since, say, signal }: FollowOptions): Promise<string> {
  const deadline = performance.now() + INCIDENT_LIMIT_MILLISECONDS;
  while (performance.now() < deadline) {
    const ours = (await listIncidents(agentUrl)).find(
      (incident) => incident.service === service && incident.openedAt >= since,
    );
    if (ours) {
      say(`incident ${ours.id} (${ours.severity}) opened`);
      return ours.id;
    }
    await pause(LOOK_EVERY_MILLISECONDS, signal);
  }
  throw new Error(`No incident about ${service} was opened within ${INCIDENT_LIMIT_MILLISECONDS / 1_000} s.`);
}

function linesOf({ incident, alerts, stages, report, deliveries }: Detail): string[] {
  return [
    ...alerts.map(
      ({ labels }) => `alert ${labels.alertname ?? 'without a name'} for ${labels.service ?? 'no service'}`,
    ),
    ...stages.map(({ stage, startedAt, finishedAt, note }) => {
      const milliseconds = Date.parse(finishedAt) - Date.parse(startedAt);
      return `stage ${stage}: ${note === null ? 'done' : `failed, ${note}`} (${milliseconds} ms)`;
    }),
    ...(report === null ? [] : [`report v${report.version}: ${report.verdict.statement.text}`]),
    ...deliveries
      .filter(({ state }) => SETTLED.has(state))
      .map(
        ({ destination, kind, state, lastError }) =>
          `${destination} (${kind}): ${state}${lastError === null ? '' : `, ${lastError}`}`,
      ),
    ...(incident.status === 'resolved' ? ['incident resolved'] : []),
  ];
}

function isSettled({ runs, report, deliveries }: Detail): boolean {
  return (
    report !== null &&
    runs.length > 0 &&
    runs.every(({ status }) => status === 'done' || status === 'failed') &&
    deliveries.length > 0 &&
    deliveries.every(({ state }) => SETTLED.has(state))
  );
}

function mailAbout(catcher: MailCatcher, id: string): CaughtMail | undefined {
  const isAboutIt = new RegExp(`\\b${id}\\b`);
  return catcher
    .messages()
    .findLast(
      ({ subject, text, attachments }) => (isAboutIt.test(subject) || isAboutIt.test(text)) && attachments.some(isPdf),
    );
}

/** By its content, not by its name. */
function isPdf({ content }: CaughtMail['attachments'][number]): boolean {
  return Buffer.from(content.subarray(0, 5)).toString('latin1') === '%PDF-';
}
