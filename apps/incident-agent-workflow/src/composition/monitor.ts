/** `monitor`: watches where no Prometheus is. */
import { runConfigured } from '@incident-agent/service-kit';
import { httpAlertSender } from '../adapters/monitor/http-alert-sender.ts';
import { httpScraper } from '../adapters/monitor/http-scraper.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { portLog } from '../adapters/system/log.ts';
import { runMonitor } from '../cli/monitor.ts';
import { httpClient } from '../lib/http.ts';
import { readPrometheusText } from '../monitor/prometheus-text.ts';
import { readRegistry } from '../registry.ts';
import { open } from './process.ts';
import { openStore } from './store.ts';

const MAX_METRICS_BYTES = 4 * 1024 * 1024;
const MONITOR_NAME = 'incident-agent-monitor';

export async function monitor(): Promise<void> {
  const opened = () => open(MONITOR_NAME, { toFile: false });
  await runConfigured(MONITOR_NAME, opened, async ({ config, logger }) => {
    const log = portLog(logger);
    const registry = await readRegistry(config.registryPath);
    const store = await openStore(config, log, { isWorker: false });
    const stopping = new AbortController();
    const running = runMonitor({
      registry,
      scraper: httpScraper({
        http: httpClient({ name: 'The service', maxBodyBytes: MAX_METRICS_BYTES }),
        read: readPrometheusText,
        timeoutMilliseconds: config.monitor.scrapeSeconds * 1_000,
      }),
      sender: httpAlertSender({
        agentUrl: config.monitor.agentUrl,
        http: httpClient({ name: 'The agent', token: config.auth.alertsToken ?? config.auth.apiToken }),
      }),
      samples: store.unitOfWork.stores.samples,
      clock: systemClock,
      log,
      scrapeSeconds: config.monitor.scrapeSeconds,
      forSeconds: config.monitor.forSeconds,
      signal: stopping.signal,
    });
    log.info('Monitor reads the services of the registry', {
      services: registry.services.length,
      everySeconds: config.monitor.scrapeSeconds,
    });
    return {
      async close() {
        stopping.abort();
        await running;
        await store.close();
      },
    };
  });
}
