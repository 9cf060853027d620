import { expect, test } from 'vitest';
import { smtpFailure } from './smtp-error.ts';

test.each([
  {
    says: '451 is worth another try',
    error: { code: 'EMESSAGE', responseCode: 451 },
    code: 'temporary',
    retryable: true,
  },
  {
    says: '552 is too large for good',
    error: { code: 'EMESSAGE', responseCode: 552 },
    code: 'too-large',
    retryable: false,
  },
  {
    says: '550 is refused for good',
    error: { code: 'EENVELOPE', responseCode: 550 },
    code: 'refused',
    retryable: false,
  },
  {
    says: 'a wrong password is not tried again',
    error: { code: 'EAUTH', responseCode: 535 },
    code: 'refused',
    retryable: false,
  },
  { says: 'a login that cannot start is not tried again', error: { code: 'EAUTH' }, code: 'refused', retryable: false },
  {
    says: 'a refused connection is worth another try',
    error: { code: 'ESOCKET', originalCode: 'ECONNREFUSED' },
    code: 'unreachable',
    retryable: true,
  },
  {
    says: 'a certificate that is not trusted needs a person',
    error: { code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    code: 'refused',
    retryable: false,
  },
  {
    says: 'a message over the announced size is too large',
    error: { code: 'EMESSAGE' },
    code: 'too-large',
    retryable: false,
  },
  {
    says: 'silence before the message is worth another try',
    error: { code: 'ETIMEDOUT' },
    code: 'unreachable',
    retryable: true,
  },
  {
    says: 'silence after the message is unknown',
    error: { code: 'ETIMEDOUT' },
    handedOver: true,
    code: 'unknown',
    retryable: false,
  },
  {
    says: 'a lost connection after the message is unknown',
    error: { code: 'ECONNECTION' },
    handedOver: true,
    code: 'unknown',
    retryable: false,
  },
  {
    says: 'an answer after the message is no doubt',
    error: { code: 'EMESSAGE', responseCode: 451 },
    handedOver: true,
    code: 'temporary',
    retryable: true,
  },
])('$says', ({ error, handedOver, code, retryable }) => {
  const failure = smtpFailure(Object.assign(new Error('x'), error), 'SMTP server a:1', handedOver ?? false);
  expect(failure).toMatchObject({ code, retryable });
  expect(failure.message).toContain('SMTP server a:1');
});
