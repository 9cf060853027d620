/** The HTML part: 600 px tables, no images, nothing fetched. Every value goes through escapeHtml. */
import { WORDS } from '../lib/catalogue/words.ts';
import { escapeHtml } from '../lib/escape-html.ts';
import { courseHtml } from './courses-html.ts';
import { inlines } from './inline.ts';
import * as style from './styles.ts';
import type { Fact, MailView } from './view.ts';

export function mailHtml(view: MailView): string {
  const color = style.toneColors[view.tone].light;
  return `<!doctype html>
<html lang="${WORDS.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(view.subject)}</title><style>${style.styleSheet(view.tone)}</style></head>
<body class="bg" style="margin:0;padding:0;background:#F5F5F2">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(view.preview)}</div>
<table role="presentation" class="bg" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#F5F5F2"><tr><td align="center" style="padding:20px 10px">
<table role="presentation" class="wrap sf" width="600" cellpadding="0" cellspacing="0" border="0" style="width:600px;max-width:100%;background:#FFFFFF;border:${style.line};border-top:4px solid ${color};border-radius:6px">
${[head(view, color), facts(view), courses(view), why(view), actions(view), openButton(view), analysis(view), list(view, WORDS.headings.ruledOut, view.ruledOut), list(view, WORDS.headings.notSeen, view.notSeen), footer(view)].join('')}
</table></td></tr></table></body></html>`;
}

function head(view: MailView, color: string): string {
  const { badge, state, incidentId, alertname, title, summary } = view;
  const id = incidentId && `<span style="${style.mono}">${escapeHtml(incidentId)}</span>`;
  const said = [state && escapeHtml(state), id, escapeHtml(alertname)].filter(Boolean).join('&nbsp; ');
  const more =
    summary === undefined
      ? ''
      : `<p class="t2" style="${text(15, 22)};margin:6px 0 0;${style.ink2}">${rich(view, summary)}</p>`;
  return `<tr><td class="px" style="padding:20px 28px 0;${text(13, 20)}"><b class="tn" style="color:${color}">${badge.shape}&nbsp;${escapeHtml(badge.word)}</b><span class="t2" style="${style.ink2}">&nbsp; ${said}</span></td></tr>
<tr><td class="px" style="padding:4px 28px 16px"><h1 class="t1 tt" style="${style.font};margin:0;font-size:23px;line-height:30px;letter-spacing:-.01em;font-weight:600;${style.ink};overflow-wrap:anywhere">${escapeHtml(title)}</h1>${more}</td></tr>
`;
}

/** Two in a row; one below the other on a phone. */
function facts(view: MailView): string {
  if (view.facts.length === 0) return '';
  const rows: string[] = [];
  for (let index = 0; index < view.facts.length; index += 2) {
    const pair = view.facts.slice(index, index + 2).map((fact) => factCell(view, fact));
    rows.push(`<tr>${pair.join('')}${pair.length === 1 ? emptyCell : ''}</tr>`);
  }
  return `<tr><td class="px" style="padding:0 28px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows.join('')}</table></td></tr>
`;
}

function courses(view: MailView): string {
  return view.courses
    .map(
      (course) =>
        `<tr><td class="px ln" style="padding:14px 28px 0">${courseHtml(course, rich(view, course.title))}</td></tr>
`,
    )
    .join('');
}

const emptyCell = `<td class="fx ln" width="50%" style="border-top:${style.line}"></td>`;

function factCell(view: MailView, { label, value, detail }: Fact): string {
  const below =
    detail === undefined
      ? ''
      : `<br><span class="t2" style="font-size:13px;line-height:18px;${style.ink2}">${rich(view, detail)}</span>`;
  return `<td class="fx ln" valign="top" width="50%" style="${style.font};padding:10px 14px 10px 0;border-top:${style.line};overflow-wrap:anywhere"><span class="t3" style="font-size:12px;line-height:17px;${style.ink3}">${escapeHtml(label)}</span><br><b class="t1" style="font-size:16px;line-height:22px;${style.ink}">${rich(view, value)}</b>${below}</td>`;
}

function why(view: MailView): string {
  const { verdict } = view;
  if (!verdict) return '';
  const support = verdict.support.length === 0 ? '' : bullets(view, verdict.support);
  return section(
    WORDS.headings.why,
    `<p class="t1" style="margin:0;${text(15, 22)};${style.ink}"><b>${escapeHtml(verdict.heading)}</b></p>
<p class="t1" style="margin:4px 0 10px;${text(17, 25)};${style.ink};font-weight:500">${rich(view, verdict.sentence)}</p>${support}`,
  );
}

