/** Composition root: configuration → adapters → server, worker, command line. The only file that sees every adapter. */
import { fork } from 'node:child_process';
import { type RunningService, runConfigured } from '@incident-agent/service-kit';
import { ConfigurationError } from '@incident-agent/service-kit/configuration';
import { type Logger, openServiceLog, type ServiceLog } from '@incident-agent/service-kit/logging';
import { createHttpMetrics } from '@incident-agent/service-kit/metrics';
import packageJson from '../package.json' with { type: 'json' };
import { alertmanager } from './adapters/alert-formats/alertmanager.ts';
import { readBundle, writeBundle } from './adapters/bundles/bundle-file.ts';
import { prometheusMeter } from './adapters/meters/prometheus-meter.ts';
import { hearMeter, remoteMeter } from './adapters/meters/remote-meter.ts';
import { openAiCompatible } from './adapters/models/openai-compatible.ts';
import { httpAlertSender } from './adapters/monitor/http-alert-sender.ts';
import { httpScraper } from './adapters/monitor/http-scraper.ts';
import { notifierService } from './adapters/notifiers/notifier-service.ts';
import { docxRenderer } from './adapters/renderers/docx.ts';
import { jsonRenderer } from './adapters/renderers/json.ts';
import { markdownRenderer } from './adapters/renderers/markdown.ts';
import { pdfRenderer } from './adapters/renderers/pdf.ts';
import { reportFiles } from './adapters/report-files/report-files.ts';
import { openBundle } from './adapters/sources/bundled.ts';
import { git } from './adapters/sources/git.ts';
import { health } from './adapters/sources/health.ts';
import { logFiles } from './adapters/sources/log-files.ts';
import { loki } from './adapters/sources/loki.ts';
import { memory } from './adapters/sources/memory.ts';
import { notConfigured } from './adapters/sources/not-configured.ts';
import { prometheus } from './adapters/sources/prometheus.ts';
import { samples } from './adapters/sources/samples.ts';
import { answers } from './adapters/system/answers.ts';
import { sha256, systemChance, systemClock } from './adapters/system/clock.ts';
import { portLog } from './adapters/system/log.ts';
import { runMonitor } from './cli/monitor.ts';
import { createProgram } from './cli/program.ts';
import { printReplay } from './cli/replay.ts';
import { respondOnce } from './cli/respond.ts';
import { startWork } from './cli/work.ts';
import { type Config, modelNote, readConfig, SERVICE_NAME, type SourceConfig } from './config.ts';
import { startOutbox } from './deliver/outbox.ts';
import { messageOf } from './domain/error.ts';
import type { Registry } from './domain/service.ts';
import { createIntake } from './intake/intake.ts';
import { httpClient } from './lib/http.ts';
import { readPrometheusText } from './monitor/prometheus-text.ts';
import type { Log, Meter, Model, ResponseTools, Source, Stores, UnitOfWork } from './ports.ts';
import { readRegistry } from './registry.ts';
import { chartsOf } from './report/charts.ts';
import { createAgentServer } from './server/agent-server.ts';
import type { ReadinessCheck } from './server/routes/health.ts';
import { openDatabase } from './store/database.ts';
import { leaveEmbeddedPostgres, startEmbeddedPostgres } from './store/embedded-postgres/start.ts';
import { watchEmbeddedPostgres } from './store/embedded-postgres/watch.ts';
import { migrate } from './store/migrations.ts';
import { createUnitOfWork } from './store/unit-of-work.ts';
import { startBoss } from './workflow/boss.ts';
import { createQueue } from './workflow/queue.ts';
import { superviseChild } from './workflow/supervise.ts';
import { createWorker } from './workflow/worker.ts';

const VERSIONS = { agent: packageJson.version, rules: '1' } as const;
/** Set for a worker that `serve` started: its database is ready, its log goes to stdout only, and it is the only outbox. */
const CHILD_SETTING = 'INCIDENT_AGENT_CHILD';
/** Of a database that nobody else works on: what lies half sent can only be its predecessor's. */
const SOLE_WORKER = 'sole';
/** Keep HTTP process, worker and database together under 512 MB. */
const WORKER_NODE_OPTIONS = ['--max-old-space-size=256', '--max-semi-space-size=8'];
const STOP_LIMIT_MILLISECONDS = 6_000;

interface OpenStore {
  readonly url: string;
  readonly unitOfWork: UnitOfWork;
  readonly boss: Awaited<ReturnType<typeof startBoss>>;
  close(): Promise<void>;
}

