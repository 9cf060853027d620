/** Environment → settings. All mistakes are reported at once. */
import { flag, integer, parseConfiguration, port, resolveFrom, text } from '@incident-agent/service-kit/configuration';
import addressparser from 'nodemailer/lib/addressparser';
import { z } from 'zod';
import type { EmailSettings } from './email/channel.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly logLevel: string;
  readonly token: string | undefined;
  /** undefined: nobody has said where mails go. */
  readonly email: EmailSettings | undefined;
}

const Environment = z
  .object({
    PORT: port(8002),
    HOST: text(),
    DATA_DIR: text('.data'),
    LOG_DIR: text('logs'),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'is none of trace, debug, info, warn, error, fatal, silent; set one of them',
      })
      .default('info'),
    NOTIFIER_TOKEN: text(),
    SMTP_HOST: text(),
    SMTP_PORT: port(0),
    SMTP_SECURE: flag(false),
    SMTP_TIMEOUT_SECONDS: integer({ min: 1, max: 600, fallback: 30 }),
    EMAIL_SENDER: addresses('is no single address; set one, such as alerts@example.com', 1),
    EMAIL_RECEIVER: addresses('has something that is no address; set one or several, separated by commas', 50),
    EMAIL_APP_PASSWORD: text(),
  })
  .superRefine((environment, context) => {
    for (const [name, other] of [
      ['EMAIL_SENDER', 'EMAIL_RECEIVER'],
      ['EMAIL_RECEIVER', 'EMAIL_SENDER'],
    ] as const)
      if (!environment[name] && environment[other])
        context.addIssue({ code: 'custom', path: [name], message: `is missing, but ${other} is set; set both` });
  });

/** Relative folders mean the app's. Without a token and a HOST it listens on this machine only. */
export function readConfig(appFolder: string, environment: Record<string, string>): Config {
  const found = parseConfiguration(Environment, environment);
  return {
    host: found.HOST ?? (found.NOTIFIER_TOKEN === undefined ? '127.0.0.1' : '0.0.0.0'),
    port: found.PORT,
    dataFolder: resolveFrom(appFolder, found.DATA_DIR),
    logFolder: resolveFrom(appFolder, found.LOG_DIR),
    logLevel: found.LOG_LEVEL,
    token: found.NOTIFIER_TOKEN,
    email: emailSettings(found),
  };
}

function emailSettings(found: z.infer<typeof Environment>): EmailSettings | undefined {
  const sender = found.EMAIL_SENDER?.[0];
  if (!sender || !found.EMAIL_RECEIVER) return undefined;
  const password = found.EMAIL_APP_PASSWORD;
  const host = found.SMTP_HOST ?? 'localhost';
  return {
    sender,
    receivers: [...new Set(found.EMAIL_RECEIVER.map(({ address }) => address))],
    smtp: {
      host,
      port: found.SMTP_PORT || usualPort(found),
      secure: found.SMTP_SECURE || found.SMTP_PORT === 465,
      startTls: startTlsFor(host, password !== undefined),
      timeoutSeconds: found.SMTP_TIMEOUT_SECONDS,
      // Google shows an app password in four groups; it is meant without the spaces.
      ...(password !== undefined && { login: { user: sender.address, password: password.replace(/\s/gu, '') } }),
    },
  };
}

/** A password travels encrypted or not at all, but a catcher on this machine has no certificate worth checking. */
function startTlsFor(host: string, hasPassword: boolean): EmailSettings['smtp']['startTls'] {
  if (['localhost', '127.0.0.1', '::1'].includes(host)) return 'never';
  return hasPassword ? 'required' : 'if-offered';
}

/** 465 for TLS, 587 for a real server, 1025 where the catchers for development listen. */
function usualPort({ SMTP_SECURE, SMTP_HOST }: { SMTP_SECURE: boolean; SMTP_HOST?: string | undefined }): number {
  if (SMTP_SECURE) return 465;
  return SMTP_HOST === undefined ? 1025 : 587;
}

interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** `a@example.com, Name <b@example.com>`; undefined: not set. */
function addresses(mistake: string, most: number): z.ZodType<readonly Mailbox[] | undefined> {
  return z
    .string()
    .transform((written, context) => {
      const found = addressparser(written, { flatten: true });
      const areGood = found.every(({ address }) =>
        /^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}]+$/u.test(address),
      );
      if (found.length > 0 && found.length <= most && areGood) return found;
      context.addIssue({ code: 'custom', message: mistake });
      return z.NEVER;
    })
    .optional();
}
