/** `/incidents/{id}`: answer first, then doubt, then proof. The same report model as PDF and mail. */
import type { Claim } from '../../domain/claim.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Incident } from '../../domain/incident.ts';
import type { Report } from '../../domain/report.ts';
import type { StageResult } from '../../ports.ts';
import { evidenceCard } from './evidence-view.ts';
import { type Html, html } from './html.ts';
import { chips, frame, severityMark, statusMark, time, verdictWord } from './parts.ts';

export interface IncidentView {
  readonly incident: Incident;
  readonly report: Report | undefined;
  readonly stages: readonly StageResult[];
  readonly deliveries: readonly Delivery[];
}

export function incidentPage(view: IncidentView): string {
  const { incident, report } = view;
  return frame(`${incident.id} ${incident.title}`, incident.id, report ? whole(view, report) : underWay(view));
}

function underWay({ incident, stages }: IncidentView): Html {
  return html`${head(incident, undefined)}<section class="card sec"><header><h2>Investigation under way</h2></header><div class="bd"><p>No verdict yet. Reload this page in a few seconds.</p>
<ul>${stages.map(({ stage, finishedAt }) => html`<li class="sm">${stage} done ${time(finishedAt)}</li>`)}</ul></div></section>`;
}

function head(incident: Incident, report: Report | undefined): Html {
  const run = report ? `?run=${report.run.pipelineId}` : '';
  const pdf =
    report &&
    html`<a class="btn" href="/api/incidents/${incident.id}/report.pdf${run}">PDF report</a><a class="btn" href="/api/incidents/${incident.id}/report.docx${run}">Word</a>`;
  const dashboard =
    report?.incident.dashboardUrl &&
    html`<a class="btn" href="${report.incident.dashboardUrl}" rel="noreferrer">Dashboards</a>`;
  return html`<header class="head"><div class="meta">${severityMark(incident.severity)}${statusMark(incident.status)}<span class="mono">${incident.id}</span>${report && html`<span class="mono">run ${report.run.pipelineId}</span>`}<span>${incident.service ?? 'service unknown'}</span></div>
<div class="row"><h1>${incident.title}</h1><div class="acts">${pdf}${dashboard}</div></div>${incident.note !== undefined && html`<p class="sm sub">${incident.note}</p>`}</header>`;
}

function whole(view: IncidentView, report: Report): Html {
  const known = new Set([...report.evidence, ...report.gaps].map(({ id }) => id));
  const alertAt = report.incident.alerts[0]?.startsAt ?? report.incident.startedAt;
  return html`${head(view.incident, report)}
<dl class="card facts">${report.keyFacts.map(({ label, value, cites }) => html`<div><dt>${label}</dt><dd>${value}</dd><dd>${chips(cites, known)}</dd></div>`)}</dl>
${hero(report, known)}
<nav class="jump" aria-label="On this page"><a href="#cause">Cause</a><a href="#evidence">Evidence <span class="n">${report.evidence.length}</span></a><a href="#fix">Fix</a><a href="#hypotheses">Hypotheses <span class="n">${report.hypotheses.length}</span></a><a href="#gaps">Could not see <span class="n">${report.gaps.length}</span></a><a href="#ruled-out">Ruled out <span class="n">${report.ruledOut.length}</span></a><a href="#timeline">Timeline</a></nav>
<div class="body"><aside class="ra rail stack" aria-label="Doubt: other explanations and gaps">${doubt(report, known)}</aside>
<div class="main stack">${cause(report, known)}<section class="stack" id="evidence" aria-label="Evidence">${report.evidence.map((evidence) => evidenceCard(evidence, alertAt))}</section>${fix(report)}</div>
<aside class="rb rail stack" aria-label="Record">${timeline(report, known)}${deliveries(view.deliveries)}${notes(report)}</aside></div>`;
}

function hero(report: Report, known: ReadonlySet<string>): Html {
  const { verdict } = report;
  return html`<div class="two hero"><section class="card verdict" aria-labelledby="why"><div class="vhead"><div><h2 id="why" class="lab">Why</h2><div class="conf"><b>${verdictWord(report)}</b>${verdict.confidence !== null && html`<span class="sm dim">not calibrated yet</span>`}</div></div></div>
<p class="say">${verdict.statement.text}${chips(verdict.statement.cites, known)}</p><ul class="support">${verdict.support.map((claim) => item(claim, known))}</ul>
${verdict.wouldChange.length > 0 && html`<div class="change"><h3 class="lab">What would change this</h3><ul class="plain">${verdict.wouldChange.map((text) => html`<li>${text}</li>`)}</ul></div>`}</section>
<section class="card do" aria-labelledby="do"><h2 id="do">What to do now</h2><ol>${report.actions.map((text) => html`<li><p>${text}</p></li>`)}</ol><p class="note">Nothing here rolls back or merges for you.</p></section></div>`;
}

