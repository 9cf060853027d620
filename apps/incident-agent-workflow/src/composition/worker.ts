/** `worker`: runs, deliveries and the end of incidents. */
import { type RunningService, runConfigured } from '@incident-agent/service-kit';
import { remoteMeter } from '../adapters/meters/remote-meter.ts';
import { notifierService } from '../adapters/notifiers/notifier-service.ts';
import { systemChance, systemClock } from '../adapters/system/clock.ts';
import { portLog } from '../adapters/system/log.ts';
import { startWork } from '../cli/work.ts';
import { type Config, SERVICE_NAME } from '../config.ts';
import { startOutbox } from '../deliver/outbox.ts';
import { messageOf } from '../domain/error.ts';
import type { Log } from '../ports.ts';
import { readRegistry } from '../registry.ts';
import { chartsOf } from '../report/charts.ts';
import { createWorker } from '../workflow/worker.ts';
import { childRole, open } from './process.ts';
import { remediationOf } from './remediation.ts';
import { openStore } from './store.ts';
import { buildSources, renderersOf, responseTools } from './tools.ts';

const STOP_LIMIT_MILLISECONDS = 6_000;

export async function worker(): Promise<void> {
  const isChild = childRole() !== undefined;
  await runConfigured(
    SERVICE_NAME,
    () => open(SERVICE_NAME, { toFile: !isChild }),
    ({ config, logger }) => startWorking(config, portLog(logger)),
  );
}

async function startWorking(config: Config, log: Log): Promise<RunningService> {
  // The parent may be gone without a word (kill -9): then so are we, and the next one goes on.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  const registry = await readRegistry(config.registryPath);
  const store = await openStore(config, log, { isWorker: true });
  const { unitOfWork, boss } = store;
  const meter = remoteMeter((message) => process.send?.(message));
  const { pdf, files } = renderersOf(config, log);
  if (childRole()?.isSole) await unitOfWork.stores.deliveries.releaseLeases();
  const notifier = notifierService({ url: config.notifierUrl, token: config.notifierToken, chartsOf });
  const { fix, drafts } = remediationOf(config.remediation, registry);
  const { stores } = unitOfWork;
  const outbox = startOutbox({ stores, notifier, drafts, pdf, files, clock: systemClock, log, meter });
  const queueWorker = createWorker({
    boss,
    url: store.url,
    clock: systemClock,
    chance: systemChance,
    log,
    concurrency: config.concurrency,
  });
  const work = await startWork({
    ...responseTools(config, { registry, sources: buildSources(config, stores), stores }, log, meter),
    fix,
    unitOfWork,
    chance: systemChance,
    pdf,
    files,
    wakeOutbox: () => outbox.wake(),
    queueWorker,
    senderSilentAfterSeconds: config.senderSilentAfterSeconds,
    retentionDays: config.retentionDays,
  });
  // The first report would otherwise pay a second for loading the engine and its fonts.
  pdf.warm().catch((error: unknown) => log.warn('The PDF engine could not be loaded', { reason: messageOf(error) }));
  log.info('Worker takes runs', { concurrency: config.concurrency });
  return {
    async close() {
      work.stop();
      await queueWorker.stop(STOP_LIMIT_MILLISECONDS);
      await outbox.stop();
      await store.close();
    },
  };
}
