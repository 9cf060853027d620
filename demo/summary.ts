/** The one JSON object that `--json` prints, and whether the demo kept its promise. */
import { z } from 'zod';
import type { Detail } from './agent-api.ts';
import type { Followed } from './follow.ts';
import type { Expected } from './scenarios/scenario.ts';

export interface Summary {
  readonly scenario: string;
  /** The verdict is what was expected, and the mail with the PDF was caught. */
  readonly ok: boolean;
  readonly urls: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly incident: { id: string; url: string; status: string; severity: string; alerts: string[] };
  readonly verdict: Verdict;
  readonly expected: Readonly<Record<string, string | number | null>>;
  readonly report: Readonly<Record<'pdf' | 'docx' | 'json', string>>;
  readonly mail: MailSummary | null;
  /** `state`: what became of it at the forge (`opened`, `failed`, …), `none` where none was planned. `reason`: of its proof, or why there is none. */
  readonly draft: {
    state: string;
    branch: string | null;
    url: string | null;
    proof: string | null;
    reason: string | null;
  };
  /** Each rounded to milliseconds. */
  readonly seconds: Seconds;
}
interface Verdict {
  class: string | null;
  service: string | null;
  commit: string | null;
  file: string | null;
  line: number | null;
  confidence: number | null;
  statement: string;
}
interface MailSummary {
  message_id: string | null;
  subject: string;
  to: string;
  attachments: { name: string; bytes: number }[];
}
/** From the 202 on: `insight`, `report`, `mail`. `alert_to_202` is from the moment the alert fired. */
export interface Seconds {
  install: number;
  start: number;
  alert_to_202: number;
  insight: number;
  report: number;
  mail: number | null;
  total: number;
}

export interface SummaryOptions {
  readonly scenario: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly expected: Expected;
  readonly followed: Followed;
  readonly reportFiles: Summary['report'];
  readonly installSeconds: number;
  readonly startSeconds: number;
  readonly totalSeconds: number;
}

export function summaryOf(options: SummaryOptions): Summary {
  const { followed, expected } = options;
  const verdict = verdictOf(followed.detail);
  const { dependency: _notShown, ...shown } = expected;
  const { incident, alerts } = followed.detail;
  return {
    scenario: options.scenario,
    ok: whatDiffers(verdict, expected).length === 0 && followed.mail !== undefined,
    urls: options.urls,
    repository: options.repository,
    incident: {
      id: incident.id,
      url: `${options.urls.agent}/incidents/${incident.id}`,
      status: incident.status,
      severity: incident.severity,
      alerts: [...new Set(alerts.map(({ labels }) => labels.alertname ?? 'unnamed alert'))],
    },
    verdict,
    expected: Object.fromEntries(
      Object.entries(shown).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    report: options.reportFiles,
    mail: mailOf(followed),
    draft: draftOf(followed.detail),
    seconds: secondsOf(options),
  };
}

function verdictOf({ report }: Detail): Verdict {
  const cause = report?.verdict.cause ?? null;
  return {
    class: cause?.class ?? null,
    service: cause?.service ?? null,
    commit: cause?.commit ?? null,
    file: cause?.file ?? null,
    line: cause?.line ?? null,
    confidence: report?.verdict.confidence ?? null,
    statement: report?.verdict.statement.text ?? '',
  };
}

/** The names of the fields in which the verdict is not what was expected; what nobody said is not compared. */
export function whatDiffers(verdict: Verdict, expected: Expected): string[] {
  const differing: string[] = [];
  for (const field of ['class', 'service', 'file', 'line'] as const) {
    if (expected[field] !== undefined && expected[field] !== verdict[field]) differing.push(field);
  }
  if (expected.commit !== undefined && !isSameCommit(expected.commit, verdict.commit)) differing.push('commit');
  const { dependency } = expected;
  if (dependency !== undefined && !verdict.statement.toLowerCase().includes(dependency)) differing.push('dependency');
  return differing;
}

/** One may be cut, as git shows it, but not to less than seven characters. */
function isSameCommit(expected: string | null, found: string | null): boolean {
  if (expected === null || found === null) return expected === found;
  return Math.min(expected.length, found.length) >= 7 && (expected.startsWith(found) || found.startsWith(expected));
}

const DraftReceipt = z.object({ state: z.string(), branch: z.string(), url: z.string() });

function draftOf({ report, deliveries }: Detail): Summary['draft'] {
  const { proposal = null, draft = null, reason = null } = report?.remediation ?? {};
  const proof = proposal?.proof.state ?? null;
  const delivery = deliveries.findLast(({ kind }) => kind === 'draft');
  if (!delivery) return { state: 'none', branch: null, url: null, proof, reason };
  const receipt = DraftReceipt.safeParse(delivery.receipt);
  const because = delivery.lastError ?? proposal?.proof.reason ?? null;
  if (!receipt.success)
    return { state: delivery.state, branch: draft?.branch ?? null, url: null, proof, reason: because };
  const { state, branch, url } = receipt.data;
  return { state, branch, url, proof, reason: because };
}

function mailOf({ mail }: Followed): MailSummary | null {
  if (mail === undefined) return null;
  return {
    message_id: mail.messageId ?? null,
    subject: mail.subject,
    to: mail.to,
    attachments: mail.attachments.map(({ name, content }) => ({ name, bytes: content.byteLength })),
  };
}

function secondsOf({ followed, installSeconds, startSeconds, totalSeconds }: SummaryOptions): Seconds {
  const { incident, alerts, stages, report } = followed.detail;
  const first = alerts.toSorted((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt))[0];
  const accepted = first?.receivedAt ?? incident.openedAt;
  const insight = stages.find(({ stage }) => stage === 'quick')?.finishedAt;
  // The first version: what is tried afterwards makes another one.
  const reported = stages.find(({ stage }) => stage === 'report v1')?.finishedAt ?? report?.generatedAt;
  return {
    install: rounded(installSeconds),
    start: rounded(startSeconds),
    alert_to_202: first === undefined ? 0 : between(first.startsAt, first.receivedAt),
    insight: insight === undefined ? 0 : between(accepted, insight),
    report: reported === undefined ? 0 : between(accepted, reported),
    mail: followed.mail === undefined ? null : between(accepted, followed.mail.receivedAt),
    total: rounded(totalSeconds),
  };
}

function between(from: string, to: string): number {
  return rounded((Date.parse(to) - Date.parse(from)) / 1_000);
}
function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
