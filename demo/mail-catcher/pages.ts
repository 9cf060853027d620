/** The catcher's pages. Everything in them came by mail, so everything is escaped, and the mail's HTML is in a sandbox. */
import type { CaughtMail } from './caught-mail.ts';

export function listPage(mails: readonly CaughtMail[]): string {
  const rows = mails
    .toReversed()
    .map(
      (mail) =>
        `<tr><td><a href="/messages/${mail.number}">${escapeHtml(mail.subject || '(no subject)')}</a></td><td>${escapeHtml(mail.to)}</td><td>${mail.attachments.length || ''}</td><td><time>${mail.receivedAt}</time></td></tr>`,
    );
  const content =
    rows.length === 0
      ? '<p>No mail yet. This page shows what the SMTP catcher receives; it sends nothing on.</p>'
      : `<table><thead><tr><th>Subject</th><th>To</th><th>Files</th><th>Received</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return page(`${mails.length} caught`, `<h1>Caught mail</h1>${content}`);
}

export function messagePage(mail: CaughtMail): string {
  const files = mail.attachments.map(
    ({ name, content }, index) =>
      `<a href="/messages/${mail.number}/attachments/${index}">${escapeHtml(name)}</a> (${content.byteLength.toLocaleString('en')} bytes)`,
  );
  const facts = [
    ['From', escapeHtml(mail.from)],
    ['To', escapeHtml(mail.to)],
    ['Received', `<time>${mail.receivedAt}</time>`],
    ['Message-ID', `<code>${escapeHtml(mail.messageId ?? 'none')}</code>`],
    ['In reply to', `<code>${escapeHtml(mail.inReplyTo ?? 'nothing')}</code>`],
    ['Files', files.join(', ') || 'none'],
  ].map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  const body =
    mail.html === undefined
      ? `<pre>${escapeHtml(mail.text)}</pre>`
      : `<iframe title="The mail" sandbox src="/messages/${mail.number}/html"></iframe><details><summary>Plain text part</summary><pre>${escapeHtml(mail.text)}</pre></details>`;
  return page(
    mail.subject,
    `<p><a href="/">All mail</a> · <a href="/messages/${mail.number}/raw">Raw message</a>${mail.html === undefined ? '' : ` · <a href="/messages/${mail.number}/html">HTML part alone</a>`}</p><h1>${escapeHtml(mail.subject)}</h1><dl>${facts.join('')}</dl>${body}`,
  );
}

/** Without the bytes; `html` and `text` whole. */
export function mailJson({ raw, attachments, ...mail }: CaughtMail): object {
  return {
    ...mail,
    size_bytes: raw.byteLength,
    attachments: attachments.map(({ name, contentType, content }) => ({
      name,
      content_type: contentType,
      bytes: content.byteLength,
    })),
  };
}

export const styleSheet = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:24px auto;max-width:1000px;padding:0 16px}
h1{font-size:20px;line-height:1.3;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px}dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}iframe{width:100%;height:80vh;border:1px solid #8886;border-radius:6px}pre{white-space:pre-wrap;overflow-wrap:anywhere}time{white-space:nowrap;font-variant-numeric:tabular-nums}`;

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} · Mail catcher</title><link rel="stylesheet" href="/style.css"></head><body><main>${content}</main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
