/** One evidence as a card: the finding, its data, the exact query. */
import type { Chart } from '../../domain/chart.ts';
import type { Evidence, EvidenceOf } from '../../domain/evidence.ts';
import { chartPictures } from './chart.ts';
import { codeView, commitView, stackTraceView } from './code-view.ts';
import { type Html, html } from './html.ts';
import { clockOf, time } from './parts.ts';

const MAX_COMMITS = 20;

/** `chart`: of a metric that has one. */
export function evidenceCard(evidence: Evidence, chart: Chart | undefined): Html {
  return html`<article class="card ev" id="${evidence.id}" aria-labelledby="${evidence.id}h"><header><a class="enum" href="#${evidence.id}" aria-label="Link to evidence ${evidence.id.slice(1)}">${evidence.id}</a><h3 id="${evidence.id}h">${evidence.title}</h3><span class="src">${evidence.kind} · ${evidence.source}</span></header>
${content(evidence, chart)}
${evidence.query === '' ? undefined : html`<div class="qry"><span class="k">Query</span><div class="cmd q wrap"><code tabindex="0">${evidence.query}</code></div></div>`}</article>`;
}

function content(evidence: Evidence, chart: Chart | undefined): Html {
  switch (evidence.kind) {
    case 'metric':
      return html`${chart && html`<div class="data">${chartPictures(chart)}</div>`}`;
    case 'logs':
      return logs(evidence);
    case 'stack-trace':
      return stackTraceView(evidence);
    case 'code':
      return codeView(evidence);
    case 'commit':
      return commitView(evidence);
    case 'history':
      return history(evidence);
    case 'probe':
      return probe(evidence);
    case 'memory':
      return memory(evidence);
    case 'targets':
      return html`<div class="data"><ul>${evidence.data.targets.map((target) => html`<li class="sm"><span class="mono">${target.url}</span> ${target.health} ${target.lastError}</li>`)}</ul></div>`;
  }
  return alerts(evidence);
}

function alerts({ data }: EvidenceOf<'alert'>): Html {
  const rest = data.alertCount - data.alerts.length;
  return html`<div class="data"><ul>${data.alerts.map((alert) => html`<li class="sm"><b>${alert.name}</b> ${alert.status} since ${time(alert.startsAt)}${alert.summary === '' ? '' : `: ${alert.summary}`}</li>`)}</ul>${rest > 0 && html`<p class="sm dim">And ${rest} more.</p>`}</div>`;
}

function logs({ data }: EvidenceOf<'logs'>): Html {
  const samples = data.samples.map(
    ({ stream, line, text }) =>
      html`<div><span class="dim">${stream}${line === null ? '' : `:${line}`}</span>  ${text}</div>`,
  );
  const context =
    data.context.length > 0 &&
    html`<div class="data"><details class="tbl"><summary>Lines around the first one</summary><div class="lines">${data.context.join('\n')}</div></details></div>`;
  return html`<div class="data"><p class="sm sub">Pattern <code>${data.template}</code>: ${data.incidentCount} times, ${data.baselineCount} before.</p></div><div class="lines">${samples}</div>${context}`;
}

function probe({ data }: EvidenceOf<'probe'>): Html {
  const body = data.body === '' ? undefined : html`<div class="lines">${data.body}</div>`;
  const detail = data.detail === '' ? '' : `: ${data.detail}`;
  return html`<div class="data"><p class="sm sub">${data.of} <code>${data.url}</code> at ${clockOf(data.at)}, ${Math.round(data.durationMilliseconds)} ms${detail}</p></div>${body}`;
}

function memory({ data }: EvidenceOf<'memory'>): Html {
  return html`<div class="data"><ul>${data.incidents.map((one) => html`<li class="sm"><a href="/incidents/${one.id}">${one.id}</a> ${time(one.openedAt)}: ${one.statement ?? 'no cause was established'}${one.ending === null ? '' : ` (${one.ending})`}${one.feedback === null ? '' : `, said to be ${one.feedback.verdict}`}</li>`)}</ul></div>`;
}

function history({ data }: EvidenceOf<'history'>): Html {
  const rest = data.commits.length - MAX_COMMITS;
  return html`<div class="data scroll"><table><thead><tr><th>Commit</th><th>Subject</th><th class="r">Suspicion</th><th>When</th><th class="r hidep">Files</th></tr></thead><tbody>${data.commits.slice(0, MAX_COMMITS).map((one) => html`<tr><td class="mono">${one.hash.slice(0, 7)}</td><td>${one.subject}</td><td class="r">${Math.round(one.suspicion * 100)} %</td><td class="when">${time(one.committedAt)}</td><td class="r hidep">${one.fileCount}</td></tr>`)}</tbody></table>${rest > 0 && html`<p class="sm dim">And ${rest} more.</p>`}</div>`;
}