/** The database given, or our own; migrated, with the queue on it. */
async function openStore(config: Config, log: Log, options: { readonly isWorker: boolean }): Promise<OpenStore> {
  const embedded =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ folder: config.dataFolder, log }) : undefined;
  const watch =
    embedded && watchEmbeddedPostgres({ folder: config.dataFolder, server: embedded, log, clock: systemClock });
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const database = openDatabase({ url, log, poolSize: options.isWorker ? config.concurrency + 3 : 8 });
  await migrate(database);
  const boss = await startBoss({ url, log, isWorker: options.isWorker });
  return {
    url,
    boss,
    unitOfWork: createUnitOfWork(database, (on) => createQueue(boss, on)),
    async close() {
      await boss.stop({ graceful: false });
      await database.destroy();
      await watch?.stop();
      if (embedded) await leaveEmbeddedPostgres(config.dataFolder);
    },
  };
}

/** In order of preference: of several that answer a kind, the first with data is taken. */
function buildSources(config: Config, stores: Pick<Stores, 'samples' | 'memory'> | undefined): Source[] {
  return [
    metricsSource(config.prometheus),
    ...(stores ? [samples(stores), memory({ store: stores.memory })] : []),
    logsSource(config.loki),
    logFiles(),
    health(),
    git(),
  ];
}

function metricsSource({ url, ...credentials }: SourceConfig): Source {
  if (url === undefined) return notConfigured('prometheus', ['metric', 'metric-names', 'targets'], 'PROMETHEUS_URL');
  return prometheus({ baseUrl: url, http: httpClient({ name: 'Prometheus', ...credentials }) });
}

function logsSource({ url, ...credentials }: SourceConfig): Source {
  if (url === undefined) return notConfigured('loki', ['logs'], 'LOKI_URL');
  return loki({ baseUrl: url, http: httpClient({ name: 'Loki', ...credentials }) });
}

function renderersOf(config: Config, log: Log) {
  const renderers = {
    pdf: pdfRenderer({ log, chartsOf }),
    docx: docxRenderer(),
    markdown: markdownRenderer(),
    json: jsonRenderer(),
  };
  return { ...renderers, files: reportFiles({ folder: config.reportsFolder }) };
}

function responseTools(config: Config, registry: Registry, sources: readonly Source[], log: Log, meter: Meter) {
  return {
    registry,
    sources,
    clock: systemClock,
    log,
    meter,
    digest: sha256,
    deadlineMilliseconds: config.questionMilliseconds,
    model: buildModel(config),
    modelMilliseconds: config.model.runSeconds * 1_000,
    modelNote: modelNote(config),
    versions: VERSIONS,
    urls: (incidentId: string, pipelineId: string) => ({
      incident: `${config.publicUrl}/incidents/${incidentId}?run=${pipelineId}`,
      ...(config.grafanaUrl === undefined ? {} : { dashboard: config.grafanaUrl }),
    }),
  } satisfies Partial<ResponseTools>;
}

function buildModel({ model }: Config): Model | undefined {
  if (model.baseUrl === undefined || model.baseUrl === 'off') return undefined;
  return openAiCompatible({ baseUrl: model.baseUrl, apiKey: model.apiKey, modelName: model.name });
}

interface Opened {
  readonly config: Config;
  readonly serviceLog: ServiceLog;
  readonly logger: Logger;
}

/** Settings and log; throws ConfigurationError with every mistake. */
function open(service: string, options: { readonly toFile: boolean }): Opened {
  const config = readConfig(process.env);
  const file = options.toFile ? { filePath: config.logFile } : {};
  const serviceLog = openServiceLog({ service, level: config.logLevel, ...file });
  return { config, serviceLog, logger: serviceLog.logger };
}

async function serve(options: { readonly worker: boolean }): Promise<void> {
  await runConfigured(
    SERVICE_NAME,
    () => open(SERVICE_NAME, { toFile: true }),
    ({ config, serviceLog, logger }) =>
      startServing(config, serviceLog, portLog(logger), options.worker && config.workers > 0),
  );
}

