/** JSON lines for people and for Loki: the same to stdout and to a rotating file. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pino from 'pino';
import { errorFields } from './error-text.ts';
import { type LogFile, openLogFile } from './log-file.ts';

export type Logger = pino.Logger;

export interface LoggerOptions {
  /** The name that Prometheus, Loki and the alerts use too. */
  readonly service: string;
  /** `trace`, `debug`, `info` (default), `warn`, `error`, `fatal` or `silent`. */
  readonly level?: string;
  /** Without it only stdout is written. */
  readonly filePath?: string;
  /** Default 10 MB. */
  readonly maxFileBytes?: number;
  /** Rotated files kept besides the live one; default 5. */
  readonly keepFiles?: number;
  /** Default true. */
  readonly stdout?: boolean;
}

export interface ServiceLog {
  readonly logger: Logger;
  /** Lines of a child process that logs in the same form to its stdout: one program, one log file, one rotation. */
  relay(output: Readable): void;
}

/**
 * A logger whose lines carry `time` (ISO, UTC), `level` (upper-case word), `service`, `message` and the fields given.
 * An Error under `error` or `err` becomes `error` {type, message} and one `stack` with all causes.
 * A file that cannot be written costs one warning on stdout, never the service.
 */
export function createLogger(options: LoggerOptions): Logger {
  return openServiceLog(options).logger;
}

/** The same, for a program that also passes on what its children log. */
export function openServiceLog(options: LoggerOptions): ServiceLog {
  // Synchronous: the last line before a crash is the one that matters.
  const stdout = options.stdout === false ? undefined : pino.destination({ dest: 1, sync: true });
  let file: LogFile | undefined;
  const lines = {
    write(line: string): void {
      stdout?.write(line);
      file?.write(line);
    },
  };
  const logger = pino(pinoOptions(options), lines);
  const path = options.filePath;
  if (path !== undefined) {
    file = openLogFile({
      path,
      maxFileBytes: options.maxFileBytes ?? 10 * 1024 * 1024,
      keepFiles: options.keepFiles ?? 5,
      onFailure: (error) => logger.warn({ error, path }, 'The log file cannot be written, stdout only for now'),
    });
  }
  return {
    logger,
    relay(output) {
      createInterface({ input: output }).on('line', (line) => lines.write(`${line}\n`));
    },
  };
}

function pinoOptions({ service, level = 'info' }: LoggerOptions): pino.LoggerOptions {
  return {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label.toUpperCase() }),
      log: withErrorFields,
    },
  };
}

/** pino itself puts an Error given as first argument under `err`. */
function withErrorFields(fields: Record<string, unknown>): Record<string, unknown> {
  const { err, ...others } = fields;
  const thrown = fields.error instanceof Error ? fields.error : err;
  if (thrown instanceof Error) return { ...others, ...errorFields(thrown) };
  return fields;
}
