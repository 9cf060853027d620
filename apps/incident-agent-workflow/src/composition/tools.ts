/** Adapters, chosen by the settings: what is asked, what is rendered, and what an investigation is handed. */
import { modelFinder } from '../adapters/models/find-model.ts';
import { docxRenderer } from '../adapters/renderers/docx.ts';
import { jsonRenderer } from '../adapters/renderers/json.ts';
import { markdownRenderer } from '../adapters/renderers/markdown.ts';
import { threadedPdfRenderer } from '../adapters/renderers/pdf-threaded.ts';
import { reportFiles } from '../adapters/report-files/report-files.ts';
import { git } from '../adapters/sources/git.ts';
import { health } from '../adapters/sources/health.ts';
import { logFiles } from '../adapters/sources/log-files.ts';
import { loki } from '../adapters/sources/loki.ts';
import { memory } from '../adapters/sources/memory.ts';
import { notConfigured } from '../adapters/sources/not-configured.ts';
import { prometheus } from '../adapters/sources/prometheus.ts';
import { samples } from '../adapters/sources/samples.ts';
import { sha256, systemClock } from '../adapters/system/clock.ts';
import type { Config, SourceConfig } from '../config.ts';
import type { Incident, Run } from '../domain/incident.ts';
import type { Registry } from '../domain/service.ts';
import { httpClient } from '../lib/http.ts';
import type { Log, Meter, ResponseTools, Source, Stores } from '../ports.ts';
import { chartsOf } from '../report/charts.ts';
import { dashboardUrl } from '../report/dashboard-url.ts';
import { VERSIONS } from './process.ts';

/** In order of preference: of several that answer a kind, the first with data is taken. */
export function buildSources(config: Config, stores: Pick<Stores, 'samples' | 'memory'> | undefined): Source[] {
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

export function renderersOf(config: Config, log: Log) {
  const renderers = {
    pdf: threadedPdfRenderer({ log, chartsOf, paper: config.reportPaper }),
    docx: docxRenderer({ log, chartsOf }),
    markdown: markdownRenderer(),
    json: jsonRenderer(),
  };
  return { ...renderers, files: reportFiles({ folder: config.reportsFolder }) };
}

export function responseTools(
  config: Config,
  known: { readonly registry: Registry; readonly sources: readonly Source[]; readonly stores: Stores | undefined },
  log: Log,
  meter: Meter,
) {
  const { registry, sources, stores } = known;
  return {
    registry,
    sources,
    clock: systemClock,
    log,
    meter,
    digest: sha256,
    deadlineMilliseconds: config.questionMilliseconds,
    findModel: modelFinder(config.model, systemClock).find,
    modelMilliseconds: config.model.runSeconds * 1_000,
    modelBudget: { runUsd: config.model.maxRunUsd, dayUsd: config.model.maxDayUsd, spending: stores?.spending },
    versions: VERSIONS,
    urls: (incident: Incident, run: Run) => ({
      incident: `${config.publicUrl}/incidents/${incident.id}?run=${run.pipelineId}`,
      ...(config.grafanaUrl === undefined ? {} : { dashboard: dashboardUrl(config.grafanaUrl, incident, run) }),
    }),
  } satisfies Partial<ResponseTools>;
}
