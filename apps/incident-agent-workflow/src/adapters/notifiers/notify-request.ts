/** A message about a report in the words of the notifier's contract. Everything in it stands in the report too. */
import { MAX_ATTACHMENT_BYTES, type NotifyRequest, Receipt } from '@incident-agent/contracts/notify';
import type { Chart } from '../../domain/chart.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { capital, upperFirst } from '../../lib/wording.ts';
import type { Message } from '../../ports.ts';
import { coursesOf } from './courses.ts';

const LIST_ITEMS = 6;

/** `charts`: what is drawn of the report, best first. */
export function notifyRequest(
  { kind, idempotencyKey, report, pdf, earlierReceipt, destination, draft }: Message,
  charts: readonly Chart[],
): NotifyRequest {
  const earlier = Receipt.safeParse(earlierReceipt);
  const { incident, verdict } = report;
  const courses = coursesOf(report, charts);
  const pdfUrl = pdfUrlOf(incident.url);
  return {
    service: incident.service,
    alertname: incident.alerts[0]?.name ?? incident.title,
    summary: incident.title,
    analysis: analysisOf(report),
    channel:
      destination === 'slack' || destination === 'pagerduty' || destination === 'webhook' ? destination : 'email',
    kind,
    idempotency_key: idempotencyKey,
    incident: {
      id: incident.id,
      title: incident.title,
      severity: incident.severity,
      status: WORDS.status[incident.status],
      confidence: verdict.confidence,
      started_at: report.onset ?? incident.startedAt,
      resolved_at: incident.resolvedAt,
      ...(incident.url === null ? {} : { url: incident.url }),
    },
    report: {
      verdict: { word: wordOf(verdict), sentence: verdict.statement.text, confidence: verdict.confidence },
      facts: report.keyFacts.map(factOf),
      support: verdict.support.map(({ text, cites }) => withCites(text, cites)),
      actions: [...(draft === undefined ? [] : [WORDS.mail.draft(draft)]), ...report.actions].slice(0, LIST_ITEMS),
      ruled_out: report.ruledOut
        .slice(0, LIST_ITEMS)
        .map(({ what, because }) => `${capital(what)}: ${withCites(because.text, because.cites)}`),
      not_seen: report.gaps
        .filter((gap) => gap.coveredBy === undefined)
        .slice(0, LIST_ITEMS)
        .map((gap) => `${gap.unknown} (${gap.source}: ${gap.detail}) [${gap.id}]`),
      ...(courses.length === 0 ? {} : { courses }),
    },
    ...(pdfUrl === undefined ? {} : { pdf_url: pdfUrl }),
    // A larger one would be refused with everything that stands beside it.
    ...(pdf && pdf.byteLength <= MAX_ATTACHMENT_BYTES
      ? { pdf_base64: Buffer.from(pdf).toString('base64'), pdf_filename: `${incident.id}-${report.run.pipelineId}.pdf` }
      : {}),
    ...(earlier.success ? { receipt: earlier.data } : {}),
  };
}

/** The page's own button leads there too. undefined: the page has no address that others could follow. */
function pdfUrlOf(incidentUrl: string | null): string | undefined {
  const url = incidentUrl === null ? null : URL.parse(incidentUrl);
  const path = url && /^(.*)(\/incidents\/[^/]+)$/.exec(url.pathname);
  if (!url || !path) return undefined;
  url.pathname = `${path[1]}/api${path[2]}/report.pdf`;
  url.hash = '';
  return url.href;
}

/** The figure large, what follows the dot small. */
function factOf({ label, value, cites }: Report['keyFacts'][number]): {
  label: string;
  value: string;
  detail?: string;
} {
  const [figure = value, ...details] = value.split(' · ');
  const detail = withCites(details.join(' · '), cites).trim();
  return detail === '' ? { label, value: figure } : { label, value: figure, detail };
}

/** A paragraph for each sentence, so that whoever shows the verdict too can leave out what it said. */
function analysisOf({ quick, verdict, remediation }: Report): string {
  const claims = quick && quick.claims.length > 0 ? quick.claims : [verdict.statement];
  const fix = remediation ? [fixOf(remediation)] : [];
  return [...claims.map(({ text, cites }) => withCites(text, cites)), ...fix].join('\n\n');
}

function fixOf({ proposal, reason }: NonNullable<Report['remediation']>): string {
  if (!proposal) return WORDS.mail.noFix(reason);
  return WORDS.mail.fix(proposal.title, WORDS.fix.states[proposal.proof.state].toLowerCase(), proposal.proof.reason);
}

function wordOf({ status, band }: Report['verdict']): string {
  if (status === 'not-confirmed') return WORDS.notConfirmed;
  return status === 'unknown' ? WORDS.notEstablished : upperFirst(WORDS.bands[band]);
}

function withCites(text: string, cites: readonly string[]): string {
  return cites.length === 0 ? text : `${text} [${cites.join(', ')}]`;
}
