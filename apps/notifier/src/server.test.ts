import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotifyFailed, NotifySent } from '@incident-agent/contracts/notify';
import { createLogger } from '@incident-agent/service-kit/logging';
import { createHttpMetrics } from '@incident-agent/service-kit/metrics';
import { expect, test } from 'vitest';
import { createDispatch } from './dispatch.ts';
import { email } from './email/channel.ts';
import { openJournal } from './journal.ts';
import { createNotifierServer } from './server.ts';
import { course, incident, minimal, now, report } from './testing/messages.ts';
import { type Behaviour, startSmtpServer } from './testing/smtp-server.ts';

/** The notifier on port 0 with a real SMTP server behind it. */
async function startNotifier(options: { behaviour?: Behaviour; token?: string; withoutEmail?: boolean } = {}) {
  const smtp = await startSmtpServer(options.behaviour);
  const folder = await mkdtemp(join(tmpdir(), 'notifier-'));
  const clock = { now: () => now };
  const settings = {
    sender: { name: '', address: 'agent@example.com' },
    receivers: ['on-call@example.com'],
    smtp: { host: '127.0.0.1', port: smtp.port, secure: false, startTls: 'never' as const, timeoutSeconds: 1 },
  };
  const channels = options.withoutEmail ? [] : [email(settings, clock)];
  const results: string[] = [];
  const dispatch = createDispatch({
    channels,
    clock,
    journal: await openJournal(join(folder, 'receipts.jsonl')),
    newKey: randomUUID,
    onResult: (channel, result) => results.push(`${channel} ${result}`),
    onForgetting: () => results.push('forgotten'),
  });
  const logger = createLogger({ service: 'notifier', level: 'silent', stdout: false });
  const metrics = createHttpMetrics();
  const server = createNotifierServer({ channels, dispatch, logger, metrics, token: options.token });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    smtp,
    url,
    results,
    async post(body: unknown, path = '/notify') {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const answer: Record<string, unknown> = JSON.parse(await response.text());
      return { status: response.status, answer };
    },
    async get(path: string) {
      const response = await fetch(`${url}${path}`);
      const answer: Record<string, unknown> = JSON.parse(await response.text());
      return { status: response.status, answer };
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await smtp[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

test('the four required fields are enough for a mail', async () => {
  await using notifier = await startNotifier();
  const { status, answer } = await notifier.post(minimal);
  expect(status).toBe(200);
  expect(NotifySent.parse(answer)).toMatchObject({ status: 'sent', channel: 'email', pdf_attached: false });
  expect(notifier.smtp.mails[0]?.text).toContain(minimal.analysis);
});

test('a PDF is attached, under a harmless name', async () => {
  await using notifier = await startNotifier();
  const pdf_base64 = Buffer.from('%PDF-1.7 body').toString('base64');
  const { answer } = await notifier.post({ ...minimal, pdf_base64, pdf_filename: '../../INC 147.pdf' });
  expect(answer.pdf_attached).toBe(true);
  expect(notifier.smtp.mails[0]?.attachments[0]).toMatchObject({
    filename: 'INC-147.pdf',
    contentType: 'application/pdf',
  });
});

test('figures over time arrive drawn, in both parts; a wrong one is refused by its name and nothing is sent', async () => {
  await using notifier = await startNotifier();
  const { status } = await notifier.post({ ...minimal, incident, report: { ...report, courses: [course] } });
  expect(status).toBe(200);
  const [mail] = notifier.smtp.mails;
  expect(String(mail?.html).match(/bgcolor="#A51B1B"/gu)).toHaveLength(3);
  expect(mail?.text).toContain('10:37 ▁▁ ▅██ 10:48');
  const wrong = { ...course, values: [1] };
  const refused = await notifier.post({ ...minimal, report: { ...report, courses: [wrong] } });
  expect(refused).toMatchObject({ status: 400, answer: { code: 'invalid-input', retryable: false } });
  expect(refused.answer.error).toContain('report.courses');
  expect(notifier.smtp.mails).toHaveLength(1);
});

test('a PDF over the limit is left out and the mail says so', async () => {
  await using notifier = await startNotifier();
  const pdf_base64 = Buffer.concat([Buffer.from('%PDF'), Buffer.alloc(16_000_000)]).toString('base64');
  const { answer } = await notifier.post({ ...minimal, pdf_base64 });
  expect(answer).toMatchObject({ status: 'sent', pdf_attached: false });
  expect(notifier.smtp.mails[0]?.text).toMatch(/too large for a mail/u);
});

test('the same key again answers the same receipt and sends nothing', async () => {
  await using notifier = await startNotifier();
  const first = await notifier.post({ ...minimal, idempotency_key: 'INC-147/1' });
  const second = await notifier.post({ ...minimal, summary: 'something else', idempotency_key: 'INC-147/1' });
  expect(second).toEqual(first);
  expect(notifier.smtp.mails).toHaveLength(1);
  expect(await notifier.get('/receipts/INC-147%2F1')).toEqual(first);
  expect(notifier.results).toEqual(['email sent', 'email duplicate']);
});

test('the same key twenty times at once sends one mail', async () => {
  await using notifier = await startNotifier();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => notifier.post({ ...minimal, idempotency_key: 'k' })),
  );
  expect(notifier.smtp.mails).toHaveLength(1);
  expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
});

test('without a key every message is a new one', async () => {
  await using notifier = await startNotifier();
  await notifier.post(minimal);
  await notifier.post(minimal);
  expect(notifier.smtp.mails).toHaveLength(2);
});

test.each([
  { afterMessage: 451, status: 503, retryable: true, code: 'temporary' },
  { afterMessage: 550, status: 502, retryable: false, code: 'refused' },
])('refused with $afterMessage answers $status, was not sent, and may be tried again by hand', async (expected) => {
  await using notifier = await startNotifier({ behaviour: { afterMessage: expected.afterMessage } });
  const { status, answer } = await notifier.post({ ...minimal, idempotency_key: 'k' });
  expect(status).toBe(expected.status);
  expect(NotifyFailed.parse(answer)).toMatchObject({
    status: 'failed',
    retryable: expected.retryable,
    code: expected.code,
  });
  expect(await notifier.get('/receipts/k')).toMatchObject({ status: 404, answer: { status: 'none' } });
  notifier.smtp.behave({});
  const again = await notifier.post({ ...minimal, idempotency_key: 'k' });
  expect(NotifySent.parse(again.answer).receipt.resent).toBeUndefined();
});

test('silence after the message is unknown; asked again, it is resent under the same Message-ID and says so', async () => {
  await using notifier = await startNotifier({ behaviour: { afterMessage: 'silence' } });
  const first = await notifier.post({ ...minimal, idempotency_key: 'k' });
  expect(first).toMatchObject({ status: 504, answer: { status: 'failed', code: 'unknown', retryable: false } });
  expect(await notifier.get('/receipts/k')).toMatchObject({ status: 409, answer: { status: 'unknown' } });
  notifier.smtp.behave({ afterMessage: 550 });
  await notifier.post({ ...minimal, idempotency_key: 'k' });
  expect((await notifier.get('/receipts/k')).status).toBe(409); // the first one may still have arrived
  notifier.smtp.behave({});
  const last = await notifier.post({ ...minimal, idempotency_key: 'k' });
  expect(NotifySent.parse(last.answer).receipt.resent).toBe(true);
  expect(new Set(notifier.smtp.mails.map((mail) => mail.messageId)).size).toBe(1);
  expect((await notifier.get('/receipts/k')).status).toBe(200);
});

test('a key never used has no receipt', async () => {
  await using notifier = await startNotifier();
  expect(await notifier.get('/receipts/never')).toMatchObject({ status: 404, answer: { status: 'none' } });
});

test.each([
  { says: 'a missing field', body: { ...minimal, summary: undefined }, names: 'summary' },
  { says: 'an empty field', body: { ...minimal, service: '' }, names: 'service' },
  { says: 'a field of the wrong type', body: { ...minimal, analysis: 7 }, names: 'analysis' },
  { says: 'an unknown channel', body: { ...minimal, channel: 'fax' }, names: 'channel: must be one of email' },
  {
    says: 'a confidence in percent',
    body: { ...minimal, incident: { ...incident, confidence: 87 } },
    names: 'incident.confidence',
  },
  { says: 'a PDF that is none', body: { ...minimal, pdf_base64: 'aGVsbG8=' }, names: 'pdf_base64' },
  { says: 'no object', body: [], names: 'body' },
  { says: 'no JSON', body: '{"service":', names: 'JSON' },
])('$says is refused with 400, naming it', async ({ body, names }) => {
  await using notifier = await startNotifier();
  const { status, answer } = await notifier.post(body);
  expect(status).toBe(400);
  expect(NotifyFailed.parse(answer)).toMatchObject({ retryable: false, error: expect.stringContaining(names) });
  expect(notifier.smtp.mails).toHaveLength(0);
});

test('a body over 32 MB is refused with 413', async () => {
  await using notifier = await startNotifier();
  const { status, answer } = await notifier.post({ ...minimal, analysis: 'x'.repeat(33 * 1024 * 1024) });
  expect(status).toBe(413);
  expect(NotifyFailed.parse(answer).retryable).toBe(false);
});

test.each(['slack', 'pagerduty', 'webhook'])('channel %s, which is not there, is refused clearly', async (channel) => {
  await using notifier = await startNotifier();
  expect(await notifier.post({ ...minimal, channel })).toMatchObject({
    status: 422,
    answer: { status: 'failed', code: 'not-configured', retryable: false, error: expect.stringContaining(channel) },
  });
});

test('without settings e-mail is refused with what to set', async () => {
  await using notifier = await startNotifier({ withoutEmail: true });
  expect(await notifier.post(minimal)).toMatchObject({
    status: 422,
    answer: { error: expect.stringContaining('EMAIL_RECEIVER') },
  });
  expect(await notifier.get('/channels')).toEqual({ status: 200, answer: { channels: [] } });
});

test('a test message goes out, and the channels are listed without secrets', async () => {
  await using notifier = await startNotifier();
  expect((await notifier.post('{}', '/channels/email/test')).status).toBe(200);
  expect(notifier.smtp.mails[0]?.subject).toContain('Test message');
  expect((await notifier.post('{}', '/channels/fax/test')).status).toBe(400);
  const { answer } = await notifier.get('/channels');
  expect(answer.channels).toEqual([
    { name: 'email', destination: `on-call@example.com through 127.0.0.1:${notifier.smtp.port}` },
  ]);
});

test('with a token, everything but the status needs it', async () => {
  await using notifier = await startNotifier({ token: 'secret' });
  async function ask(path: string, authorization?: string): Promise<number> {
    const headers = authorization === undefined ? {} : { authorization };
    return (await fetch(`${notifier.url}${path}`, { headers })).status;
  }
  expect(await Promise.all(['/', '/health', '/metrics'].map((path) => ask(path)))).toEqual([200, 200, 200]);
  expect(await ask('/channels')).toBe(401);
  expect(await ask('/receipts/k', 'Bearer secre')).toBe(401);
  expect(await ask('/channels', 'Basic secret')).toBe(401);
  expect(await ask('/channels', 'Bearer secret')).toBe(200);
  expect(await notifier.post(minimal)).toMatchObject({
    status: 401,
    answer: { code: 'unauthorized', retryable: false },
  });
  expect((await notifier.post('{}', '/channels/email/test')).status).toBe(401);
  expect(notifier.smtp.mails).toHaveLength(0);
});