function actions(view: MailView): string {
  if (view.actions.length === 0) return '';
  const steps = view.actions.map((action, index) => marked(`${index + 1}.`, rich(view, action, true), 't1', style.ink));
  return section(view.actionsTitle, rowsOf(steps));
}

function openButton({ link, pdfLink }: MailView): string {
  const button =
    link === undefined
      ? ''
      : `<tr><td class="px btn" style="padding:18px 28px 2px"><a class="pb" href="${escapeHtml(link)}" style="${style.button}">${escapeHtml(WORDS.open)}</a></td></tr>
`;
  if (!pdfLink) return button;
  return `${button}<tr><td class="px" style="padding:10px 28px 0;${text(14, 21)}"><a class="lk" href="${escapeHtml(pdfLink.url)}" style="color:#134FBD">${escapeHtml(pdfLink.text)}</a></td></tr>
`;
}

function analysis(view: MailView): string {
  if (view.analysis.length === 0) return '';
  const paragraphs = view.analysis.map(
    (paragraph) => `<p class="t2" style="margin:0 0 10px;${text(14, 21)};${style.ink2}">${rich(view, paragraph)}</p>`,
  );
  return section(view.analysisTitle, paragraphs.join(''));
}

function list(view: MailView, title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : section(title, bullets(view, items));
}

function footer(view: MailView): string {
  return `<tr><td style="height:20px;line-height:20px;font-size:1px">&nbsp;</td></tr><tr><td class="px t3 ln" style="${text(12, 18)};padding:12px 28px 18px;border-top:${style.line};${style.ink3}">${view.footer.map(escapeHtml).join(' ')}</td></tr>
`;
}

function section(title: string, content: string): string {
  return `<tr><td class="px t3" style="${text(13, 18)};padding:22px 28px 5px;${style.ink3};font-weight:600"><h2 style="margin:0;font:inherit">${escapeHtml(title)}</h2></td></tr><tr><td class="px" style="padding:0 28px">${content}</td></tr>
`;
}

function bullets(view: MailView, items: readonly string[]): string {
  return rowsOf(items.map((item) => marked('–', rich(view, item), 't2', style.ink2)));
}

/** A table, since mail programs disagree about the margins of lists. */
function rowsOf(rows: readonly string[]): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows.join('')}</table>`;
}

function marked(mark: string, html: string, className: string, color: string): string {
  return `<tr><td class="t3" valign="top" width="20" style="${text(14, 21)};${style.ink3};padding:0 0 4px">${mark}</td><td class="${className}" valign="top" style="${text(14, 21)};${color};padding:0 0 4px">${html}</td></tr>`;
}

function text(sizePixels: number, linePixels: number): string {
  return `${style.font};font-size:${sizePixels}px;line-height:${linePixels}px;overflow-wrap:anywhere`;
}

/** Escapes, and draws `code`, citations (links into the incident's page if there is one) and, where asked, addresses. */
function rich(view: MailView, sentence: string, linked = false): string {
  const parts = inlines(sentence, linked).map((part) => {
    if (part.kind === 'citation') return part.ids.map((id) => citation(view, id)).join('&nbsp;');
    const safe = escapeHtml(part.text);
    if (part.kind === 'link') return `<a class="lk" href="${safe}" style="color:#134FBD">${safe}</a>`;
    if (part.kind === 'text')
      // A figure stays with its unit.
      return safe
        .replace(/(?<=\d) %/gu, '&nbsp;%')
        .replace(/\n( *)/gu, (_, spaces: string) => `<br>${'&nbsp;'.repeat(spaces.length)}`);
    const isCommand = linked && part.text.includes(' ');
    return isCommand
      ? `<span class="sk" style="${style.command}">${safe}</span>`
      : `<span style="${style.code}">${safe.replaceAll('/', '/<wbr>')}</span>`;
  });
  return parts.join('');
}

function citation(view: MailView, id: string): string {
  const look = id.startsWith('G') ? { className: 'cg', style: style.unseen } : { className: 'ce', style: style.seen };
  if (view.link === undefined) return `<span class="${look.className}" style="${look.style}">${id}</span>`;
  const url = new URL(view.link);
  url.hash = id;
  return `<a class="${look.className}" href="${escapeHtml(url.href)}" style="${look.style}">${id}</a>`;
}