function item(claim: Claim, known: ReadonlySet<string>): Html {
  return html`<li>${claim.text}${chips(claim.cites, known)}</li>`;
}

function cause(report: Report, known: ReadonlySet<string>): Html {
  const order = report.investigation?.order ?? [];
  const steps = order.map(
    (entry) =>
      html`<li><time datetime="${entry.at}">${entry.at.slice(11, 19)}</time><div>${entry.text}${chips(entry.cites, known)}</div></li>`,
  );
  const claims = [...(report.quick?.claims ?? []), ...(report.triage?.keyIndicators ?? [])];
  return html`<section class="card sec" id="cause"><header><h2>What happened</h2></header><div class="bd">${steps.length > 0 ? html`<ol class="chain">${steps}</ol>` : undefined}<ul class="support">${claims.map((claim) => item(claim, known))}</ul></div></section>`;
}

function fix(report: Report): Html {
  const suggestion = report.code?.fix;
  const commands = suggestion?.commands ?? [];
  return html`<section class="card sec" id="fix"><header><h2>Fix</h2></header><div class="bd"><p>${suggestion?.text ?? 'No fix is suggested: the cause is not established.'}</p>${commands.map((command) => html`<div class="cmd wrap"><code tabindex="0">${command}</code></div>`)}${suggestion && html`<p class="sm sub">${suggestion.risk}</p>`}<ul>${(report.code?.nextSteps ?? []).map((step) => html`<li class="sm">${step}</li>`)}</ul></div></section>`;
}

function doubt(report: Report, known: ReadonlySet<string>): Html {
  const hypotheses = report.hypotheses
    .slice(0, 5)
    .map(
      (one) =>
        html`<li class="it hyp"><span class="p">${Math.round(one.confidence * 100)}</span><div>${one.statement.text}${chips(one.statement.cites, known)}</div></li>`,
    );
  const gaps = report.gaps.map(
    (gap) =>
      html`<li class="it gapi" id="${gap.id}"><span class="cite gap">${gap.id}</span><div><b>${gap.unknown}</b><span class="eff">${gap.source}: ${gap.detail}${gap.coveredBy === undefined ? '' : ` Covered by ${gap.coveredBy}.`}</span></div></li>`,
  );
  const ruledOut = report.ruledOut.map(
    ({ what, because }) => html`<li class="it"><b>${what}</b>: ${because.text}${chips(because.cites, known)}</li>`,
  );
  const notChecked = report.notChecked.map(({ what, because }) => html`<li class="it"><b>${what}</b>: ${because}</li>`);
  return html`${section('hypotheses', 'Hypotheses', hypotheses, 'None fits what was seen.')}${section('gaps', 'Could not see', gaps, 'Nothing missing: every source answered.')}${section('ruled-out', 'Ruled out', ruledOut, 'Nothing was ruled out.')}${notChecked.length > 0 ? section('not-checked', 'Not checked', notChecked, '') : undefined}`;
}

function section(id: string, title: string, items: readonly Html[], empty: string): Html {
  return html`<section class="card sec" id="${id}"><header><h2>${title}</h2></header><ul class="bd">${items.length > 0 ? items : html`<li class="it dim">${empty}</li>`}</ul></section>`;
}

function timeline(report: Report, known: ReadonlySet<string>): Html {
  const rows = report.timeline.map(
    (entry) =>
      html`<li><time datetime="${entry.at}">${entry.at.slice(11, 19)}</time><span></span><span>${entry.text}${chips(entry.cites, known)}</span><span></span></li>`,
  );
  return html`<section class="card sec" id="timeline"><header><h2>Timeline</h2><span class="xs dim">UTC</span></header><ol class="bd tl">${rows}</ol></section>`;
}

function deliveries(items: readonly Delivery[]): Html {
  const rows = items.map(
    (one) =>
      html`<li class="it"><b>${one.destination}</b> ${one.kind}: ${one.state}${one.lastError !== null && one.state !== 'sent' ? html`<span class="eff">${one.lastError}</span>` : undefined}</li>`,
  );
  return section('deliveries', 'Deliveries', rows, 'Nothing was to be sent.');
}

function notes(report: Report): Html {
  const rows = [
    html`<li class="it">Model: ${report.model}</li>`,
    html`<li class="it">Claims: ${report.claimCounts.supported} supported, ${report.claimCounts.refused} refused</li>`,
    ...report.notes.map(({ stage, note }) => html`<li class="it"><b>${stage}</b>: ${note}</li>`),
  ];
  return section('run', 'About this run', rows, '');
}
