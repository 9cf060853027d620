/** One SMTP dialogue for one message, on a connection of its own. */
import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { smtpFailure } from './smtp-error.ts';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Without `secure`: whether the dialogue goes on unencrypted. */
  readonly startTls: 'required' | 'if-offered' | 'never';
  readonly login?: { readonly user: string; readonly password: string };
  /** Silence after which the server is given up. */
  readonly timeoutSeconds: number;
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

export interface Accepted {
  readonly response: string;
  /** Recipients turned away while others were taken. */
  readonly refused: readonly string[];
}

const CHUNK_BYTES = 65_536;

/** Rejects with a DeliveryError; `unknown` once the whole message was handed over and no answer came. */
export async function sendOverSmtp(
  settings: SmtpSettings,
  envelope: Envelope,
  mail: Uint8Array,
  signal: AbortSignal,
): Promise<Accepted> {
  const connection = new SMTPConnection(connectionOptions(settings));
  const body = bodyStream(mail);
  const over = new AbortController();
  try {
    return await new Promise<Accepted>((resolve, reject) => {
      signal.throwIfAborted();
      const stop = () => reject(new Error('the time for this message is over'));
      signal.addEventListener('abort', stop, { signal: over.signal });
      connection.on('error', reject);
      connection.once('end', () => reject(new Error('Connection closed')));
      dialogue(connection, settings, envelope, body.stream).then(resolve, reject);
    });
  } catch (error) {
    const cause: NodemailerError = error instanceof Error ? error : new Error(String(error));
    throw smtpFailure(cause, `SMTP server ${settings.host}:${settings.port}`, body.wasHandedOver());
  } finally {
    over.abort();
    connection.close();
  }
}

async function dialogue(
  connection: SMTPConnection,
  { login }: SmtpSettings,
  envelope: Envelope,
  body: Readable,
): Promise<Accepted> {
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  if (login)
    await new Promise<void>((resolve, reject) => {
      connection.login({ user: login.user, pass: login.password }, (error) => (error ? reject(error) : resolve()));
    });
  return new Promise((resolve, reject) => {
    connection.send({ from: envelope.from, to: [...envelope.to] }, body, (error, sent) =>
      error ? reject(error) : resolve({ response: sent.response, refused: sent.rejected }),
    );
  });
}

function connectionOptions({ host, port, secure, startTls, timeoutSeconds }: SmtpSettings) {
  const timeoutMilliseconds = timeoutSeconds * 1_000;
  return {
    host,
    port,
    secure,
    requireTLS: startTls === 'required',
    ignoreTLS: startTls === 'never',
    connectionTimeout: Math.min(timeoutMilliseconds, 10_000),
    greetingTimeout: Math.min(timeoutMilliseconds, 10_000),
    dnsTimeout: Math.min(timeoutMilliseconds, 10_000),
    socketTimeout: timeoutMilliseconds,
  };
}

/** Read only once the server has agreed to take the message, so its end tells that all of it was handed over. */
function bodyStream(mail: Uint8Array): { readonly stream: Readable; wasHandedOver(): boolean } {
  let offset = 0;
  let isOver = false;
  const stream = new Readable({
    read() {
      isOver = offset >= mail.byteLength;
      this.push(isOver ? null : mail.subarray(offset, offset + CHUNK_BYTES));
      offset += CHUNK_BYTES;
    },
  });
  return { stream, wasHandedOver: () => isOver };
}
