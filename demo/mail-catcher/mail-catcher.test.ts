import { createTransport, type SendMailOptions } from 'nodemailer';
import { expect, test } from 'vitest';
import { type MailCatcher, startMailCatcher } from './mail-catcher.ts';

async function start(): Promise<MailCatcher & AsyncDisposable> {
  const catcher = await startMailCatcher();
  return { ...catcher, [Symbol.asyncDispose]: () => catcher.close() };
}

async function send(catcher: MailCatcher, mail: SendMailOptions): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: catcher.smtpPort });
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', ...mail });
}

test('a caught mail is there with its parts, its files and its raw form', async () => {
  await using catcher = await start();
  const content = Buffer.from('%PDF-1.7 body');
  await send(catcher, {
    subject: 'Größe',
    text: 'plain',
    html: '<b>rich</b>',
    messageId: '<2@example.com>',
    inReplyTo: '<1@example.com>',
    attachments: [{ filename: 'report.pdf', content }],
  });
  const [mail] = catcher.messages();
  expect(mail).toMatchObject({
    number: 1,
    subject: 'Größe',
    html: '<b>rich</b>',
    messageId: '<2@example.com>',
    inReplyTo: '<1@example.com>',
    recipients: ['b@example.com'],
    attachments: [{ name: 'report.pdf', contentType: 'application/pdf', content }],
  });
  expect(mail?.text.trim()).toBe('plain');
  const file = await fetch(`${catcher.httpUrl}/messages/1/attachments/0`);
  expect(file.headers.get('content-type')).toBe('application/pdf');
  expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);
  expect(await (await fetch(`${catcher.httpUrl}/messages/1/raw`)).text()).toContain('Message-ID: <2@example.com>');
});

test('waiting finds mails that came before and those that come later, and ends with the signal', async () => {
  await using catcher = await start();
  const later = catcher.waitForMessage(({ subject }) => subject === 'later', AbortSignal.timeout(10_000));
  await send(catcher, { subject: 'first', text: 'x' });
  expect((await catcher.waitForMessage(({ subject }) => subject === 'first', AbortSignal.timeout(10_000))).number).toBe(
    1,
  );
  await send(catcher, { subject: 'later', text: 'x' });
  expect((await later).number).toBe(2);
  const stop = new AbortController();
  const never = catcher.waitForMessage(() => false, stop.signal);
  stop.abort(new Error('enough'));
  await expect(never).rejects.toThrow('enough');
});

test('a hostile mail stays text on our pages, and its HTML part may neither run nor load anything', async () => {
  await using catcher = await start();
  const evil = '"><script>alert(1)</script>';
  await send(catcher, {
    subject: evil,
    text: evil,
    html: `<script>alert(1)</script>${evil}`,
    attachments: [{ filename: `${evil}.html`, content: evil, contentType: 'text/html' }],
  });
  for (const path of ['/', '/messages/1']) {
    const page = await fetch(`${catcher.httpUrl}${path}`);
    expect(await page.text()).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/u);
  }
  expect(await (await fetch(`${catcher.httpUrl}/messages/1`)).text()).toContain('<iframe title="The mail" sandbox ');
  const html = await fetch(`${catcher.httpUrl}/messages/1/html`);
  expect(html.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/u);
  const file = await fetch(`${catcher.httpUrl}/messages/1/attachments/0`);
  expect(file.headers.get('content-type')).toBe('application/octet-stream');
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; /u);
});

test('the JSON lists what was caught, without the bytes', async () => {
  await using catcher = await start();
  await send(catcher, { subject: 'one', text: 'x', attachments: [{ filename: 'a.pdf', content: '%PDF' }] });
  const list: unknown = await (await fetch(`${catcher.httpUrl}/api/messages`)).json();
  expect(list).toEqual([
    expect.objectContaining({
      number: 1,
      subject: 'one',
      attachments: [{ name: 'a.pdf', content_type: 'application/pdf', bytes: 4 }],
    }),
  ]);
  expect(await (await fetch(`${catcher.httpUrl}/api/messages/1`)).json()).toMatchObject({ subject: 'one' });
});

test.each([
  '/messages/2',
  '/messages/0',
  '/messages/1/attachments/0',
  '/messages/1/html',
  '/nothing',
  '/api/messages/9',
])('%s is not there', async (path) => {
  await using catcher = await start();
  await send(catcher, { subject: 'plain only', text: 'x' });
  expect((await fetch(`${catcher.httpUrl}${path}`)).status).toBe(404);
});

test('a port that is taken is an error, and nothing stays open', async () => {
  await using catcher = await start();
  const httpPort = Number(new URL(catcher.httpUrl).port);
  await expect(startMailCatcher({ httpPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
