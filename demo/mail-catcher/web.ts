/** The catcher's web side: the pages, the parts of each mail, and the same as JSON. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { CaughtMail } from './caught-mail.ts';
import { listPage, mailJson, messagePage, styleSheet } from './pages.ts';

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly contentSecurityPolicy?: string;
  readonly fileName?: string;
}

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A mail may style itself; it may not load, run or send anything, and may only be framed by our page. */
const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Not yet listening. */
export function createWebServer(mails: readonly CaughtMail[]): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, { status: 405, contentType: 'text/plain', body: 'Only GET' });
      return;
    }
    send(response, answer((request.url ?? '/').split('?', 1)[0] ?? '/', mails));
  });
}

function answer(path: string, mails: readonly CaughtMail[]): Answer {
  if (path === '/') return html(listPage(mails));
  if (path === '/style.css') return { status: 200, contentType: 'text/css', body: styleSheet };
  if (path === '/api/messages') return json(mails.map(mailJson));
  const match = /^\/(api\/)?messages\/(\d{1,9})(?:\/(raw|html|attachments\/(\d{1,4})))?$/u.exec(path);
  const mail = match && mails[Number(match[2]) - 1];
  if (!mail) return notFound;
  const [, api, , part, index] = match;
  if (api !== undefined) return part === undefined ? json(mailJson(mail)) : notFound;
  if (part === undefined) return html(messagePage(mail));
  return partOf(mail, part, index) ?? notFound;
}

function partOf(mail: CaughtMail, part: string, index: string | undefined): Answer | undefined {
  if (part === 'raw') return { status: 200, contentType: 'text/plain; charset=utf-8', body: mail.raw };
  if (part === 'html')
    return mail.html === undefined ? undefined : { ...html(mail.html), contentSecurityPolicy: MAIL_POLICY };
  const attachment = mail.attachments[Number(index)];
  if (!attachment) return undefined;
  // Only a PDF is shown; anything else, HTML first of all, is only offered for saving.
  const isPdf = attachment.contentType === 'application/pdf';
  return {
    status: 200,
    contentType: isPdf ? 'application/pdf' : 'application/octet-stream',
    body: attachment.content,
    fileName: attachment.name,
  };
}

const notFound: Answer = { status: 404, contentType: 'text/plain', body: 'There is no such mail or part' };

function html(body: string): Answer {
  return { status: 200, contentType: 'text/html; charset=utf-8', body };
}

function json(body: unknown): Answer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

function send(response: ServerResponse, found: Answer): void {
  const { status, contentType, body, contentSecurityPolicy = PAGE_POLICY, fileName } = found;
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...(fileName !== undefined && {
      'content-disposition': `${contentType === 'application/pdf' ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(fileName.toWellFormed()).replaceAll("'", '%27')}`,
    }),
  });
  response.end(body);
}
