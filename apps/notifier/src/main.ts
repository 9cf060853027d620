/** Composition root of the notifier: settings → channels → server. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ChannelName } from '@incident-agent/contracts/notify';
import { type RunningService, runConfigured } from '@incident-agent/service-kit';
import { readEnvironment } from '@incident-agent/service-kit/configuration';
import { createLogger, type Logger } from '@incident-agent/service-kit/logging';
import { createHttpMetrics, type Registry } from '@incident-agent/service-kit/metrics';
import { Counter } from 'prom-client';
import { type Config, readConfig } from './config.ts';
import { createDispatch, type DispatchOptions } from './dispatch.ts';
import { email } from './email/channel.ts';
import { openJournal } from './journal.ts';
import type { Channel, Clock } from './ports.ts';
import { createNotifierServer } from './server.ts';

const appFolder = join(import.meta.dirname, '..');
const clock: Clock = { now: () => new Date().toISOString() };

await runConfigured('notifier', configure, start);

function configure(): Config & { logger: Logger } {
  const config = readConfig(appFolder, readEnvironment(appFolder, process.env));
  const filePath = join(config.logFolder, 'notifier.log');
  return { ...config, logger: createLogger({ service: 'notifier', level: config.logLevel, filePath }) };
}

async function start(config: Config & { logger: Logger }): Promise<RunningService> {
  const { logger } = config;
  const metrics = createHttpMetrics();
  const channels: Channel[] = config.email ? [email(config.email, clock)] : [];
  const journal = await openJournal(join(config.dataFolder, 'receipts.jsonl'));
  const dispatch = createDispatch({
    channels,
    journal,
    clock,
    newKey: randomUUID,
    onResult: countMessages(metrics.registry, logger),
    onForgetting: (error) =>
      logger.error({ error }, 'A receipt could not be written: after a restart its key is unknown'),
  });
  const server = createNotifierServer({ channels, dispatch, logger, metrics, token: config.token });
  warn(config, channels, journal.unreadableLines);
  const address = await server.listen({ host: config.host, port: config.port });
  logger.info({ address, channels: channels.map(({ name }) => name) }, 'Listening');
  return server;
}

function warn({ logger, token, host }: Config & { logger: Logger }, channels: readonly Channel[], unreadable: number) {
  if (channels.length === 0) logger.warn('No channel is configured: set EMAIL_SENDER and EMAIL_RECEIVER');
  if (token === undefined && !['127.0.0.1', 'localhost', '::1'].includes(host))
    logger.warn({ host }, 'Anybody who reaches this address can send messages: set NOTIFIER_TOKEN');
  if (unreadable > 0)
    logger.warn({ lines: unreadable }, 'The receipt journal has lines that cannot be read; they are skipped');
}

/** All series exist at 0 from the start: a counter that first appears at 1 has rate 0. */
function countMessages(registry: Registry, logger: Logger): DispatchOptions['onResult'] {
  const counter = new Counter({
    name: 'notifier_messages_total',
    help: 'Messages asked for, by channel and by what became of them.',
    labelNames: ['channel', 'result'],
    registers: [registry],
  });
  for (const channel of ChannelName.options)
    for (const result of ['sent', 'failed', 'unknown', 'duplicate'] as const) counter.inc({ channel, result }, 0);
  return (channel, result, error) => {
    counter.inc({ channel, result });
    if (error !== undefined) logger.warn({ error, channel, result }, 'A message was not sent');
  };
}
