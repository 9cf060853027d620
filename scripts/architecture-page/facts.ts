/** What architecture.html says, read from the files that decide it. A file that has changed its shape throws with its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { agent as codeAnalysis } from '../../apps/incident-agent-workflow/src/agents/code-analysis.ts';
import { agent as investigation } from '../../apps/incident-agent-workflow/src/agents/investigation.ts';
import { agent as triage } from '../../apps/incident-agent-workflow/src/agents/triage.ts';
import { rules } from '../../apps/incident-agent-workflow/src/monitor/rules.ts';
import { readCompose } from '../containers/compose.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface WatchedService {
  readonly name: string;
  readonly port: number;
  readonly dependsOn: readonly string[];
  readonly logFile: string;
}
export interface Container {
  readonly name: string;
  /** undefined: our own, built here. */
  readonly image: string | undefined;
  /** Published on 127.0.0.1. */
  readonly hostPorts: readonly number[];
  /** Empty: always started. */
  readonly profiles: readonly string[];
  readonly memory: string | undefined;
  readonly volumes: readonly string[];
}
export interface Facts {
  /** Scraped, shipped and looked at; the agent and the notifier are among them. */
  readonly services: readonly WatchedService[];
  readonly containers: readonly Container[];
  readonly scrapeInterval: string;
  readonly rules: readonly { name: string; expression: string; forSeconds: number; severity: string }[];
  readonly alertmanager: { groupWait: string; groupBy: readonly string[]; repeatInterval: string; webhook: string };
  readonly logRetention: string;
  readonly dashboards: readonly { title: string; description: string }[];
  readonly agents: readonly string[];
  /** Folder → what it is, as the README says. */
  readonly folders: readonly { folder: string; what: string }[];
}

const Registry = z.record(
  z.string(),
  z.object({
    health_url: z.url(),
    log_paths: z.record(z.string(), z.string()),
    depends_on: z.array(z.string()).default([]),
  }),
);
const Prometheus = z.object({ global: z.object({ scrape_interval: z.string() }) });
const Alertmanager = z.object({
  route: z.object({ group_by: z.array(z.string()), group_wait: z.string(), repeat_interval: z.string() }),
  receivers: z.array(z.object({ webhook_configs: z.array(z.object({ url: z.url() })).default([]) })),
});
const Loki = z.object({ limits_config: z.object({ retention_period: z.string() }) });
const Dashboard = z.object({ title: z.string(), description: z.string() });

export function readFacts(): Facts {
  const registry = jsonFile('apps/incident-agent-workflow/service_registry.docker.json', Registry);
  const { route, receivers } = yamlFile('monitoring/alertmanager.yml', Alertmanager);
  return {
    services: Object.entries(registry).map(([name, { health_url, log_paths, depends_on }]) => ({
      name,
      port: Number(new URL(health_url).port),
      dependsOn: depends_on,
      logFile: Object.values(log_paths)[0] ?? '',
    })),
    containers: containers(),
    scrapeInterval: yamlFile('monitoring/prometheus.yml', Prometheus).global.scrape_interval,
    rules: rules.map(({ name, expression, forSeconds, severity }) => ({ name, expression, forSeconds, severity })),
    alertmanager: {
      groupWait: route.group_wait,
      groupBy: route.group_by,
      repeatInterval: route.repeat_interval,
      webhook: receivers.flatMap((receiver) => receiver.webhook_configs)[0]?.url ?? '',
    },
    logRetention: yamlFile('monitoring/loki.yml', Loki).limits_config.retention_period,
    dashboards: filesOf('monitoring/grafana/dashboards', '.json').map((file) => jsonFile(file, Dashboard)),
    agents: [triage.name, investigation.name, codeAnalysis.name],
    folders: folders(),
  };
}

function containers(): Container[] {
  const { services } = readCompose(join(ROOT, 'docker-compose.yml'));
  return [...services].map(([name, service]) => ({
    name,
    image: service.build === undefined ? service.image : undefined,
    hostPorts: service.ports.map((port) => Number(port.split(':').at(-2))),
    profiles: service.profiles,
    memory: service.mem_limit,
    volumes: service.volumes.map((mount) => mount.split(':')[0] ?? '').filter((source) => /^\w/.test(source)),
  }));
}

/** The table of folders in the README. */
function folders(): Facts['folders'] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const table = readme.slice(readme.indexOf('| folder | what |')).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .map(([, folder = '', what = '']) => ({ folder: folder.replaceAll('`', ''), what: withoutLinks(what) }));
}

function withoutLinks(markdown: string): string {
  return markdown
    .replaceAll(/ ?\(\[[^\]]*\]\([^)]*\)\)/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '');
}

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

function jsonFile<T>(path: string, schema: z.ZodType<T>): T {
  return shaped(path, schema, JSON.parse(readFileSync(join(ROOT, path), 'utf8')));
}

function yamlFile<T>(path: string, schema: z.ZodType<T>): T {
  return shaped(path, schema, parse(readFileSync(join(ROOT, path), 'utf8')));
}

function shaped<T>(path: string, schema: z.ZodType<T>, content: unknown): T {
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
