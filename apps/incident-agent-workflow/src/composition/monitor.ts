/** `monitor`: watches where no Prometheus is, and the logs. */
import { join } from 'node:path';
import { runConfigured } from '@incident-agent/service-kit';
import { httpAlertSender } from '../adapters/monitor/http-alert-sender.ts';
import { httpScraper } from '../adapters/monitor/http-scraper.ts';
import { logReader } from '../adapters/monitor/log-follower.ts';
import { stateFile } from '../adapters/monitor/state-file.ts';
import { logReportRenderer } from '../adapters/renderers/log-report-docx.ts';
import { sha256, systemClock } from '../adapters/system/clock.ts';
import { portLog } from '../adapters/system/log.ts';
import { silentProgress } from '../adapters/terminal/progress.ts';
import { runMonitor } from '../cli/monitor.ts';
import { watchLogsForever } from '../cli/monitor-logs.ts';
import { createOutages } from '../cli/outages.ts';
import type { MonitorCommand } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { messageOf } from '../domain/error.ts';
import { httpClient } from '../lib/http.ts';
import { readPrometheusText } from '../monitor/prometheus-text.ts';
import type { Log } from '../ports.ts';
import { readRegistry } from '../registry.ts';
import { agentAt } from './host-tools.ts';
import { open } from './process.ts';
import { type OpenStore, openStore } from './store.ts';
import { renderersOf } from './tools.ts';

const MAX_METRICS_BYTES = 4 * 1024 * 1024;
const MONITOR_NAME = 'incident-agent-monitor';

export async function monitor(options: MonitorCommand): Promise<void> {
  const opened = () => open(MONITOR_NAME, { toFile: false });
  await runConfigured(MONITOR_NAME, opened, async ({ config, logger }) => {
    const log = portLog(logger);
    const registry = await readRegistry(config.registryPath);
    const store = await samplesStore(config, log);
    const stopping = new AbortController();
    const agentUrl = options.agentUrl ?? config.monitor.agentUrl;
    const common = { registry, clock: systemClock, log, signal: stopping.signal };
    const folder = join(config.dataFolder, 'monitor');
    const outages = createOutages();
    const running = runMonitor({
      ...common,
      scraper: httpScraper({
        http: httpClient({ name: 'The service', maxBodyBytes: MAX_METRICS_BYTES }),
        read: readPrometheusText,
        timeoutMilliseconds: config.monitor.scrapeSeconds * 1_000,
      }),
      sender: httpAlertSender({
        agentUrl,
        http: httpClient({ name: 'The agent', token: config.auth.alertsToken ?? config.auth.apiToken }),
      }),
      samples: store?.unitOfWork.stores.samples,
      state: stateFile(join(folder, 'alerts.json'), log),
      outages,
      scrapeSeconds: config.monitor.scrapeSeconds,
      forSeconds: config.monitor.forSeconds,
    });
    const watching = watchLogsForever({
      ...common,
      reader: logReader(),
      agent: agentAt(agentUrl, config),
      state: stateFile(join(folder, 'logs.json'), log),
      renderer: logReportRenderer({ incidents: renderersOf(config, log).docx }),
      progress: silentProgress,
      digest: sha256,
      intervalSeconds: options.interval,
      tailLines: options.tail,
      outputFolder: options.report ? (options.outputDir ?? config.reportsFolder) : undefined,
      takeOutages: () => outages.take(),
    });
    log.info('Monitor watches the services of the registry', {
      services: registry.services.length,
      everySeconds: config.monitor.scrapeSeconds,
      logsEverySeconds: options.interval,
      agent: agentUrl,
    });
    return {
      async close() {
        stopping.abort();
        await Promise.all([running, watching]);
        await store?.close();
      },
    };
  });
}

/** undefined: alerts can be raised without samples, and an outage is no time to give up because of a database. */
async function samplesStore(config: Config, log: Log): Promise<OpenStore | undefined> {
  try {
    return await openStore(config, log, { isWorker: false });
  } catch (error) {
    log.warn('No samples are kept: the database cannot be opened', { reason: messageOf(error) });
    return undefined;
  }
}
