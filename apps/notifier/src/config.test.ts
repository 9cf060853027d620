import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const mail = { EMAIL_SENDER: 'Agent <agent@example.com>', EMAIL_RECEIVER: 'a@example.com, B <b@example.com>' };

test('without settings it listens on this machine only and has no channel', () => {
  expect(readConfig('/app', {})).toMatchObject({
    host: '127.0.0.1',
    port: 8002,
    dataFolder: '/app/.data',
    logFolder: '/app/logs',
    email: undefined,
  });
});

test.each([
  { says: 'a token opens it to the network', environment: { NOTIFIER_TOKEN: 'secret' }, host: '0.0.0.0' },
  { says: 'HOST wins over a token', environment: { NOTIFIER_TOKEN: 'secret', HOST: '127.0.0.2' }, host: '127.0.0.2' },
  { says: 'HOST opens it without a token, since somebody said so', environment: { HOST: '0.0.0.0' }, host: '0.0.0.0' },
])('$says', ({ environment, host }) => {
  expect(readConfig('/app', environment).host).toBe(host);
});

test.each([
  {
    says: 'a local catcher by default',
    environment: {},
    smtp: { host: 'localhost', port: 1025, secure: false, startTls: 'never' },
  },
  {
    says: 'submission for another host',
    environment: { SMTP_HOST: 'mail.example.com' },
    smtp: { port: 587, secure: false, startTls: 'if-offered' },
  },
  {
    says: 'TLS on its own port',
    environment: { SMTP_HOST: 'mail.example.com', SMTP_SECURE: 'true' },
    smtp: { port: 465, secure: true },
  },
  { says: 'TLS from the port', environment: { SMTP_PORT: '465' }, smtp: { port: 465, secure: true } },
  {
    says: 'no password without encryption, but on this machine',
    environment: { SMTP_HOST: 'mail.example.com', EMAIL_APP_PASSWORD: 'secret' },
    smtp: { startTls: 'required' },
  },
  {
    says: 'a login, its password without the spaces it is shown with',
    environment: { EMAIL_APP_PASSWORD: 'abcd efgh ijkl mnop' },
    smtp: { login: { user: 'agent@example.com', password: 'abcdefghijklmnop' } },
  },
])('SMTP: $says', ({ environment, smtp }) => {
  expect(readConfig('/app', { ...mail, ...environment }).email?.smtp).toMatchObject(smtp);
});

test('several receivers are separated by commas, and each is taken once', () => {
  const { email } = readConfig('/app', { ...mail, EMAIL_RECEIVER: 'a@example.com, B <b@example.com>,a@example.com' });
  expect(email?.receivers).toEqual(['a@example.com', 'b@example.com']);
  expect(email?.sender).toEqual({ name: 'Agent', address: 'agent@example.com' });
});

test('all mistakes are named at once, without the values', () => {
  const mistaken = {
    PORT: 'eighty',
    EMAIL_SENDER: 'nobody',
    EMAIL_RECEIVER: 'a@b.c, x y',
    SMTP_SECURE: 'maybe',
    LOG_LEVEL: 'loud',
  };
  let text = '';
  try {
    readConfig('/app', mistaken);
  } catch (error) {
    text = String(error);
  }
  for (const name of Object.keys(mistaken)) expect(text).toContain(`${name}: `);
  expect(text).not.toContain('x y');
});

test.each([
  { given: { EMAIL_SENDER: 'a@example.com' }, missing: 'EMAIL_RECEIVER' },
  { given: { EMAIL_RECEIVER: 'a@example.com' }, missing: 'EMAIL_SENDER' },
])('half a channel is a mistake: $missing', ({ given, missing }) => {
  expect(() => readConfig('/app', given)).toThrow(`${missing}: is missing`);
});
