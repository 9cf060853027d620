import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { DeliveryError } from '../delivery-error.ts';
import { incident, message, now, report } from '../testing/messages.ts';
import { portOf } from '../testing/port-of.ts';
import { startSmtpServer } from '../testing/smtp-server.ts';
import { email } from './channel.ts';
import type { SmtpSettings } from './smtp.ts';

const pdf = { name: 'INC-147.pdf', content: Buffer.from('%PDF-1.7 body'), isTooLarge: false };

function channel(port: number, password?: string, encryption: Partial<SmtpSettings> = {}) {
  const login = password === undefined ? {} : { login: { user: 'agent@example.com', password } };
  const smtp = { host: '127.0.0.1', port, secure: false, startTls: 'never' as const, timeoutSeconds: 1 };
  return email(
    {
      sender: { name: 'Incident Agent', address: 'agent@example.com' },
      receivers: ['first@example.com', 'second@example.com'],
      smtp: { ...smtp, ...login, ...encryption },
    },
    { now: () => now },
  );
}

function soon(): AbortSignal {
  return AbortSignal.timeout(10_000);
}

test('every receiver is named in the envelope and in the mail, and all get the one message', async () => {
  await using server = await startSmtpServer();
  await channel(server.port).send(message(), soon());
  expect(server.mails).toHaveLength(1);
  const to = server.mails[0]?.to;
  expect((Array.isArray(to) ? to : [to]).map((each) => each?.text)).toEqual(['first@example.com, second@example.com']);
});

test('a mail arrives with both parts, the PDF, and an ID that follows from the key', async () => {
  await using server = await startSmtpServer();
  const receipt = await channel(server.port).send(message({ incident, report, pdf }), soon());
  const again = await channel(server.port).send(message(), soon());
  const [mail] = server.mails;
  expect(mail?.subject).toBe('[Critical] checkout: 38 % of requests fail (INC-147)');
  expect(mail?.text).toContain('WHY: LIKELY, 87 %');
  expect(mail?.html).toContain('<b>Likely, 87 %</b>');
  expect(
    mail?.attachments.map(({ filename, contentType, content }) => [filename, contentType, content.toString()]),
  ).toEqual([['INC-147.pdf', 'application/pdf', '%PDF-1.7 body']]);
  expect(mail?.messageId).toBe(receipt.message_id);
  expect(again.message_id).toBe(receipt.message_id);
  expect(receipt).toMatchObject({ channel: 'email', idempotency_key: 'INC-147/1', sent_at: now, pdf_attached: true });
});

test('a later mail is threaded under all earlier ones; what is no Message-ID is left out', async () => {
  await using server = await startSmtpServer();
  const first = await channel(server.port).send(message({ incident }), soon());
  const second = await channel(server.port).send(message({ incident, idempotencyKey: '2', earlier: first }), soon());
  const earlier = { ...second, references: [...(second.references ?? []), 'x>\r\nBcc: <evil@example.com'] };
  await channel(server.port).send(message({ incident, idempotencyKey: '3', earlier }), soon());
  expect(server.mails[2]?.inReplyTo).toBe(second.message_id);
  expect(server.mails[2]?.references).toEqual([first.message_id, second.message_id]);
  expect(server.mails[2]?.headers.has('bcc')).toBe(false);
});

test('hostile fields neither add headers nor recipients', async () => {
  await using server = await startSmtpServer();
  const evil = 'x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>\0\u202E';
  await channel(server.port).send(
    message({
      service: evil,
      alertname: evil,
      summary: evil,
      analysis: evil,
      incident: { ...incident, id: evil, title: evil },
    }),
    soon(),
  );
  const [mail] = server.mails;
  expect(mail?.headers.has('bcc')).toBe(false);
  expect(mail?.subject).not.toMatch(/[\r\n\0\u202E]/u);
  expect(mail?.html).not.toContain('<script>');
  expect(mail?.text).toContain('Bcc: evil@example.com'); // shown as what it is: text
});

test.each([
  { answer: 451, code: 'temporary', retryable: true },
  { answer: 552, code: 'too-large', retryable: false },
  { answer: 550, code: 'refused', retryable: false },
])('a server that answers $answer gives $code', async ({ answer, code, retryable }) => {
  await using server = await startSmtpServer({ afterMessage: answer });
  await expect(channel(server.port).send(message(), soon())).rejects.toMatchObject({ code, retryable });
});

test('a server that finds the mail too large gets it without the PDF, and the mail says so', async () => {
  await using server = await startSmtpServer({
    afterMessage: (mail) => (mail.attachments.length > 0 ? 552 : undefined),
  });
  const receipt = await channel(server.port).send(message({ pdf }), soon());
  expect(receipt.pdf_attached).toBe(false);
  expect(server.mails[1]?.text).toContain('too large for a mail and is not attached');
});

