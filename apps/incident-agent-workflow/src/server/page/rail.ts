/** The right column: other explanations, what could not be seen, and the record of the run. */
import type { Delivery } from '../../domain/delivery.ts';
import type { Report } from '../../domain/report.ts';
import { withStop } from '../../lib/wording.ts';
import { type Html, html } from './html.ts';
import { chips, clockOf, rich } from './parts.ts';

const MAX_HYPOTHESES = 5;

export function doubt(report: Report, known: ReadonlySet<string>): Html {
  const hypotheses = report.hypotheses
    .slice(0, MAX_HYPOTHESES)
    .map(
      (one) =>
        html`<li class="it hyp"><span class="p">${Math.round(one.confidence * 100)} %</span><div>${rich(one.statement.text)}${chips(one.statement.cites, known)}</div></li>`,
    );
  const gaps = report.gaps.map(
    (gap) =>
      html`<li class="it gapi" id="${gap.id}"><span class="cite gap">${gap.id}</span><div><b>${gap.unknown}</b><span class="eff">${withStop(`${gap.source}: ${gap.detail}`)}${gap.coveredBy === undefined ? '' : ` Covered by ${gap.coveredBy}.`}</span></div></li>`,
  );
  const ruledOut = report.ruledOut.map(
    ({ what, because }) =>
      html`<li class="it"><b>${what}</b>: ${rich(because.text)}${chips(because.cites, known)}</li>`,
  );
  const notChecked = report.notChecked.map(
    ({ what, because, cites }) => html`<li class="it"><b>${what}</b>: ${because}${chips(cites, known)}</li>`,
  );
  return html`${section('hypotheses', 'Hypotheses', hypotheses, 'None fits what was seen.')}${section('gaps', 'Could not see', gaps, 'Nothing missing: every source answered.')}${section('ruled-out', 'Ruled out', ruledOut, 'Nothing was ruled out.')}${notChecked.length > 0 ? section('not-checked', 'Not checked', notChecked, '') : undefined}`;
}

export function record(report: Report, sent: readonly Delivery[], known: ReadonlySet<string>): Html {
  return html`${timeline(report, known)}${deliveries(sent)}${aboutRun(report)}`;
}

function section(id: string, title: string, items: readonly Html[], empty: string): Html {
  return html`<section class="card sec" id="${id}"><header><h2>${title}</h2></header><ul class="bd">${items.length > 0 ? items : html`<li class="it dim">${empty}</li>`}</ul></section>`;
}

function timeline(report: Report, known: ReadonlySet<string>): Html {
  const rows = report.timeline.map(
    (entry) =>
      html`<li${entry.kind === 'onset' ? html` class="big"` : ''}><time datetime="${entry.at}" title="${clockOf(entry.at)}">${entry.at.slice(11, 19)}</time><span>${rich(entry.text)}${chips(entry.cites, known)}</span></li>`,
  );
  return html`<section class="card sec" id="timeline"><header><h2>Timeline</h2><span class="xs dim">UTC</span></header><ol class="bd tl">${rows}</ol></section>`;
}

const DELIVERY_STATES = {
  planned: { shape: '○', style: 'info', word: 'planned' },
  sending: { shape: '○', style: 'info', word: 'being sent' },
  sent: { shape: '✓', style: 'ok', word: 'sent' },
  failed: { shape: '✕', style: 'crit', word: 'not sent' },
  unknown: { shape: '?', style: 'warn', word: 'may have arrived' },
} as const satisfies Record<Delivery['state'], { shape: string; style: string; word: string }>;

function deliveries(items: readonly Delivery[]): Html {
  const rows = items.map((one) => {
    const { shape, style, word } = DELIVERY_STATES[one.state];
    const when = one.sentAt === null ? undefined : html` <span class="dim">${clockOf(one.sentAt)}</span>`;
    const tries = one.state === 'failed' ? ` after ${one.attempts} ${one.attempts === 1 ? 'try' : 'tries'}` : '';
    const reason =
      one.lastError !== null && one.state !== 'sent' ? html`<span class="eff">${one.lastError}</span>` : undefined;
    return html`<li class="it dlvi ${style}"><span class="tc" aria-hidden="true">${shape}</span><div><b>${one.destination}</b> ${one.kind}, ${word}${tries}${when}${reason}</div></li>`;
  });
  return section('deliveries', 'Deliveries', rows, 'Nothing was to be sent.');
}

function aboutRun(report: Report): Html {
  const { run, claimCounts, versions } = report;
  const rows = [
    html`<li class="it">Run <span class="mono">${run.pipelineId}</span>, report version ${report.version}, ${clockOf(report.generatedAt)}. <a href="/api/incidents/${report.incident.id}/bundle.tar.gz?run=${run.pipelineId}">Bundle</a> to replay it elsewhere.</li>`,
    run.route && html`<li class="it">Route ${run.route.route}: ${run.route.reason}</li>`,
    html`<li class="it">Model: ${report.model}${report.modelCost && `, ${report.modelCost.calls} calls${report.modelCost.usd === null ? '' : `, $${report.modelCost.usd.toFixed(4)}`}`}</li>`,
    html`<li class="it">Claims: ${claimCounts.supported} supported, ${claimCounts.refused} refused</li>`,
    ...report.notes.map(({ stage, note }) => html`<li class="it"><b>${stage}</b>: ${note}</li>`),
    html`<li class="it dim">Agent ${versions.agent}, rules ${versions.rules}. Nothing of yours was changed.</li>`,
  ];
  return section(
    'run',
    'About this run',
    rows.filter((row) => row !== null),
    '',
  );
}
