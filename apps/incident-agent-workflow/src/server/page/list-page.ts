/** `/`: what is open, what was, and what each turned out to be. */
import type { Incident } from '../../domain/incident.ts';
import { isOpen } from '../../domain/incident.ts';
import type { Report } from '../../domain/report.ts';
import { type Html, html } from './html.ts';
import { frame, severityMark, statusMark, time, verdictWords } from './parts.ts';

export interface ListedIncident {
  readonly incident: Incident;
  readonly report: Report | undefined;
}

export function listPage(items: readonly ListedIncident[], next: string | undefined): string {
  const open = items.filter(({ incident }) => isOpen(incident));
  const over = items.filter(({ incident }) => !isOpen(incident));
  const body = items.length === 0 ? emptyList() : html`${group('Open', open)}${group('Resolved or closed', over)}`;
  const older =
    next === undefined
      ? undefined
      : html`<p class="note"><a class="btn" href="/?cursor=${next}">Older incidents</a></p>`;
  return frame(
    'Incidents',
    undefined,
    html`<header class="head"><div class="row"><h1>Incidents</h1></div></header>${body}${older}`,
  );
}

function group(title: string, items: readonly ListedIncident[]): Html | undefined {
  if (items.length === 0) return undefined;
  return html`<section class="group" aria-label="${title}"><h2>${title} <span class="dim">${items.length}</span></h2>
<div class="card scroll"><table class="list"><thead><tr><th>Severity</th><th>Incident</th><th>Service</th><th>Verdict</th><th>Since</th></tr></thead>
<tbody>${items.map(row)}</tbody></table></div></section>`;
}

function row({ incident, report }: ListedIncident): Html {
  return html`<tr><td>${severityMark(incident.severity)}</td>
<td class="what"><a class="b" href="/incidents/${incident.id}">${incident.title}</a><div class="sm sub">${report ? report.verdict.statement.text : 'Investigation under way'}</div><div class="xs dim"><span class="mono">${incident.id}</span> · ${statusMark(incident.status)}</div></td>
<td>${incident.service ?? 'unknown'}</td><td>${report ? verdictWords(report) : 'No verdict yet'}</td><td class="nw">${time(incident.startedAt)}</td></tr>`;
}

function emptyList(): Html {
  const example = `curl -X POST http://localhost:9100/alerts -H "Content-Type: application/json" -d '{"alerts":[{"status":"firing","labels":{"alertname":"ServiceDown","service":"weather-app1"},"annotations":{"summary":"weather-app1 is not responding"}}]}'`;
  return html`<section class="card empty"><ol class="steps">
<li><h2>No incidents yet</h2><p class="sub">Point Alertmanager's webhook at <code>/alerts</code>, or send one by hand:</p><div class="cmd wrap"><code tabindex="0">${example}</code></div></li>
<li><h2>Or watch one happen</h2><p class="sub">The demo breaks a service and explains it:</p><div class="cmd"><code tabindex="0">npm run demo</code></div></li></ol></section>`;
}

export function signInPage(wasRefused: boolean): string {
  const refused = wasRefused
    ? html`<p class="sm crit tc" role="alert">That token was not accepted: it is the value of API_TOKEN.</p>`
    : undefined;
  return frame(
    'Sign in',
    undefined,
    html`<section class="card empty sign-in"><form method="post" action="/sign-in"><h1>Sign in</h1>
<label for="token" class="lab">API token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
${refused}<button class="btn pri" type="submit">Sign in</button></form></section>`,
  );
}

export function notFoundPage(what: string): string {
  return frame(
    'Not found',
    undefined,
    html`<section class="card empty"><div class="sec"><h1>${what}</h1><p class="sub"><a href="/">All incidents</a></p></div></section>`,
  );
}
