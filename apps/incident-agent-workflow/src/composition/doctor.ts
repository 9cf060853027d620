/** `doctor`: every check, with what the settings name. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accessCheck } from '../adapters/doctor/access.ts';
import { alertmanagerCheck } from '../adapters/doctor/alertmanager.ts';
import type { Place } from '../adapters/doctor/asking.ts';
import { labelsCheck } from '../adapters/doctor/labels.ts';
import { diskCheck, nodeCheck, pdfCheck } from '../adapters/doctor/machine.ts';
import { modelCheck } from '../adapters/doctor/model.ts';
import { agentCheck, databaseCheck, grafanaCheck, notifierCheck, portsCheck } from '../adapters/doctor/own-parts.ts';
import { prometheusCheck } from '../adapters/doctor/prometheus.ts';
import { repositoryCheck } from '../adapters/doctor/repositories.ts';
import { servicesCheck } from '../adapters/doctor/services.ts';
import { modelFinder } from '../adapters/models/find-model.ts';
import { reportFonts } from '../adapters/renderers/fonts.ts';
import { nativeTypesetter } from '../adapters/renderers/typst-native.ts';
import { wasmTypesetter } from '../adapters/renderers/typst-wasm.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { configurationTrouble, examine, examinedLines } from '../cli/doctor.ts';
import { APP_FOLDER, type Config, SERVICE_NAME, type SourceConfig } from '../config.ts';
import { type Diagnosis, failing } from '../domain/diagnosis.ts';
import { messageOf } from '../domain/error.ts';
import type { Registry } from '../domain/service.ts';
import type { DoctorCheck } from '../host-ports.ts';
import { httpClient } from '../lib/http.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { Log } from '../ports.ts';
import { readRegistry } from '../registry.ts';
import { postgresVersion } from '../store/database.ts';
import { findBinaries } from '../store/embedded-postgres/binaries.ts';
import { settingsAsFarAsPossible } from './process.ts';

/** So that a script can tell "something is wrong here" from "doctor itself could not run". */
const FAILING_EXIT_CODE = 4;
const SILENT: Log = { info() {}, warn() {}, error() {} };
const PUBLISHED = { mongodb: 27017 } as const;
const now = (): number => Date.now();

export async function doctor({ json }: { readonly json: boolean }): Promise<void> {
  const { config, mistakes } = settingsAsFarAsPossible();
  const troubles = configurationTrouble(mistakes, join(APP_FOLDER, '.env'));
  const { registry, trouble } = config ? await registryOf(config) : { registry: { services: [] }, trouble: [] };
  const known: DoctorCheck = { name: 'configuration', run: async () => [...troubles, ...trouble] };
  const examined = await examine([known, ...machineChecks(config), ...(config ? checksOf(config, registry) : [])]);
  process.stdout.write(json ? `${JSON.stringify(examined)}\n` : `${examinedLines(examined).join('\n')}\n`);
  if (!examined.ok) process.exitCode = FAILING_EXIT_CODE;
}

async function registryOf(config: Config): Promise<{ readonly registry: Registry; readonly trouble: Diagnosis[] }> {
  try {
    return { registry: await readRegistry(config.registryPath), trouble: [] };
  } catch (error) {
    const shows = 'the agent ends at its start with this sentence';
    const trouble = { shows, mend: `correct ${config.registryPath}; docs/configuration.md lists its fields` };
    const lines = messageOf(error).split('\n');
    return { registry: { services: [] }, trouble: lines.map((what) => failing('registry', { what, ...trouble })) };
  }
}

function machineChecks(config: Config | undefined): DoctorCheck[] {
  return [
    nodeCheck(process.versions.node),
    pdfCheck({
      fonts: reportFonts,
      native: () => nativeTypesetter(reportFonts().folders),
      portable: () => wasmTypesetter(reportFonts().files),
    }),
    ...(config
      ? [
          diskCheck({
            DATA_DIR: config.dataFolder,
            REPORTS_DIR: config.reportsFolder,
            LOG_DIR: dirname(config.logFile),
          }),
        ]
      : []),
  ];
}

function checksOf(config: Config, registry: Registry): DoctorCheck[] {
  const prometheus = placeOf('Prometheus', config.prometheus);
  const loki = placeOf('Loki', config.loki);
  const alertmanager = placeOf('Alertmanager', config.alertmanager);
  const grafana = placeOf('Grafana', { url: config.grafanaUrl?.replace(/\/d\/.*$/, '') });
  const here = `http://${isLoopback(config.host) || config.host.includes(':') ? 'localhost' : '127.0.0.1'}:${config.port}`;
  return [
    accessCheck({
      host: config.host,
      isOnlyHere: isLoopback(config.host),
      isRequired: config.auth.isRequired,
    }),
    agentCheck({
      place: { name: 'The agent', url: here, http: httpClient({ name: 'The agent', token: config.auth.apiToken }) },
      host: config.host,
      port: config.port,
      serviceName: SERVICE_NAME,
    }),
    databaseCheck(
      config.databaseUrl === undefined
        ? { isEmbedded: true, version: embeddedVersion }
        : { isEmbedded: false, version: () => postgresVersion(config.databaseUrl ?? '', SILENT) },
    ),
    prometheusCheck(prometheus, registry, now),
    alertmanagerCheck(alertmanager, config.port),
    labelsCheck({ loki, prometheus }, registry, now),
    grafanaCheck(grafana),
    portsCheck({
      ...PUBLISHED,
      ...(prometheus ? {} : { prometheus: 9090 }),
      ...(alertmanager ? {} : { alertmanager: 9093 }),
      ...(loki ? {} : { loki: 3100 }),
      ...(grafana ? {} : { grafana: 3000 }),
    }),
    notifierCheck({
      name: 'The notifier',
      url: config.notifierUrl,
      http: httpClient({ name: 'The notifier', token: config.notifierToken }),
    }),
    modelCheck({
      find: modelFinder(config.model, systemClock).find,
      baseUrl: config.model.baseUrl,
      isContainer: existsSync('/.dockerenv'),
      hasCostLimit: config.model.maxRunUsd !== undefined || config.model.maxDayUsd !== undefined,
    }),
    servicesCheck(registry, httpClient({ name: 'It' })),
    repositoryCheck(registry),
  ];
}

function placeOf(name: string, { url, ...credentials }: Partial<SourceConfig>): Place | undefined {
  return url === undefined ? undefined : { name, url, http: httpClient({ name, ...credentials }) };
}

/** Only whether it could be started: that it runs is the agent's own word. */
async function embeddedVersion(): Promise<string> {
  await findBinaries();
  return '18';
}
