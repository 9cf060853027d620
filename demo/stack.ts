/** The part of the demo that is the product: agent, its monitor, the notifier, and a mail server that only catches. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MailCatcher, startMailCatcher } from './mail-catcher/mail-catcher.ts';
import type { Ports } from './ports.ts';
import { type Program, startProgram, untilAnswers } from './processes.ts';
import type { WatchedService } from './watched-service.ts';

const ROOT = join(import.meta.dirname, '..');
const START_LIMIT_MILLISECONDS = 60_000;
/** Instead of 5 s and 30 s, so that nobody has to wait. */
export const SCRAPE_SECONDS = 1;
export const FOR_SECONDS = 4;
/** The rules only: what the demo's callers do wrong stands in the logs too, and one incident at a time is shown. */
const MONITOR = ['monitor', '--interval', '3600', '--tail', '0', '--no-report'];
const STOP_AGENT_LIMIT_MILLISECONDS = 15_000;

export interface Stack {
  readonly agentUrl: string;
  readonly notifierUrl: string;
  readonly mail: MailCatcher;
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly ports: Ports;
  /** A folder of this run's own: database, logs, reports. */
  readonly scratch: string;
  readonly services: readonly WatchedService[];
  readonly signal: AbortSignal;
  /** Path of a bare repository in which drafts are opened; without it none are. */
  readonly forge?: string | undefined;
  /** Default true; without it somebody else posts the alerts. */
  readonly withMonitor?: boolean;
  /** Further settings of the agent, e.g. where its sources are. */
  readonly agentSettings?: Readonly<Record<string, string>>;
}

/** Everything answers when it resolves; when it rejects nothing of it is left running. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { ports, scratch, signal } = options;
  const agentUrl = `http://127.0.0.1:${ports.agent}`;
  const programs: Program[] = [];
  const mail = await startMailCatcher({ smtpPort: ports.smtp, httpPort: ports.mail });

  async function stop(): Promise<void> {
    // The monitor first: it would take the others' end for an outage.
    for (const program of programs.toReversed()) await program.stop(STOP_AGENT_LIMIT_MILLISECONDS);
    await mail.close();
  }
  function start(name: string, file: string, commandLine: string[], environment: Record<string, string>): Program {
    const folder = join(ROOT, 'apps', file);
    const outputFile = join(scratch, 'output', `${name}.log`);
    const run = { file: join(folder, 'src', 'main.ts'), commandLine };
    const program = startProgram({ name, run, folder, environment, outputFile });
    programs.push(program);
    return program;
  }
  async function startAnswering(url: string, program: Program): Promise<void> {
    const outputFile = join(scratch, 'output', `${program.name}.log`);
    await untilAnswers(url, program, outputFile, START_LIMIT_MILLISECONDS, signal);
  }

  try {
    const notifier = start('notifier', 'notifier', [], notifierEnvironment(options));
    const environment = agentEnvironment(options, agentUrl);
    const agent = start('incident-agent-workflow', 'incident-agent-workflow', ['serve'], environment);
    await Promise.all([
      startAnswering(`http://127.0.0.1:${ports.notifier}/health`, notifier),
      startAnswering(`${agentUrl}/health/ready`, agent),
    ]);
    // After the agent, whose database it shares.
    if (options.withMonitor !== false) start('monitor', 'incident-agent-workflow', MONITOR, environment);
    return { agentUrl, notifierUrl: `http://127.0.0.1:${ports.notifier}`, mail, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function notifierEnvironment({ ports, scratch }: StackOptions): Record<string, string> {
  return {
    PORT: String(ports.notifier),
    HOST: '127.0.0.1',
    DATA_DIR: join(scratch, 'notifier'),
    LOG_DIR: join(scratch, 'logs', 'notifier'),
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(ports.smtp),
    EMAIL_SENDER: 'incident-agent@example.com',
    EMAIL_RECEIVER: 'on-call@example.com',
  };
}

function agentEnvironment(
  { ports, scratch, services, agentSettings, forge }: StackOptions,
  agentUrl: string,
): Record<string, string> {
  const registryPath = join(scratch, 'service_registry.json');
  const repository = forge === undefined ? undefined : pathToFileURL(forge).href;
  const published = repository === undefined ? {} : { repository };
  const registry = {
    ...Object.fromEntries(services.map(({ name, registryEntry }) => [name, { ...registryEntry, ...published }])),
    notifier: {
      health_url: `http://127.0.0.1:${ports.notifier}/health`,
      log_paths: { notifier: join(scratch, 'logs', 'notifier', 'notifier.log') },
    },
    'incident-agent-workflow': {
      health_url: `${agentUrl}/health`,
      ready_url: `${agentUrl}/health/ready`,
      log_paths: { workflow: join(scratch, 'logs', 'incident-agent-workflow', 'workflow.log') },
      depends_on: ['notifier'],
    },
  };
  mkdirSync(scratch, { recursive: true });
  writeFileSync(registryPath, `${JSON.stringify(registry, null, 2)}\n`);
  return {
    PORT: String(ports.agent),
    HOST: '127.0.0.1',
    AUTH: 'off',
    PUBLIC_URL: agentUrl,
    DATA_DIR: join(scratch, 'agent'),
    REPORTS_DIR: join(scratch, 'reports'),
    LOG_DIR: join(scratch, 'logs', 'incident-agent-workflow'),
    SERVICE_REGISTRY_PATH: registryPath,
    NOTIFIER_URL: `http://127.0.0.1:${ports.notifier}/notify`,
    LLM_BASE_URL: 'off',
    ...(repository === undefined ? {} : { REMEDIATION: 'draft', REMEDIATION_REPOSITORIES: repository }),
    MONITOR_AGENT_URL: agentUrl,
    MONITOR_SCRAPE_SECONDS: String(SCRAPE_SECONDS),
    MONITOR_FOR_SECONDS: String(FOR_SECONDS),
    ...agentSettings,
  };
}
