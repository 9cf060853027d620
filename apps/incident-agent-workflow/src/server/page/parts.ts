/** Pieces that several pages use: the frame, chips, severity, times. */
import type { IncidentStatus, Severity } from '../../domain/incident.ts';
import { type Report, verdictWord } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { type Html, html, type Part } from './html.ts';

/** A whole page. `reloadSeconds`: after which the browser asks again. */
export function frame(title: string, crumb: string | undefined, body: Part, reloadSeconds?: number): string {
  const reload = reloadSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${reloadSeconds}">`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${reload}
<title>${title}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top"><div class="in">
<a class="brand" href="/"><svg viewBox="0 0 18 18" aria-hidden="true"><rect x="1" y="1" width="16" height="16" rx="4" fill="currentColor"/><path d="M4 11.5h2.2l1.6-5.5 2.6 8 1.4-4.5H14" fill="none" stroke="var(--surface)" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>Incident Agent</a>
<nav class="crumb" aria-label="Breadcrumb"><a href="/">Incidents</a>${crumb === undefined ? undefined : html`<span aria-hidden="true">/</span><span aria-current="page">${crumb}</span>`}</nav>
</div></header>
<main class="page" id="content">${body}</main>
</body>
</html>`;
  return page.text;
}

const SEVERITY_SHAPES: Readonly<
  Record<Severity, { readonly style: string; readonly word: string; readonly shape: Html }>
> = {
  critical: {
    style: 'crit',
    word: WORDS.severity.critical,
    shape: html`<path fill="currentColor" d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z"/><path d="M8 4v5" stroke="var(--surface)" stroke-width="2" stroke-linecap="round"/><circle cx="8" cy="11.8" r="1.15" fill="var(--surface)"/>`,
  },
  warning: {
    style: 'warn',
    word: WORDS.severity.warning,
    shape: html`<path fill="currentColor" d="M8 1.2 15.6 14.8H.4z"/><path d="M8 6v4" stroke="var(--surface)" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="12.4" r="1" fill="var(--surface)"/>`,
  },
  info: {
    style: 'info',
    word: WORDS.severity.info,
    shape: html`<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="2.4"/>`,
  },
};

export function severityMark(severity: Severity): Html {
  const { style, word, shape } = SEVERITY_SHAPES[severity];
  return html`<span class="sev ${style} box"><svg viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>${word}</span>`;
}

export function statusMark(status: IncidentStatus): Html {
  return html`<span class="status">${WORDS.status[status]}</span>`;
}

/** Citation chips; only for ids that the page has, so that every chip resolves. */
export function chips(cites: readonly string[], known: ReadonlySet<string>): Html {
  const shown = cites.filter((id) => known.has(id));
  return html`${shown.map((id) => html` <a class="cite${id.startsWith('G') ? ' gap' : ''}" href="#${id}" aria-label="${id.startsWith('G') ? 'Gap' : 'Evidence'} ${id.slice(1)}">${id}</a>`)}`;
}

/** Text in which `code` stands between backticks. */
export function rich(text: string): Html {
  const parts = text.split(/`([^`\n]+)`/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** `2026-01-01 12:00:00 UTC`, the instant itself in the attribute. */
export function time(at: string): Html {
  return html`<time datetime="${at}">${clockOf(at)}</time>`;
}

export function clockOf(at: string): string {
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(at) ?? [];
  return date === undefined || clock === undefined ? at : `${date} ${clock} UTC`;
}

/** `Likely, 82 %`; without a number where no cause is established. */
export function verdictWords({ verdict }: Pick<Report, 'verdict'>): string {
  const word = verdictWord(verdict);
  return verdict.status !== 'established' || verdict.confidence === null
    ? word
    : `${word}, ${Math.round(verdict.confidence * 100)} %`;
}
