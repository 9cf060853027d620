/** The card `#fix`: what was worked out, how it was tried, what became of its draft; before that what the agents suggest. */
import type { Delivery } from '../../domain/delivery.ts';
import { DraftReceipt, isDraftKind } from '../../domain/delivery.ts';
import { type Proof, type Proposal, proofWord, type Remediation } from '../../domain/proposal.ts';
import type { Report } from '../../domain/report.ts';
import { withStop } from '../../lib/wording.ts';
import { fileDiff } from './code-view.ts';
import { type Html, html } from './html.ts';
import { rich } from './parts.ts';

const MAX_FILES = 10;

export function fixCard(report: Report, deliveries: readonly Delivery[]): Html {
  const { remediation } = report;
  const body = remediation ? workedOut(remediation, report, deliveries) : suggested(report);
  return html`<section class="card sec" id="fix"><header><h2>Fix</h2></header><div class="bd fixes">${body}</div></section>`;
}

/** Nothing was worked out (yet): what the agents suggest. */
function suggested({ code }: Report): Html {
  const suggestion = code?.fix;
  const commands = suggestion?.commands ?? [];
  const steps = code?.nextSteps ?? [];
  return html`<p>${rich(suggestion?.text ?? 'No fix is suggested: the cause is not established.')}</p>${commands.map((command) => html`<div class="cmd wrap"><code tabindex="0">${command}</code></div>`)}${suggestion && suggestion.risk !== '' && html`<p class="sm sub">Risk: ${suggestion.risk}</p>`}${steps.length > 0 && html`<h3>Then</h3><ul class="support">${steps.map((step) => html`<li class="sm">${rich(step)}</li>`)}</ul>`}`;
}

function workedOut(remediation: Remediation, report: Report, deliveries: readonly Delivery[]): Html {
  const { proposal, refused, operatorAction, runbook, reason } = remediation;
  const others = refused.map(({ what, because }) => html`<li class="sm"><b>${what}</b>: ${withStop(because)}</li>`);
  return html`${proposal ? proposed(proposal) : html`<p>${withStop(`No fix is proposed: ${reason}`)}</p>${suggested(report)}`}
${proposal && html`<h3>Draft</h3>${draft(remediation, deliveries)}`}
${operatorAction !== null && html`<p class="sm">Instead: ${rich(operatorAction)}</p>`}${runbook !== null && html`<p class="sm">Runbook: ${link(runbook)}</p>`}
${others.length > 0 && html`<h3>Refused</h3><ul class="support">${others}</ul>`}`;
}

function proposed({ title, story, proof, files, risks, undo }: Proposal): Html {
  const rows = risks.map((risk) => html`<li class="sm">${risk}</li>`);
  return html`<p><b>${title}</b></p><p>${story}</p>
<h3>Proof: ${proofWord(proof.state)}</h3><p>${withStop(`${proof.reason.charAt(0).toUpperCase()}${proof.reason.slice(1)}`)}</p>${checks(proof)}${test(proof)}
${files.slice(0, MAX_FILES).map((file) => fileDiff(file))}
${rows.length > 0 && html`<h3>Risk</h3><ul class="support">${rows}</ul>`}<p class="sm sub">Undo: ${undo}</p>`;
}

function checks({ checks: all }: Proof): Html | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map(
    ({ name, before, after, without, milliseconds }) =>
      html`<tr><td>${name}</td><td>${before}</td><td>${after}</td><td>${without ?? '–'}</td><td>${(milliseconds / 1_000).toFixed(1)} s</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Proof"><table class="sm"><thead><tr><th scope="col">Check</th><th scope="col">Before</th><th scope="col">With the fix</th><th scope="col">Fix taken out</th><th scope="col">Time</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function test({ reproduction }: Proof): Html | undefined {
  if (!reproduction) return undefined;
  return html`<details class="tbl"><summary>The failing call as a ${reproduction.style} test</summary><div class="lines">${reproduction.text}</div></details>`;
}

function draft({ draft: planned, reason }: Remediation, deliveries: readonly Delivery[]): Html {
  if (!planned) return html`<p class="sm">${withStop(reason)}</p>`;
  const last = deliveries.findLast(({ kind }) => isDraftKind(kind));
  const receipt = DraftReceipt.safeParse(last?.receipt);
  const place = html`<code>${planned.branch}</code> on ${planned.repository}`;
  if (receipt.success) {
    const { state, url } = receipt.data;
    return html`<p class="sm">${url !== undefined && /^https?:/.test(url) ? link(url) : place}: ${state}. A person reads and merges it; nothing is merged from here.</p>`;
  }
  const why = last?.lastError ? `${last.state}, ${last.lastError}` : (last?.state ?? 'planned');
  return html`<p class="sm">${place}: ${withStop(why)}</p>`;
}

function link(address: string): Html {
  return /^https?:\/\//.test(address) ? html`<a href="${address}" rel="noreferrer">${address}</a>` : html`${address}`;
}
