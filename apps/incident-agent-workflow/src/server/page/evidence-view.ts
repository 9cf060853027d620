/** One evidence as a card: the finding, its data, the exact query. */
import type { Evidence, EvidenceOf } from '../../domain/evidence.ts';
import { lineChart } from './chart.ts';
import { type Html, html } from './html.ts';
import { clockOf, time } from './parts.ts';

export function evidenceCard(evidence: Evidence, alertAt: string): Html {
  return html`<article class="card ev" id="${evidence.id}" aria-labelledby="${evidence.id}h"><header><a class="enum" href="#${evidence.id}" aria-label="Link to evidence ${evidence.id.slice(1)}">${evidence.id}</a><h3 id="${evidence.id}h">${evidence.title}</h3><span class="src">${evidence.kind} · ${evidence.source}</span></header>
${content(evidence, alertAt)}
${evidence.query === '' ? undefined : html`<div class="qry"><span class="k">Query</span><div class="cmd q wrap"><code tabindex="0">${evidence.query}</code></div></div>`}</article>`;
}

function content(evidence: Evidence, alertAt: string): Html | undefined {
  switch (evidence.kind) {
    case 'metric': {
      const chart = lineChart(evidence, alertAt);
      return chart && html`<div class="data">${chart}</div>`;
    }
    case 'logs':
      return logs(evidence);
    case 'stack-trace':
      return stackTrace(evidence);
    case 'code':
      return code(evidence);
    case 'commit':
      return commit(evidence);
    case 'history':
      return history(evidence);
    case 'probe':
      return html`<div class="data"><div class="lines">${evidence.data.of} ${evidence.data.url}
${evidence.data.detail}${evidence.data.body === '' ? '' : `\n${evidence.data.body}`}</div></div>`;
    case 'targets':
      return html`<div class="data"><ul>${evidence.data.targets.map((target) => html`<li class="sm"><span class="mono">${target.url}</span> ${target.health} ${target.lastError}</li>`)}</ul></div>`;
    case 'alert':
      return html`<div class="data"><ul>${evidence.data.alerts.map((alert) => html`<li class="sm"><b>${alert.name}</b> ${alert.status} since ${time(alert.startsAt)} ${alert.summary}</li>`)}</ul></div>`;
  }
}

function logs({ data }: EvidenceOf<'logs'>): Html {
  const samples = data.samples.map(
    (sample) => `${sample.stream}${sample.line === null ? '' : `:${sample.line}`}  ${sample.text}`,
  );
  return html`<div class="data"><p class="sm sub">Pattern <code>${data.template}</code>: ${data.incidentCount} times, ${data.baselineCount} before.</p></div><div class="lines">${samples.join('\n')}</div>`;
}

function stackTrace({ data }: EvidenceOf<'stack-trace'>): Html {
  const request =
    data.request &&
    html`<p class="sm sub">While answering <code>${data.request.method} ${data.request.path}</code>${data.request.status === null ? '' : `, status ${data.request.status}`}.</p>`;
  return html`<p class="errline">${data.type}: ${data.message}</p>
<ol class="frames">${data.frames.slice(0, 30).map((frame) => html`<li${frame.inApp ? html` class="app"` : ''}><span>${frame.inApp ? 'in-app' : 'library'}</span><span>${frame.function ?? '?'} (${frame.repositoryPath ?? frame.file}${frame.line === null ? '' : `:${frame.line}`})</span></li>`)}</ol>
<div class="data">${request}<p class="sm dim">${data.count} times${data.firstAt === null ? '' : `, first at ${clockOf(data.firstAt)}`}; ${data.baselineCount} before.</p></div>`;
}

function code({ data }: EvidenceOf<'code'>): Html {
  const blame = new Map(data.blame.map((line) => [line.line, line]));
  const rows = data.lines.map((text, index) => {
    const line = data.firstLine + index;
    const blamed = blame.get(line);
    return html`<div class="row${line === data.highlightedLine ? ' hit' : ''}"><span>${blamed ? blamed.hash.slice(0, 7) : ''}</span><span>${blamed ? blamed.committedAt.slice(0, 10) : ''}</span><span>${line}</span><span>${text}</span></div>`;
  });
  return html`<div class="data flush"><div class="code" tabindex="0" role="region" aria-label="${data.path} at ${data.revision.slice(0, 7)}">${rows}</div></div>`;
}

function commit({ data }: EvidenceOf<'commit'>): Html {
  return html`<div class="data"><p class="sm">${data.subject}</p></div>${data.files.filter((file) => file.patch !== '').map((file) => html`<div class="data flush"><div class="code diff" tabindex="0" role="region" aria-label="Change of ${file.path}"><div class="row hunk"><span></span><span></span><span>${file.path}</span></div>${file.patch.split('\n').slice(0, 80).map(diffRow)}</div></div>`)}`;
}

function diffRow(line: string): Html {
  const style = line.startsWith('+') ? ' add' : line.startsWith('-') ? ' del' : line.startsWith('@@') ? ' hunk' : '';
  return html`<div class="row${style}"><span></span><span>${style === ' add' ? '+' : style === ' del' ? '−' : ''}</span><span>${style === '' || style === ' hunk' ? line : line.slice(1)}</span></div>`;
}

function history({ data }: EvidenceOf<'history'>): Html {
  return html`<div class="data scroll"><table><thead><tr><th>Commit</th><th>When</th><th>Subject</th><th class="r">Files</th><th class="r">Suspicion</th></tr></thead><tbody>${data.commits.slice(0, 20).map((one) => html`<tr><td class="mono">${one.hash.slice(0, 7)}</td><td class="nw">${time(one.committedAt)}</td><td>${one.subject}</td><td class="r">${one.fileCount}</td><td class="r">${Math.round(one.suspicion * 100)} %</td></tr>`)}</tbody></table></div>`;
}
