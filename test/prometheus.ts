/** Debian's Prometheus and Alertmanager with our own files, only faster and on free ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../demo/listen.ts';

export interface Monitoring {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Further targets, name → host:port; read within a moment. */
  scrape(targets: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

export interface MonitoringOptions {
  readonly folder: string;
  /** Name of the service → host:port. */
  readonly targets: Readonly<Record<string, string>>;
  readonly agentUrl: string;
}

const MONITORING = join(import.meta.dirname, '..', 'monitoring');
const READY_LIMIT_MILLISECONDS = 30_000;

/** Both answer when it resolves. Throws when a file has no longer what is to be made faster. */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { folder } = options;
  const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
  writeFiles(options, alertmanagerPort);
  const started: ChildProcess[] = [];
  async function stop(): Promise<void> {
    await Promise.all(started.map(stopped));
  }
  const start = (name: string, commandLine: string[]) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    started.push(spawn(name, commandLine, { cwd: folder, stdio: ['ignore', log, log] }));
  };
  start('prometheus-alertmanager', [
    '--config.file=alertmanager.yml',
    '--storage.path=alertmanager',
    `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    '--cluster.listen-address=', // no gossip port
  ]);
  start('prometheus', [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=prometheus',
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
  ]);
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
  try {
    await Promise.all([ready(`${prometheusUrl}/-/ready`), ready(`${alertmanagerUrl}/-/ready`)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    prometheusUrl,
    alertmanagerUrl,
    scrape: (targets) => writeTargets(folder, { ...options.targets, ...targets }),
    stop,
  };
}

function writeFiles({ folder, targets, agentUrl }: MonitoringOptions, alertmanagerPort: number): void {
  mkdirSync(folder, { recursive: true });
  const put = (name: string, changes: readonly (readonly [string, string])[]) => {
    let text = readFileSync(join(MONITORING, name), 'utf8');
    for (const [find, by] of changes) {
      if (!text.includes(find)) throw new Error(`${name} does not say ${find} any more`);
      text = text.replaceAll(find, by);
    }
    writeFileSync(join(folder, name), text);
  };
  put('prometheus.yml', [
    ['_interval: 5s', '_interval: 1s'],
    ['scrape_timeout: 4s', 'scrape_timeout: 1s'],
    ['alertmanager:9093', `127.0.0.1:${alertmanagerPort}`],
  ]);
  put('alert-rules.yml', [['for: 30s', 'for: 2s']]);
  put('alertmanager.yml', [
    ['http://incident-agent-workflow:9100', agentUrl],
    ['group_wait: 5s', 'group_wait: 1s'],
  ]);
  writeTargets(folder, targets);
}

function writeTargets(folder: string, targets: Readonly<Record<string, string>>): void {
  const groups = Object.entries(targets).map(
    ([name, address]) => `- targets: ['${address}']\n  labels: { service: ${name}, env: local-docker }\n`,
  );
  writeFileSync(join(folder, 'targets.docker.yml'), groups.join(''));
}

async function ready(url: string): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MILLISECONDS;
  while (performance.now() < deadline) {
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} did not become ready`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