test('above the size of an attachment the mail links to the PDF instead, in both parts', async () => {
  await using server = await startSmtpServer();
  const pdf_url = 'https://incidents.example.com/api/incidents/INC-147/report.pdf?run=3FA9C21B';
  const large = { ...pdf, content: Buffer.alloc(18_200_000), isTooLarge: true };
  const receipt = await channel(server.port).send(message({ incident, report, pdf: large, pdf_url }), soon());
  const [mail] = server.mails;
  expect(receipt.pdf_attached).toBe(false);
  expect(mail?.attachments).toEqual([]);
  expect(mail?.html).toContain(`<a class="lk" href="${pdf_url}"`);
  expect(mail?.text).toContain(`The report as PDF (18.2 MB): ${pdf_url}`);
  expect(mail?.text?.replace(/\s+/gu, ' ')).toContain('is not attached. It is linked above.');
});

test('a server that finds the attachment too large gets the link in its place', async () => {
  await using server = await startSmtpServer({
    afterMessage: (mail) => (mail.attachments.length > 0 ? 552 : undefined),
  });
  const pdf_url = 'https://incidents.example.com/api/incidents/INC-147/report.pdf';
  await channel(server.port).send(message({ incident, pdf, pdf_url }), soon());
  expect(server.mails[0]?.html).not.toContain(pdf_url);
  expect(server.mails[1]?.html).toContain(`href="${pdf_url}"`);
});

test('an attached PDF is not linked too, and what is no web address never is', async () => {
  await using server = await startSmtpServer();
  await channel(server.port).send(message({ incident, pdf, pdf_url: 'https://incidents.example.com/x.pdf' }), soon());
  await channel(server.port).send(message({ incident, pdf_url: 'javascript:alert(1)' }), soon());
  expect(server.mails.map(({ html }) => /report as PDF|javascript:/iu.test(String(html)))).toEqual([false, false]);
});

test('one refused recipient does not cost the others, and the receipt names it', async () => {
  await using server = await startSmtpServer({
    refuseRecipient: (address) => (address.startsWith('first') ? 550 : undefined),
  });
  const receipt = await channel(server.port).send(message(), soon());
  expect(receipt.refused).toEqual(['first@example.com']);
});

test('if every recipient is refused, the message is', async () => {
  await using server = await startSmtpServer({ refuseRecipient: () => 550 });
  await expect(channel(server.port).send(message(), soon())).rejects.toMatchObject({
    code: 'refused',
    retryable: false,
  });
});

test('the password is given, and a wrong one is not tried again', async () => {
  await using server = await startSmtpServer({ password: 'right' });
  await expect(channel(server.port, 'right').send(message(), soon())).resolves.toMatchObject({ channel: 'email' });
  await expect(channel(server.port, 'wrong').send(message(), soon())).rejects.toMatchObject({
    code: 'refused',
    retryable: false,
  });
  await expect(channel(server.port).send(message(), soon())).rejects.toBeInstanceOf(DeliveryError);
});

test('where encryption is required and not offered, neither password nor mail is sent', async () => {
  await using server = await startSmtpServer({ password: 'right' });
  const careful = channel(server.port, 'right', { startTls: 'required' });
  await expect(careful.send(message(), soon())).rejects.toMatchObject({ retryable: false });
  expect(server.logins).toBe(0);
});

test('a certificate that nobody vouches for is refused, since that needs a person', async () => {
  await using server = await startSmtpServer({ secure: true });
  const careful = channel(server.port, undefined, { secure: true });
  await expect(careful.send(message(), soon())).rejects.toMatchObject({ code: 'refused', retryable: false });
});

test.each(['silence', 'hang-up'] as const)('%s after the whole message leaves it unknown', async (afterMessage) => {
  await using server = await startSmtpServer({ afterMessage });
  await expect(channel(server.port).send(message({ pdf }), soon())).rejects.toMatchObject({
    code: 'unknown',
    retryable: false,
  });
  expect(server.mails).toHaveLength(1);
});

test('nobody there is unreachable, and worth another try', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await once(nobody, 'listening');
  const port = portOf(nobody);
  nobody.close();
  await once(nobody, 'close');
  await expect(channel(port).send(message(), soon())).rejects.toMatchObject({ code: 'unreachable', retryable: true });
});

test('somebody who accepts and never greets is unreachable, not unknown', async () => {
  await using silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  await expect(channel(portOf(silent)).send(message(), soon())).rejects.toMatchObject({
    code: 'unreachable',
    retryable: true,
  });
});

test('when the time is over the dialogue ends', async () => {
  await using server = await startSmtpServer({ afterMessage: 'silence' });
  const stop = new AbortController();
  const sending = channel(server.port).send(message(), stop.signal);
  await server.arrived(1);
  stop.abort();
  await expect(sending).rejects.toMatchObject({ code: 'unknown' });
});