async function startServing(
  config: Config,
  serviceLog: ServiceLog,
  log: Log,
  withWorker: boolean,
): Promise<RunningService> {
  const registry = await readRegistry(config.registryPath);
  const store = await openStore(config, log, { isWorker: false });
  const { stores } = store.unitOfWork;
  const metrics = createHttpMetrics();
  const meter = prometheusMeter(metrics.registry, {
    openIncidents: () => stores.incidents.countOpen(),
    queueDepth: () => stores.queue.depth(),
  });
  const { files, ...renderers } = renderersOf(config, log);
  const server = await createAgentServer({
    service: SERVICE_NAME,
    logger: serviceLog.logger,
    metrics,
    auth: config.auth,
    checks: readinessChecks(config, store.unitOfWork),
    formats: [alertmanager({ digest: sha256 })],
    intake: createIntake({
      unitOfWork: store.unitOfWork,
      clock: systemClock,
      chance: systemChance,
      log,
      meter,
      ownService: SERVICE_NAME,
    }),
    clock: systemClock,
    meter,
    incidentUrl: (id) => `${config.publicUrl}/incidents/${id}`,
    stores,
    renderers: Object.values(renderers),
    files,
    writeBundle,
    log,
    registry,
  });
  await server.listen({ port: config.port, host: config.host });
  const supervisors = withWorker
    ? Array.from({ length: config.workers }, () => superviseWorker(config, store.url, serviceLog, log, meter))
    : [];
  log.info(`Ready at ${config.publicUrl}`, { host: config.host, port: config.port, workers: supervisors.length });
  return {
    async close() {
      await server.close();
      await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
      await store.close();
    },
  };
}

function superviseWorker(config: Config, databaseUrl: string, serviceLog: ServiceLog, log: Log, meter: Meter) {
  return superviseChild({
    log,
    clock: systemClock,
    start() {
      const child = fork(import.meta.filename, ['worker'], {
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl,
          [CHILD_SETTING]: config.databaseUrl === undefined && config.workers === 1 ? SOLE_WORKER : 'shared',
        },
        execArgv: WORKER_NODE_OPTIONS,
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      if (child.stdout) serviceLog.relay(child.stdout);
      child.on('message', (message) => hearMeter(message, meter));
      return child;
    },
  });
}

function readinessChecks(config: Config, unitOfWork: UnitOfWork): Record<string, ReadinessCheck> {
  return {
    async database() {
      await unitOfWork.ping();
      return config.databaseUrl === undefined ? 'embedded' : 'answers';
    },
    prometheus: answers(config.prometheus.url, '-/ready'),
    loki: answers(config.loki.url, 'ready'),
    notifier: answers(config.notifierUrl, '/health'),
    model: answers(config.model.baseUrl === 'off' ? undefined : config.model.baseUrl, 'models'),
  };
}

async function worker(): Promise<void> {
  const isChild = process.env[CHILD_SETTING] !== undefined;
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
  if (process.env[CHILD_SETTING] === SOLE_WORKER) await unitOfWork.stores.deliveries.releaseLeases();
  const notifier = notifierService({ url: config.notifierUrl, token: config.notifierToken });
  const outbox = startOutbox({ stores: unitOfWork.stores, notifier, pdf, files, clock: systemClock, log, meter });
  const queueWorker = createWorker({
    boss,
    url: store.url,
    clock: systemClock,
    chance: systemChance,
    log,
    concurrency: config.concurrency,
  });
  const work = await startWork({
    ...responseTools(config, registry, buildSources(config, unitOfWork.stores), log, meter),
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

async function respond(input: string, options: { readonly json: boolean; readonly bundle?: string }): Promise<void> {
  const config = readConfig(process.env);
  const log = portLog(
    openServiceLog({ service: SERVICE_NAME, level: config.logLevel, filePath: config.logFile, stdout: false }).logger,
  );
  const registry = await readRegistry(config.registryPath);
  const { pdf, json: jsonForm, markdown, files } = renderersOf(config, log);
  const { report, pdfPath } = await respondOnce({
    input,
    format: alertmanager({ digest: sha256 }),
    chance: systemChance,
    tools: responseTools(config, registry, buildSources(config, undefined), log, { count() {}, observe() {} }),
    signal: new AbortController().signal,
    pdf,
    files,
    bundle: options.bundle === undefined ? undefined : { path: options.bundle, write: writeBundle },
  });
  process.stdout.write(await (options.json ? jsonForm : markdown).render(report));
  process.stderr.write(`\nPDF: ${pdfPath}\n`);
}

/** Needs no setting and leaves nothing behind. */
async function replayFile(path: string, { json }: { readonly json: boolean }): Promise<void> {
  const renderer = json ? jsonRenderer() : markdownRenderer();
  const common = { readBundle, openBundle, clock: systemClock, digest: sha256, agentVersion: VERSIONS.agent };
  await printReplay({ path, renderer, ...common });
}

const MAX_METRICS_BYTES = 4 * 1024 * 1024;
const MONITOR_NAME = 'incident-agent-monitor';

async function monitor(): Promise<void> {
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

try {
  await createProgram({ serve, worker, respond, replay: replayFile, monitor }).parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : messageOf(error)}\n`);
  process.exitCode = 1;
}
