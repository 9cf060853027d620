import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { loadConfig } from './config.ts';
import { watchHealth } from './health.ts';
import { runWorker } from './jobs/worker.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { routes } from './routes.ts';
import { createShop, type Shop } from './shop.ts';
import { createWebServer } from './web/server.ts';

const RETRY_MILLISECONDS = 1_000;
const STOP_LIMIT_MILLISECONDS = 1_500;
/** A connection that is kept alive has nothing to wait for. */
const IDLE_MILLISECONDS = 50;

function main(): void {
  const log = createLog('storefront');
  const config = loadConfig(resolve(import.meta.dirname, '..'), process.env);
  const metrics = createMetrics(config.revision, config.dataDir);
  const shop = createShop(config, metrics);
  const stopping = new AbortController();
  const health = watchHealth(shop, log, metrics, stopping.signal);
  const server = createWebServer(routes(shop, health, metrics), log, metrics);
  server.listen(config.port, config.host, () => {
    log.info('listening', { port: config.port, revision: config.revision, pid: process.pid });
  });
  const { queue } = config.shop;
  const { currency } = config.shop;
  const { max_attempts: maxAttempts, pause_ms: pauseMilliseconds } = queue;
  const worker = { queue: shop.mails, dataDir: config.dataDir, currency, maxAttempts, pauseMilliseconds, log, metrics };
  void runWorker(worker, stopping.signal);
  void fillCatalog(shop, log, stopping.signal);
  process.once('SIGTERM', () => {
    log.info('stopping', { signal: 'SIGTERM' });
    stopping.abort();
    server.close(() => process.exit(0));
    setInterval(() => server.closeIdleConnections(), IDLE_MILLISECONDS);
    setTimeout(() => process.exit(0), STOP_LIMIT_MILLISECONDS).unref();
  });
}

/** A new database knows nothing of what we sell. */
async function fillCatalog({ config, catalog }: Shop, log: Log, signal: AbortSignal): Promise<void> {
  if (config.catalogUrl === undefined) return;
  while (!signal.aborted) {
    try {
      const known = new Set((await catalog().all()).map(({ sku }) => sku));
      const missing = config.assortment.filter(({ sku }) => !known.has(sku));
      for (const entry of missing) await catalog().add(entry);
      log.info('assortment is complete', { added: missing.length });
      return;
    } catch (error) {
      log.error('assortment could not be filled, trying again', error);
      await wait(RETRY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }
}

main();
