/** `serve`: the HTTP process and its workers. */
import { fork } from 'node:child_process';
import { type RunningService, runConfigured } from '@incident-agent/service-kit';
import type { ServiceLog } from '@incident-agent/service-kit/logging';
import { createHttpMetrics } from '@incident-agent/service-kit/metrics';
import { alertmanager } from '../adapters/alert-formats/alertmanager.ts';
import { writeBundle } from '../adapters/bundles/bundle-file.ts';
import { prometheusMeter } from '../adapters/meters/prometheus-meter.ts';
import { hearMeter } from '../adapters/meters/remote-meter.ts';
import { modelFinder } from '../adapters/models/find-model.ts';
import { type WatchedModel, watchModel } from '../adapters/models/watched-model.ts';
import { answers } from '../adapters/system/answers.ts';
import { sha256, systemChance, systemClock } from '../adapters/system/clock.ts';
import { portLog } from '../adapters/system/log.ts';
import { type Config, SERVICE_NAME } from '../config.ts';
import { serviceFinder } from '../domain/alert-service.ts';
import { createIntake } from '../intake/intake.ts';
import type { Log, Meter, UnitOfWork } from '../ports.ts';
import { readRegistry } from '../registry.ts';
import { createAgentServer } from '../server/agent-server.ts';
import type { ReadinessCheck } from '../server/routes/health.ts';
import { superviseChild } from '../workflow/supervise.ts';
import { childEnvironment, open, VERSIONS } from './process.ts';
import { openStore } from './store.ts';
import { renderersOf } from './tools.ts';

/** Keep HTTP process, worker and database together under 512 MB. */
const WORKER_NODE_OPTIONS = ['--max-old-space-size=256', '--max-semi-space-size=8'];

/** `program`: the file that a worker is started with. */
export async function serve(program: string, options: { readonly worker: boolean }): Promise<void> {
  await runConfigured(
    SERVICE_NAME,
    () => open(SERVICE_NAME, { toFile: true }),
    ({ config, serviceLog, logger }) =>
      startServing(config, serviceLog, portLog(logger), options.worker && config.workers > 0 ? program : undefined),
  );
}

async function startServing(
  config: Config,
  serviceLog: ServiceLog,
  log: Log,
  workerProgram: string | undefined,
): Promise<RunningService> {
  const registry = await readRegistry(config.registryPath);
  const store = await openStore(config, log, { isWorker: false });
  const { stores } = store.unitOfWork;
  const metrics = createHttpMetrics();
  const meter = prometheusMeter(metrics.registry, {
    openIncidents: () => stores.incidents.countOpen(),
    listOpenIncidents: (limit) => stores.incidents.listOpen(limit),
    incidentUrl: (id) => `${config.publicUrl}/incidents/${id}`,
    queueDepth: () => stores.queue.depth(),
  });
  const { files, ...renderers } = renderersOf(config, log);
  const model = watchModel(modelFinder(config.model, systemClock), () => systemClock.milliseconds());
  const server = await createAgentServer({
    service: SERVICE_NAME,
    logger: serviceLog.logger,
    metrics,
    auth: config.auth,
    checks: readinessChecks(config, store.unitOfWork, model),
    versions: VERSIONS,
    model: () => model.status(),
    modelLimits: {
      runUsd: config.model.maxRunUsd,
      dayUsd: config.model.maxDayUsd,
      runSeconds: config.model.runSeconds,
    },
    formats: [alertmanager({ digest: sha256 })],
    intake: createIntake({
      unitOfWork: store.unitOfWork,
      clock: systemClock,
      chance: systemChance,
      log,
      meter,
      ownService: SERVICE_NAME,
      serviceOf: serviceFinder(registry),
    }),
    clock: systemClock,
    meter,
    incidentUrl: (id) => `${config.publicUrl}/incidents/${id}`,
    stores,
    unitOfWork: store.unitOfWork,
    chance: systemChance,
    renderers: Object.values(renderers),
    files,
    writeBundle,
    log,
    registry,
  });
  // Asked before the first incident, so that a model on this machine is loaded when it comes.
  void model.status();
  await server.listen({ port: config.port, host: config.host });
  const supervisors =
    workerProgram === undefined
      ? []
      : Array.from({ length: config.workers }, () =>
          superviseWorker(workerProgram, config, store.url, serviceLog, log, meter),
        );
  log.info(`Ready at ${config.publicUrl}`, { host: config.host, port: config.port, workers: supervisors.length });
  return {
    async close() {
      await server.close();
      await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
      await store.close();
    },
  };
}

function superviseWorker(
  program: string,
  config: Config,
  databaseUrl: string,
  serviceLog: ServiceLog,
  log: Log,
  meter: Meter,
) {
  return superviseChild({
    log,
    clock: systemClock,
    start() {
      const child = fork(program, ['worker'], {
        env: childEnvironment(databaseUrl, config.databaseUrl === undefined && config.workers === 1),
        execArgv: WORKER_NODE_OPTIONS,
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      if (child.stdout) serviceLog.relay(child.stdout);
      child.on('message', (message) => hearMeter(message, meter));
      return child;
    },
  });
}

function readinessChecks(config: Config, unitOfWork: UnitOfWork, model: WatchedModel): Record<string, ReadinessCheck> {
  return {
    async database() {
      await unitOfWork.ping();
      return config.databaseUrl === undefined ? 'embedded' : 'answers';
    },
    prometheus: answers(config.prometheus.url, '-/ready'),
    loki: answers(config.loki.url, 'ready'),
    notifier: answers(config.notifierUrl, '/health'),
    async model() {
      const { state, name, failure } = await model.status();
      if (state === 'failing') throw new Error(failure ?? 'does not answer');
      return state === 'off' ? name : `${name}: ${state}`;
    },
  };
}
