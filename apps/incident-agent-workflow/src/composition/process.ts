/** What every process of the agent begins with: its settings and its log. The only part of the composition that sees the environment. */
import { ConfigurationError, readEnvironment } from '@incident-agent/service-kit/configuration';
import { type Logger, openServiceLog, type ServiceLog } from '@incident-agent/service-kit/logging';
import packageJson from '../../package.json' with { type: 'json' };
import { portLog } from '../adapters/system/log.ts';
import { APP_FOLDER, type Config, configOf, readConfig, SERVICE_NAME } from '../config.ts';
import type { Log } from '../ports.ts';

export const VERSIONS = { agent: packageJson.version, rules: '1' } as const;
/** Set for a worker that `serve` started: its database is ready, its log goes to stdout only, and it is the only outbox. */
const CHILD_SETTING = 'INCIDENT_AGENT_CHILD';
/** Of a database that nobody else works on: what lies half sent can only be its predecessor's. */
const SOLE_WORKER = 'sole';
/** One for the settings, one for what follows from them. */
const MAX_ATTEMPTS = 3;

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

/** Into the agent's log file only: stdout is for the result. */
export function quietLog({ logLevel, logFile }: Pick<Config, 'logLevel' | 'logFile'>): Log {
  return portLog(openServiceLog({ service: SERVICE_NAME, level: logLevel, filePath: logFile, stdout: false }).logger);
}

/** Throws ConfigurationError with every mistake. */
export function settings(): Config {
  return readConfig(process.env);
}

/** Where there are mistakes, they are told and the rest is read as if what they name were not set. undefined: even so nothing can be read. */
export function settingsAsFarAsPossible(): {
  readonly config: Config | undefined;
  readonly mistakes: readonly string[];
} {
  const environment = readEnvironment(APP_FOLDER, process.env);
  const mistakes: string[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    try {
      return { config: configOf(environment), mistakes };
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      mistakes.push(...error.mistakes);
      for (const mistake of error.mistakes) {
        const [name = ''] = mistake.split(':', 1);
        delete environment[name];
        delete environment[name.replace(/_FILE$/, '')];
        // AUTH=required without a token names the token that is missing.
        if (name === 'API_TOKEN') delete environment.AUTH;
      }
    }
  }
  return { config: undefined, mistakes };
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

/** Where the programs of this machine are: what runs in the sandbox is found there too. */
export function programPath(): string {
  return process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
}
