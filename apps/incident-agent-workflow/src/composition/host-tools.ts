/** Commands for people on the host: `watch-logs` and `report`. */
import { alertmanager } from '../adapters/alert-formats/alertmanager.ts';
import { httpAgent } from '../adapters/monitor/http-agent.ts';
import { logReader } from '../adapters/monitor/log-follower.ts';
import { logReportRenderer } from '../adapters/renderers/log-report-docx.ts';
import { sha256, systemChance, systemClock } from '../adapters/system/clock.ts';
import { terminalProgress } from '../adapters/terminal/progress.ts';
import { printReport } from '../cli/print-report.ts';
import type { ReportCommand, WatchLogsCommand } from '../cli/program.ts';
import { respondTo } from '../cli/respond.ts';
import { watchedLines, watchLogs } from '../cli/watch-logs.ts';
import type { Config } from '../config.ts';
import type { RemoteAgent } from '../host-ports.ts';
import { httpClient } from '../lib/http.ts';
import { readRegistry } from '../registry.ts';
import { quietLog, settings } from './process.ts';
import { openStore } from './store.ts';
import { buildSources, renderersOf, responseTools } from './tools.ts';

/** As the configuration knows it: alerts may go in by a token of their own. */
export function agentAt(url: string, { auth }: Pick<Config, 'auth'>): RemoteAgent {
  return httpAgent(url, {
    alerts: httpClient({ name: 'The agent', token: auth.alertsToken ?? auth.apiToken }),
    api: httpClient({ name: 'The agent', token: auth.apiToken }),
  });
}

export async function watchLogsOnce(options: WatchLogsCommand): Promise<void> {
  const config = settings();
  const log = quietLog(config);
  const registry = await readRegistry(config.registryPath);
  const tools = responseTools(config, { registry, sources: buildSources(config, undefined), stores: undefined }, log, {
    count() {},
    observe() {},
  });
  const format = alertmanager({ digest: sha256 });
  const { signal } = new AbortController();
  const watched = await watchLogs({
    tailLines: options.tail,
    services: options.service,
    withPipeline: options.pipeline,
    outputFolder: options.outputDir ?? config.reportsFolder,
    registry,
    reader: logReader(),
    renderer: logReportRenderer({ incidents: renderersOf(config, log).docx }),
    agent: agentAt(options.agentUrl ?? config.monitor.agentUrl, config),
    async respond(alerts) {
      const { good } = format.parse({ alerts }, systemClock.now());
      return (await respondTo(good, { tools, chance: systemChance, signal })).report;
    },
    clock: systemClock,
    log,
    progress: terminalProgress(process.stderr),
    digest: sha256,
    signal,
  });
  const lines = options.json ? [JSON.stringify({ ...watched.report, path: watched.path })] : watchedLines(watched);
  process.stdout.write(`${lines.join('\n')}\n`);
}

export async function reportToFile(id: string, options: ReportCommand): Promise<void> {
  const config = settings();
  const log = quietLog(config);
  const { files: _files, ...renderers } = renderersOf(config, log);
  const renderer = Object.values(renderers).find(({ format }) => format === options.format) ?? renderers.json;
  const opened: Awaited<ReturnType<typeof openStore>>[] = [];
  try {
    const path = await printReport({
      id,
      format: options.format,
      output: options.output,
      agent: agentAt(options.agentUrl ?? config.monitor.agentUrl, config),
      renderer,
      async openStores() {
        const store = await openStore(config, log, { isWorker: false });
        opened.push(store);
        return store.unitOfWork.stores;
      },
      signal: new AbortController().signal,
      print: (content) => process.stdout.write(content),
    });
    if (path !== undefined) process.stdout.write(`${path}\n`);
  } finally {
    for (const store of opened) await store.close();
  }
}
