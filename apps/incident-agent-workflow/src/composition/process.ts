/** What every process of the agent begins with: its settings and its log. The only part of the composition that sees the environment. */
import { type Logger, openServiceLog, type ServiceLog } from '@incident-agent/service-kit/logging';
import packageJson from '../../package.json' with { type: 'json' };
import { type Config, readConfig } from '../config.ts';

export const VERSIONS = { agent: packageJson.version, rules: '1' } as const;
/** Set for a worker that `serve` started: its database is ready, its log goes to stdout only, and it is the only outbox. */
const CHILD_SETTING = 'INCIDENT_AGENT_CHILD';
/** Of a database that nobody else works on: what lies half sent can only be its predecessor's. */
const SOLE_WORKER = 'sole';

export interface Opened {
  readonly config: Config;
  readonly serviceLog: ServiceLog;
  readonly logger: Logger;
}

/** Settings and log; throws ConfigurationError with every mistake. */
export function open(service: string, options: { readonly toFile: boolean }): Opened {
  const config = settings();
  const file = options.toFile ? { filePath: config.logFile } : {};
  const serviceLog = openServiceLog({ service, level: config.logLevel, ...file });
  return { config, serviceLog, logger: serviceLog.logger };
}

/** Throws ConfigurationError with every mistake. */
export function settings(): Config {
  return readConfig(process.env);
}

/** The environment of a worker whose parent is this process. */
export function childEnvironment(databaseUrl: string, isSole: boolean): NodeJS.ProcessEnv {
  return { ...process.env, DATABASE_URL: databaseUrl, [CHILD_SETTING]: isSole ? SOLE_WORKER : 'shared' };
}

/** undefined: started by hand, not by `serve`. */
export function childRole(): { readonly isSole: boolean } | undefined {
  const role = process.env[CHILD_SETTING];
  return role === undefined ? undefined : { isSole: role === SOLE_WORKER };
}
