/** `/incidents/{id}`: answer first, then doubt, then proof. The same report model as PDF and mail. */
import { type Claim, distinctClaims } from '../../domain/claim.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Incident } from '../../domain/incident.ts';
import type { Report } from '../../domain/report.ts';
import type { StageResult } from '../../ports.ts';
import { chartsOf } from '../../report/charts.ts';
import { evidenceCard } from './evidence-view.ts';
import { fixCard } from './fix-view.ts';
import { type Html, html } from './html.ts';
import { modelPart } from './model-view.ts';
import { chips, frame, rich, severityMark, statusMark, time, verdictWords } from './parts.ts';
import { doubt, record } from './rail.ts';

export interface IncidentView {
  readonly incident: Incident;
  readonly report: Report | undefined;
  readonly stages: readonly StageResult[];
  readonly deliveries: readonly Delivery[];
}

/** There is no script that would: until there is a verdict the page loads itself again. */
const RELOAD_SECONDS = 3;

export function incidentPage(view: IncidentView): string {
  const { incident, report } = view;
  const title = `${incident.id} ${incident.title}`;
  return report
    ? frame(title, incident.id, whole(view, report))
    : frame(title, incident.id, underWay(view), RELOAD_SECONDS);
}

function underWay({ incident, stages }: IncidentView): Html {
  return html`${head(incident, undefined)}<section class="card sec below" aria-live="polite"><header><h2>Investigation under way</h2></header><div class="bd"><p>No verdict yet. This page looks again every ${RELOAD_SECONDS} seconds.</p>
<ul class="support">${stages.map(({ stage, finishedAt, note }) => html`<li class="sm"><b>${stage}</b> done ${time(finishedAt)}${note === undefined ? '' : `: ${note}`}</li>`)}</ul></div></section>`;
}

function head(incident: Incident, report: Report | undefined): Html {
  const run = report ? `?run=${report.run.pipelineId}` : '';
  const pdf =
    report &&
    html`<a class="btn" href="/api/incidents/${incident.id}/report.pdf${run}">PDF report</a><a class="btn" href="/api/incidents/${incident.id}/report.docx${run}">Word</a>`;
  const dashboard =
    report?.incident.dashboardUrl &&
    html`<a class="btn" href="${report.incident.dashboardUrl}" rel="noreferrer">Dashboards</a>`;
  return html`<header class="head"><div class="meta">${severityMark(incident.severity)}${statusMark(incident.status)}<span class="mono">${incident.id}</span><span>${incident.service ?? 'service unknown'}</span>${report && html`<span class="mono dim">run ${report.run.pipelineId}</span>`}</div>
<div class="row"><h1>${incident.title}</h1><div class="acts">${pdf}${dashboard}</div></div>${incident.note !== undefined && html`<p class="sm sub">${incident.note}</p>`}</header>`;
}

function whole(view: IncidentView, report: Report): Html {
  const known = new Set([...report.evidence, ...report.gaps].map(({ id }) => id));
  const charts = new Map(chartsOf(report).map((chart) => [chart.evidenceId, chart]));
  return html`${head(view.incident, report)}
<dl class="card facts">${report.keyFacts.map((fact) => factCell(fact, known))}</dl>
${hero(report, known)}
<nav class="jump" aria-label="On this page"><a href="#cause">Cause</a><a href="#fix">Fix</a><a href="#evidence">Evidence <span class="n">${report.evidence.length}</span></a><a href="#hypotheses">Hypotheses <span class="n">${report.hypotheses.length}</span></a><a href="#gaps">Could not see <span class="n">${report.gaps.length}</span></a><a href="#ruled-out">Ruled out <span class="n">${report.ruledOut.length}</span></a><a href="#timeline">Timeline</a></nav>
<div class="body"><aside class="ra rail stack" aria-label="Doubt: other explanations and gaps">${doubt(report, known)}</aside>
<div class="main stack">${cause(report, known)}${modelPart(report, known)}${fixCard(report, view.deliveries)}<section class="stack" id="evidence" aria-label="Evidence">${report.evidence.map((evidence) => evidenceCard(evidence, charts.get(evidence.id)))}</section></div>
<aside class="rb rail stack" aria-label="Record">${record(report, view.deliveries, known)}</aside></div>`;
}

