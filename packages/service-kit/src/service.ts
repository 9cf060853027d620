/** How a service lives: it starts or says why not, and it stops once, within a time. */
import { ConfigurationError } from './configuration.ts';
import { createLogger, type Logger } from './logging.ts';

export interface RunningService {
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly logger: Logger;
  /** Listens and resolves when the service is ready. What it throws ends the program with exit code 1. */
  start(): Promise<RunningService>;
  /** How long open requests may take to end after SIGTERM; default 10. */
  readonly stopTimeoutSeconds?: number;
}

/**
 * Runs until SIGTERM or SIGINT, then closes once and exits 0. Exit 1: it could not start, it did not stop in time, a
 * second signal came, or an exception was caught nowhere (logged with its stack). Resolves when the service has started.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { logger } = options;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.once(event, (error: unknown) => {
      logger.fatal({ error: asError(error) }, 'Stopped by an error that nobody expected');
      process.exit(1);
    });
  }
  try {
    stopOnSignal(await options.start(), options);
  } catch (error) {
    exitUnstarted(error, logger);
  }
}

/** The whole of a service's main: parses its settings and runs it; settings that are wrong are all named, then exit 1. */
export async function runConfigured<Settings extends { logger: Logger }>(
  service: string,
  configure: () => Settings,
  start: (settings: Settings) => Promise<RunningService>,
): Promise<void> {
  try {
    const settings = configure();
    await runService({ logger: settings.logger, start: () => start(settings) });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const logger = createLogger({ service });
    for (const mistake of error.mistakes) logger.fatal(mistake);
    process.exit(1);
  }
}

function exitUnstarted(error: unknown, logger: Logger): never {
  const clear = sentenceFor(error);
  if (clear === undefined) logger.fatal({ error: asError(error) }, 'Could not start');
  else logger.fatal(clear);
  process.exit(1);
}

/** The same signal again this soon is the same wish. */
const SAME_SIGNAL_MILLISECONDS = 1_500;

function stopOnSignal(service: RunningService, { logger, stopTimeoutSeconds = 10 }: ServiceOptions): void {
  let first: { readonly signal: string; readonly at: number } | undefined;
  function stop(signal: string): void {
    // A Ctrl-C without a terminal may arrive twice, from the shell and from the program that started us.
    if (first?.signal === signal && performance.now() - first.at < SAME_SIGNAL_MILLISECONDS) return;
    if (first) {
      logger.warn(`${signal} again: stopped at once`);
      process.exit(1);
    }
    first = { signal, at: performance.now() };
    logger.info(`${signal}: stopping`);
    setTimeout(() => {
      logger.error(`Did not stop within ${stopTimeoutSeconds} s`);
      process.exit(1);
    }, stopTimeoutSeconds * 1_000).unref();
    void closeAndExit(service, logger);
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function closeAndExit(service: RunningService, logger: Logger): Promise<void> {
  try {
    await service.close();
    logger.info('Stopped');
    process.exit(0);
  } catch (error) {
    logger.error({ error: asError(error) }, 'Did not stop cleanly');
    process.exit(1);
  }
}

/** undefined: no failure that has a cure of its own, so the stack is needed. */
function sentenceFor(error: unknown): string | undefined {
  if (error instanceof ConfigurationError) return error.message;
  if (!(error instanceof Error) || !('code' in error && 'syscall' in error) || error.syscall !== 'listen')
    return undefined;
  const port = 'port' in error ? String(error.port) : '';
  if (error.code === 'EADDRINUSE') return `Port ${port} is in use: stop the other program or set PORT`;
  if (error.code === 'EACCES') return `Port ${port} needs more rights: set PORT to 1024 or above`;
  return error.code === 'EADDRNOTAVAIL' ? 'HOST is no address of this machine' : undefined;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`Thrown: ${String(error)}`);
}
