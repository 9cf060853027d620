/** An SMTP server that keeps what it gets instead of sending it on, with a small web page to read it. */
import { once } from 'node:events';
import type { Server } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type CaughtMail, readMail } from './caught-mail.ts';
import { createWebServer } from './web.ts';

export interface MailCatcherOptions {
  /** 0, the default: a free one. */
  readonly smtpPort?: number;
  readonly httpPort?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

export interface MailCatcher {
  readonly smtpPort: number;
  readonly httpUrl: string;
  /** All so far, oldest first. */
  messages(): readonly CaughtMail[];
  /** The first one that fits, of those already there too. Rejects with the signal's reason. */
  waitForMessage(predicate: (mail: CaughtMail) => boolean, signal: AbortSignal): Promise<CaughtMail>;
  close(): Promise<void>;
}

const MAX_MAIL_BYTES = 40 * 1024 * 1024;
/** A storm must not eat the machine's memory: beyond it the catcher answers 452, as a full server does. */
const MAX_KEPT_BYTES = 400 * 1024 * 1024;

/** Listens when it resolves. Any sender and recipient is taken, without login and without TLS. */
export async function startMailCatcher(options: MailCatcherOptions = {}): Promise<MailCatcher> {
  const { smtpPort = 0, httpPort = 0, host = '127.0.0.1' } = options;
  const mails: CaughtMail[] = [];
  const waiting = new Set<(mail: CaughtMail) => void>();
  const smtp = createSmtpServer(mails, (mail) => {
    for (const offer of waiting) offer(mail);
  });
  const web = createWebServer(mails);
  await listening(smtp.listen(smtpPort, host));
  await listening(web.listen(httpPort, host)).catch(async (error: unknown) => {
    await closed((resolve) => smtp.close(resolve));
    throw error;
  });
  return {
    smtpPort: portOf(smtp.server),
    httpUrl: `http://${host}:${portOf(web)}`,
    messages: () => mails,
    waitForMessage: (predicate, signal) => waitFor(mails, waiting, predicate, signal),
    async close() {
      web.closeAllConnections();
      await Promise.all([closed((resolve) => smtp.close(resolve)), closed((resolve) => web.close(() => resolve()))]);
    },
  };
}

function createSmtpServer(mails: CaughtMail[], onMail: (mail: CaughtMail) => void): SMTPServer {
  let keptBytes = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: MAX_MAIL_BYTES,
    closeTimeout: 500,
    logger: false,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
    onData: (stream, session, done) => void keep(stream, session, done),
  });
  server.on('error', () => undefined); // a client that breaks off in the middle is its own problem
  return server;

  async function keep(stream: SMTPServerDataStream, session: SMTPServerSession, answer: (error?: Error) => void) {
    try {
      const raw = await readAll(stream);
      if (stream.sizeExceeded) throw refusal(552, 'The message is too large');
      if (keptBytes + raw.byteLength > MAX_KEPT_BYTES) throw refusal(452, 'The catcher is full; restart it');
      keptBytes += raw.byteLength;
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      const parsed = await readMail(raw, recipients);
      const mail = { number: mails.length + 1, ...parsed };
      mails.push(mail);
      onMail(mail);
      answer();
    } catch (error) {
      answer(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.byteLength;
    if (bytes <= MAX_MAIL_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function waitFor(
  mails: readonly CaughtMail[],
  waiting: Set<(mail: CaughtMail) => void>,
  predicate: (mail: CaughtMail) => boolean,
  signal: AbortSignal,
): Promise<CaughtMail> {
  return new Promise((resolve, reject) => {
    const found = mails.find(predicate);
    if (found) {
      resolve(found);
      return;
    }
    function stop(): void {
      waiting.delete(offer);
      reject(signal.reason);
    }
    function offer(mail: CaughtMail): void {
      if (!predicate(mail)) return;
      waiting.delete(offer);
      signal.removeEventListener('abort', stop);
      resolve(mail);
    }
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    waiting.add(offer);
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function listening(server: Server): Promise<void> {
  await once(server, 'listening'); // rejects on 'error', a port in use for one
}

function closed(close: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => close(resolve));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
