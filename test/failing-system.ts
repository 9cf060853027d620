/**
 * The loop as it is promised, running: services with traffic, Debian's Prometheus and Alertmanager with our files, the
 * agent, the notifier; a regression is deployed, and its incident followed to the mail.
 */
import { join } from 'node:path';
import { type Followed, followIncident } from '../demo/follow.ts';
import { choosePorts } from '../demo/ports.ts';
import { pause } from '../demo/processes.ts';
import { regression } from '../demo/scenarios/regression.ts';
import type { Expected } from '../demo/scenarios/scenario.ts';
import { startStack } from '../demo/stack.ts';
import { startTraffic } from '../demo/traffic.ts';
import { startMonitoring } from './prometheus.ts';

const BASELINE_MILLISECONDS = 12_000;
const REQUESTS_PER_SECOND = 12;

export interface FailingSystem {
  /** The incident is still open, and the service still fails. */
  readonly followed: Followed;
  readonly expected: Expected;
  readonly agentUrl: string;
  readonly prometheusUrl: string;
  /** Name of the service → its log. */
  readonly logFiles: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface FailingSystemOptions {
  /** Inside the repository, from where the scratch copies of the services find their packages. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Resolves when the mail is there; when it rejects nothing of it is left running. */
export async function startFailingSystem(options: FailingSystemOptions): Promise<FailingSystem> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    return { ...(await fail(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fail(
  { scratch, signal }: FailingSystemOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<FailingSystem, 'stop'>> {
  const ports = await choosePorts('auto');
  const prepared = await regression.prepare({ ports, scratch, say: () => undefined });
  stops.push(() => prepared.stop());
  await prepared.start(signal);
  const agentUrl = `http://127.0.0.1:${ports.agent}`;
  const targets = Object.fromEntries(prepared.services.map(({ name, url }) => [name, new URL(url).host]));
  const monitoring = await startMonitoring({ folder: join(scratch, 'monitoring'), targets, agentUrl });
  stops.push(() => monitoring.stop());
  const { prometheusUrl } = monitoring;
  const agentSettings = { PROMETHEUS_URL: prometheusUrl };
  const { services } = prepared;
  const stack = await startStack({ ports, scratch, services, signal, withMonitor: false, agentSettings });
  stops.push(() => stack.stop());
  // Only now: while they start they would count as down.
  monitoring.scrape({
    'incident-agent-workflow': `127.0.0.1:${ports.agent}`,
    notifier: `127.0.0.1:${ports.notifier}`,
  });
  const traffic = startTraffic(prepared.traffic, REQUESTS_PER_SECOND);
  stops.push(() => traffic.stop());
  await pause(BASELINE_MILLISECONDS, signal);
  const since = new Date().toISOString();
  await prepared.breakIt(signal);
  const following = { agentUrl, mail: stack.mail, service: prepared.broken, since, say: () => undefined, signal };
  const followed = await followIncident(following);
  const logs = join(scratch, 'logs');
  return {
    followed,
    expected: prepared.expected,
    agentUrl,
    prometheusUrl,
    logFiles: {
      'weather-app1': join(logs, 'weather-app1', 'app.log'),
      'mongo-api-service': join(logs, 'mongo-api-service', 'service.log'),
      'incident-agent-workflow': join(logs, 'incident-agent-workflow', 'workflow.log'),
      notifier: join(logs, 'notifier', 'notifier.log'),
    },
  };
}
