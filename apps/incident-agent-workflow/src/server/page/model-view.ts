/** What the model adds, beside what the engine found: its sentences, where it would judge otherwise, what it asks, its edits. */
import type { Claim } from '../../domain/claim.ts';
import { disagreementClaim, type ModelSaid, questionClaim, saidBy, saysSomething } from '../../domain/model-said.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { type Html, html } from './html.ts';
import { chips, rich } from './parts.ts';

export function modelPart(report: Report, known: ReadonlySet<string>): Html | undefined {
  const said = saidBy(report);
  if (!said.some(saysSomething)) return undefined;
  const dropped = said.reduce((sum, one) => sum + one.dropped.length, 0);
  const list = (title: string, claims: readonly Claim[]) =>
    claims.length > 0 &&
    html`<h3>${title}</h3><ul class="support">${claims.map(({ text, cites }) => html`<li>${rich(text)}${chips(cites, known)}</li>`)}</ul>`;
  const of = <T>(pick: (one: ModelSaid) => readonly T[]) => said.flatMap(pick);
  return html`<section class="card sec" id="model"><header><h2>What the model adds</h2><span class="xs dim">${report.model}</span></header><div class="bd">
${said.flatMap(({ summary }) => (summary ? [html`<p>${rich(summary.text)}${chips(summary.cites, known)}</p>`] : []))}
${list(
  'In its words',
  of(({ claims }) => claims),
)}${list(
  'Where it disagrees',
  of(({ disagreements }) => disagreements.map((one) => disagreementClaim(one, WORDS.questions))),
)}${list(
  'Open questions',
  of(({ openQuestions }) => openQuestions.map((one) => questionClaim(one, WORDS.questions))),
)}
${of(({ edits }) => edits).map(({ path, search, replace }) => html`<h3>Edit proposed for <code>${path}</code></h3><div class="cmd wrap"><code tabindex="0">${search}</code></div><p class="sm sub">becomes</p><div class="cmd wrap"><code tabindex="0">${replace}</code></div>`)}
<p class="note">Each sentence was checked against what it cites${dropped > 0 ? `; ${dropped} dropped` : ''}. The verdict is the engine’s. No edit was applied.</p></div></section>`;
}
