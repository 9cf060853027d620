/** The plain page in all its states, and the mails: whole HTML documents, built from the example reports. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notifyRequest } from '../apps/incident-agent-workflow/src/adapters/notifiers/notify-request.ts';
import type { Delivery } from '../apps/incident-agent-workflow/src/domain/delivery.ts';
import type { Incident } from '../apps/incident-agent-workflow/src/domain/incident.ts';
import type { Report } from '../apps/incident-agent-workflow/src/domain/report.ts';
import { chartsOf } from '../apps/incident-agent-workflow/src/report/charts.ts';
import {
  CASES,
  type Case,
  exampleComposition,
  exampleReport,
} from '../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';
import { incidentPage } from '../apps/incident-agent-workflow/src/server/page/incident-page.ts';
import { listPage, notFoundPage, signInPage } from '../apps/incident-agent-workflow/src/server/page/list-page.ts';
import { mailHtml } from '../apps/notifier/src/mail/html.ts';
import { mailView } from '../apps/notifier/src/mail/view.ts';

import { corpusReports } from './pictures-corpus.ts';

export interface Picture {
  readonly name: string;
  readonly html: string;
}

const ROOT = join(import.meta.dirname, '..');

export function stylesheet(): string {
  return readFileSync(join(ROOT, 'apps/incident-agent-workflow/src/server/page/page.css'), 'utf8');
}

export function pages(): Picture[] {
  return [
    ...CASES.map((name) => ({ name: `incident-${name}`, html: incidentOf(exampleReport(name), name) })),
    { name: 'incident-hostile', html: incidentOf(hostile(exampleReport('code')), 'code') },
    { name: 'incident-under-way', html: underWay() },
    { name: 'list', html: listPage(listed(), 'next') },
    { name: 'list-empty', html: listPage([], undefined) },
    { name: 'sign-in', html: signInPage(false) },
    { name: 'sign-in-refused', html: signInPage(true) },
    { name: 'architecture', html: readFileSync(join(ROOT, 'architecture.html'), 'utf8') },
    { name: 'not-found', html: notFoundPage('There is no such incident') },
  ];
}

export async function mails(): Promise<Picture[]> {
  const reports = [...(await corpusReports()), { name: 'not-confirmed', report: exampleReport('not-confirmed') }];
  return reports.map(({ name, report }) => ({ name: `mail-${name}`, html: mailOf(report) }));
}

function incidentOf(report: Report, name: Case): string {
  const incident = { ...exampleComposition(name).incident, title: report.incident.title, status: 'diagnosed' as const };
  return incidentPage({ incident, report, stages: [], deliveries: deliveriesOf(report) });
}

function underWay(): string {
  const { incident, run } = exampleComposition('code');
  const at = run.createdAt;
  const stages = ['look', 'quick', 'route'].map((stage) => ({
    runId: run.id,
    stage,
    attempt: 1,
    startedAt: at,
    finishedAt: at,
    result: null,
  }));
  return incidentPage({
    incident: { ...incident, status: 'investigating' },
    report: undefined,
    stages,
    deliveries: [],
  });
}

function deliveriesOf({ incident, run, version, generatedAt }: Report): Delivery[] {
  const common = {
    incidentId: incident.id,
    runId: run.id,
    kind: 'opened' as const,
    reportVersion: version,
    plannedAt: generatedAt,
    nextAttemptAt: generatedAt,
    receipt: null,
  };
  const sent = { id: '1', destination: 'email', idempotencyKey: 'a', state: 'sent' as const, attempts: 1 };
  const failed = { id: '2', destination: 'slack', idempotencyKey: 'b', state: 'failed' as const, attempts: 4 };
  const lastError = 'The notifier answered 422: there is no channel slack here, set SLACK_BOT_TOKEN';
  return [
    { ...common, ...sent, sentAt: generatedAt, lastError: null },
    { ...common, ...failed, sentAt: null, lastError },
  ];
}

function listed(): { incident: Incident; report: Report | undefined }[] {
  const items = CASES.map((name, index) => {
    const { incident } = exampleComposition(name);
    const status = index < 2 ? ('diagnosed' as const) : ('resolved' as const);
    return { incident: { ...incident, status }, report: exampleReport(name) };
  });
  const { incident } = exampleComposition('code');
  const title = `Alert storm: 312 × ${'CheckoutQueueConsumerLagIsFarAboveItsThreshold'.repeat(3)}`;
  return [{ incident: { ...incident, id: 'INC-151', title, severity: 'info' }, report: undefined }, ...items];
}

/** Text as it may come from logs and alerts: no space for a thousand characters, markup, direction changes. */
function hostile(report: Report): Report {
  const long = 'x'.repeat(1_000);
  const markup = '<img src=x onerror=alert(1)>\u202Egnp.exe';
  const { verdict, evidence, gaps, actions } = report;
  return {
    ...report,
    incident: { ...report.incident, title: `${markup} ${long.slice(0, 190)}` },
    verdict: { ...verdict, statement: { ...verdict.statement, text: `${markup} ${long}` } },
    keyFacts: report.keyFacts.map((fact) => ({ ...fact, value: long.slice(0, 120) })),
    actions: [long, ...actions],
    evidence: evidence.map((one) => ({ ...one, title: `${markup} ${long}`, query: long, source: long.slice(0, 80) })),
    gaps: gaps.map((gap) => ({ ...gap, unknown: long, detail: long })),
  };
}

function mailOf(report: Report): string {
  const content = new Uint8Array(180_000);
  const asked = { destination: 'email', kind: 'opened', idempotencyKey: 'INC-147/1', earlierReceipt: null } as const;
  const request = notifyRequest({ ...asked, report, pdf: content }, chartsOf(report));
  const pdf = { name: request.pdf_filename ?? 'report.pdf', content, isTooLarge: false };
  return mailHtml(mailView({ ...request, idempotencyKey: asked.idempotencyKey, pdf }, report.generatedAt));
}
