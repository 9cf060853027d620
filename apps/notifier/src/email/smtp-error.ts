/** What an SMTP failure means for the message: refused for good, worth another try, or unknown. */
import type { NodemailerError } from 'nodemailer';
import { DeliveryError } from '../delivery-error.ts';
import { oneLine } from '../lib/plain-text.ts';

const certificateTrouble = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/u;
const tooLarge = new Set([523, 552]);

/**
 * `wasHandedOver`: the whole message had been given to the server when it failed. Without an answer it may then have
 * arrived, whatever the error says. Text from the server is shown on one line and cut.
 */
export function smtpFailure(error: NodemailerError, where: string, wasHandedOver: boolean): DeliveryError {
  const said = oneLine(error.response ?? error.message, 300);
  const code = error.responseCode;
  if (code !== undefined && code >= 400)
    return failure(tooLarge.has(code) ? 'too-large' : code < 500 ? 'temporary' : 'refused', code < 500);
  if (wasHandedOver)
    return new DeliveryError(
      'unknown',
      `${where} took the whole message and then gave no answer (${said}): it may have arrived. Look in the mailbox; sending the same idempotency_key again repeats the mail under the same Message-ID`,
      { retryable: false, cause: error },
    );
  if (error.code === 'EMESSAGE') return failure('too-large', false);
  if (error.code === 'EAUTH') return failure('refused', false, 'check EMAIL_SENDER and EMAIL_APP_PASSWORD');
  if (hasCertificateTrouble(error)) return failure('refused', false, 'its certificate is not trusted');
  if (['EENVELOPE', 'EPROTOCOL', 'EREQUIRETLS'].includes(error.code ?? '')) return failure('refused', false);
  return failure('unreachable', true, 'check SMTP_HOST, SMTP_PORT and SMTP_SECURE');

  function failure(meaning: 'temporary' | 'refused' | 'too-large' | 'unreachable', retryable: boolean, cure = '') {
    const verb = meaning === 'unreachable' ? 'could not be reached' : 'did not take the message';
    const hint = cure === '' ? '' : `; ${cure}`;
    return new DeliveryError(meaning, `${where} ${verb}: ${said}${hint}`, { retryable, cause: error });
  }
}

function hasCertificateTrouble(error: NodemailerError): boolean {
  const original: unknown = Reflect.get(error, 'originalCode');
  return certificateTrouble.test(typeof original === 'string' ? original : (error.code ?? ''));
}
