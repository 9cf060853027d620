/** A real SMTP server for tests: takes mail, refuses it or falls silent, as told. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { portOf } from './port-of.ts';

export interface Behaviour {
  /** After the whole message: an SMTP code to refuse it with, or no answer at all. */
  readonly afterMessage?: number | 'silence' | 'hang-up' | ((mail: ParsedMail) => number | undefined);
  readonly refuseRecipient?: (address: string) => number | undefined;
  readonly password?: string;
  /** TLS from the first byte, with the certificate that comes with the package and is trusted by nobody. */
  readonly secure?: boolean;
}

export interface TestSmtpServer extends AsyncDisposable {
  readonly port: number;
  /** Every message that came in whole, whatever the server answered. */
  readonly mails: readonly ParsedMail[];
  /** How often somebody gave a password. */
  readonly logins: number;
  /** Resolves when that many whole messages have come. */
  arrived(count: number): Promise<void>;
  /** From now on. */
  behave(behaviour: Behaviour): void;
}

export async function startSmtpServer(first: Behaviour = {}): Promise<TestSmtpServer> {
  let behaviour = first;
  let logins = 0;
  const mails: ParsedMail[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = new SMTPServer({
    logger: false,
    secure: first.secure ?? false,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS'],
    authOptional: first.password === undefined,
    onAuth({ password }, _session, done) {
      logins += 1;
      if (password === behaviour.password) done(null, { user: 'sender' });
      else done(refusal(535, 'wrong password'));
    },
    onRcptTo({ address }, _session, done) {
      const code = behaviour.refuseRecipient?.(address);
      done(code === undefined ? null : refusal(code, 'no such mailbox'));
    },
    onData: (stream, session, done) => void take(stream, session.id, done),
  } satisfies SMTPServerOptions);
  server.on('error', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');

  async function take(stream: Readable, sessionId: string, done: (error?: Error) => void): Promise<void> {
    const mail = await simpleParser(stream);
    mails.push(mail);
    answer(mail, sessionId, done);
    for (const waiter of waiting) if (mails.length >= waiter.count) waiter.resolve();
  }

  function answer(mail: ParsedMail, sessionId: string, done: (error?: Error) => void): void {
    const { afterMessage } = behaviour;
    const outcome = typeof afterMessage === 'function' ? afterMessage(mail) : afterMessage;
    if (outcome === 'silence') return;
    if (outcome === 'hang-up') for (const each of server.connections) if (each.id === sessionId) each.close();
    if (outcome !== 'hang-up') done(outcome === undefined ? undefined : refusal(outcome, 'not now'));
  }

  return {
    port: portOf(server.server),
    mails,
    get logins() {
      return logins;
    },
    arrived: (count) =>
      new Promise((resolve) => (mails.length >= count ? resolve() : waiting.push({ count, resolve }))),
    behave(next) {
      behaviour = next;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