/** What stands behind the first ` · ` of a value is its smaller print. */
function factCell({ label, value, cites }: Report['keyFacts'][number], known: ReadonlySet<string>): Html {
  const [figure, ...detail] = value.split(' · ');
  return html`<div><dt>${label}</dt><dd>${figure}</dd><dd>${detail.join(' · ')}${chips(cites, known)}</dd></div>`;
}

function hero(report: Report, known: ReadonlySet<string>): Html {
  const { verdict } = report;
  return html`<div class="two hero"><section class="card verdict" aria-labelledby="why"><div class="vhead"><div><h2 id="why" class="lab">Why</h2><div class="conf"><b>${verdictWords(report)}</b>${verdict.confidence !== null && html`<span class="sm dim">not calibrated yet</span>`}</div></div></div>
<p class="say">${rich(verdict.statement.text)}${chips(verdict.statement.cites, known)}</p><ul class="support">${verdict.support.map((claim) => item(claim, known))}</ul>
${verdict.wouldChange.length > 0 && html`<div class="change"><h3 class="lab">What would change this</h3><ul class="plain">${verdict.wouldChange.map((text) => html`<li>${rich(text)}</li>`)}</ul></div>`}</section>
<section class="card do" aria-labelledby="do"><h2 id="do">What to do now</h2><ol>${report.actions.map((text) => html`<li><p>${rich(text)}</p></li>`)}</ol><p class="note">Nothing here rolls back or merges for you.</p></section></div>`;
}

function item(claim: Claim, known: ReadonlySet<string>): Html {
  return html`<li>${rich(claim.text)}${chips(claim.cites, known)}</li>`;
}

function cause(report: Report, known: ReadonlySet<string>): Html {
  const order = report.investigation?.order ?? [];
  const steps = order.map(
    (entry) =>
      html`<li><time datetime="${entry.at}">${entry.at.slice(11, 19)}</time><div>${rich(entry.text)}${chips(entry.cites, known)}</div></li>`,
  );
  const claims = [
    ...(report.quick?.polished ?? report.quick?.claims ?? []),
    ...(report.triage?.keyIndicators ?? []),
    ...(report.investigation?.health ? [report.investigation.health] : []),
    ...(report.investigation?.claims ?? []),
  ];
  return html`<section class="card sec" id="cause"><header><h2>What happened</h2></header><div class="bd">${triaged(report)}${steps.length > 0 && html`<ol class="chain">${steps}</ol>`}<ul class="support">${distinctClaims(claims).map((claim) => item(claim, known))}</ul>${inCode(report, known)}</div></section>`;
}

function triaged({ triage }: Report): Html | undefined {
  if (!triage) return undefined;
  const facts = [
    `impact ${triage.impact}`,
    triage.errorType.replace('_', ' '),
    triage.faultClass ?? 'class of fault not known',
    ...(triage.blastRadius.length > 0 ? [`may suffer with it: ${triage.blastRadius.join(', ')}`] : []),
  ];
  return html`<p class="sm sub triaged">${facts.join(' · ')}</p>`;
}

function inCode({ code }: Report, known: ReadonlySet<string>): Html | undefined {
  if (!code) return undefined;
  const { rootCause } = code;
  if (rootCause.status === 'undetermined')
    return rootCause.alternatives.length === 0
      ? undefined
      : html`<div class="holes"><h3>Could be in the code</h3><ul class="support">${rootCause.alternatives.map((claim) => item(claim, known))}</ul></div>`;
  const place =
    rootCause.status === 'located' &&
    html`<code>${rootCause.path}${rootCause.line === null ? '' : `:${rootCause.line}`}</code>${rootCause.commit !== null && html` <span class="dim">commit ${rootCause.commit.slice(0, 7)}</span>`}`;
  return html`<div class="holes"><h3>${rootCause.status === 'located' ? 'In the code' : 'Outside the code'}</h3><p>${place || undefined} ${rich(rootCause.why.text)}${chips(rootCause.why.cites, known)}</p></div>`;
}
