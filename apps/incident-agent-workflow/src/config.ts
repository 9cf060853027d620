/** Environment → typed Config, once. Nothing else looks at process.env. All mistakes are reported together. */
import { join } from 'node:path';
import {
  ConfigurationError,
  integer,
  parseConfiguration,
  port,
  readEnvironment,
  resolveFrom,
  text,
  url,
} from '@incident-agent/service-kit/configuration';
import { z } from 'zod';
import type { Price } from './domain/model.ts';
import { isLoopback } from './lib/loopback.ts';

export const APP_FOLDER = join(import.meta.dirname, '..');
export const SERVICE_NAME = 'incident-agent-workflow';

const SourceSettings = (prefix: string) => ({
  [`${prefix}_URL`]: url(),
  [`${prefix}_TOKEN`]: text(),
  [`${prefix}_USER`]: text(),
  [`${prefix}_PASSWORD`]: text(),
  [`${prefix}_TENANT`]: text(),
});

/** US dollars, more than nothing. */
const dollars = () =>
  z.coerce
    .number('is no amount of US dollars; write it like 0.50')
    .positive('is not more than 0; leave it out for no limit')
    .optional();

const Environment = z.object({
  PORT: port(9100),
  HOST: text(),
  DATABASE_URL: z
    .string()
    .regex(
      /^postgres(ql)?:\/\//,
      'is not a Postgres address; set it to postgres://user:password@host:5432/database, or leave it out for the embedded database',
    )
    .optional(),
  DATA_DIR: text('.data'),
  LLM_BASE_URL: z
    .string()
    .refine(
      (value) => value === 'off' || URL.canParse(value),
      'is neither a web address nor off; set it to one of them',
    )
    .optional(),
  LLM_API_KEY: text(),
  LLM_MODEL: text('mistral-nemo'),
  LLM_RUN_SECONDS: integer({ min: 1, max: 3_600, fallback: 120 }),
  LLM_MAX_COST_USD: dollars(),
  LLM_MAX_COST_USD_PER_DAY: dollars(),
  LLM_PRICE: z
    .string()
    .refine(
      (value) => priceOf(value) !== undefined,
      'is no price; write US dollars per million tokens of prompt and of reply, like 0.15/0.60',
    )
    .optional(),
  NOTIFIER_URL: url('http://localhost:8002/notify'),
  NOTIFIER_TOKEN: text(),
  SERVICE_REGISTRY_PATH: text('service_registry.json'),
  REPORTS_DIR: text('reports'),
  REPORT_PAPER: z.enum(['a4', 'letter'], 'is neither a4 nor letter; set it to one of them').default('a4'),
  LOG_DIR: text('logs'),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'is no log level; set it to trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
  PUBLIC_URL: url(),
  ALERTS_TOKEN: text(),
  API_TOKEN: text(),
  AUTH: z.enum(['required', 'off'], 'is neither required nor off; set it to one of them, or leave it out').optional(),
  REMEDIATION: z
    .enum(['off', 'dry-run', 'draft'], 'is neither off, dry-run nor draft; set it to one of them')
    .default('dry-run'),
  REMEDIATION_REPOSITORIES: text(''),
  PATCH_MAX_LINES: integer({ min: 1, max: 5_000, fallback: 200 }),
  GITHUB_TOKEN: text(),
  GITHUB_API_URL: url('https://api.github.com'),
  GITLAB_TOKEN: text(),
  GITLAB_URL: url('https://gitlab.com'),
  SENDER_SILENT_AFTER: text('15m').refine(
    (value) => secondsOf(value) !== undefined,
    'is no duration; write it like 15m, 900s or 2h',
  ),
  WORKERS: integer({ min: 0, max: 16, fallback: 1 }),
  CONCURRENCY: integer({ min: 1, max: 32, fallback: 4 }),
  QUESTION_SECONDS: integer({ min: 1, max: 120, fallback: 8 }),
  MONITOR_SCRAPE_SECONDS: integer({ min: 1, max: 300, fallback: 5 }),
  MONITOR_FOR_SECONDS: integer({ min: 0, max: 3_600, fallback: 30 }),
  MONITOR_AGENT_URL: url(),
  RETENTION_DAYS: integer({ min: 1, max: 3_650, fallback: 90 }),
});

export interface SourceConfig {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tenant: string | undefined;
}

export interface RemediationConfig {
  readonly mode: 'off' | 'dry-run' | 'draft';
  /** As the registry names them; `*`: all. */
  readonly repositories: readonly string[];
  readonly maxLines: number;
  readonly githubToken: string | undefined;
  readonly githubApiUrl: string;
  readonly gitlabToken: string | undefined;
  readonly gitlabUrl: string;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | undefined;
  readonly dataFolder: string;
  readonly prometheus: SourceConfig;
  readonly loki: SourceConfig;
  /** Asked by `doctor` only: incidents come from its webhook. */
  readonly alertmanager: SourceConfig;
  readonly grafanaUrl: string | undefined;
  readonly model: {
    readonly baseUrl: string | undefined;
    readonly apiKey: string | undefined;
    readonly name: string;
    readonly runSeconds: number;
    readonly maxRunUsd: number | undefined;
    readonly maxDayUsd: number | undefined;
    readonly price: Price | undefined;
  };
  readonly notifierUrl: string;
  readonly notifierToken: string | undefined;
  readonly registryPath: string;
  readonly reportsFolder: string;
  readonly reportPaper: 'a4' | 'letter';
  readonly logFile: string;
  readonly logLevel: string;
  readonly publicUrl: string;
  readonly auth: {
    readonly isRequired: boolean;
    readonly apiToken: string | undefined;
    readonly alertsToken: string | undefined;
    readonly ownNames: readonly string[] | 'any';
  };
  readonly remediation: RemediationConfig;
  readonly senderSilentAfterSeconds: number;
  readonly workers: number;
  readonly concurrency: number;
  readonly questionMilliseconds: number;
  readonly monitor: { readonly scrapeSeconds: number; readonly forSeconds: number; readonly agentUrl: string };
  readonly retentionDays: number;
}

/** Throws ConfigurationError naming every mistake and its cure. */
export function readConfig(processEnvironment: NodeJS.ProcessEnv, appFolder = APP_FOLDER): Config {
  return configOf(readEnvironment(appFolder, processEnvironment), appFolder);
}

/** The same, of an environment that has been read already. */
export function configOf(environment: Record<string, string>, appFolder = APP_FOLDER): Config {
  // One schema would lose the names' types, so the sources are parsed apart; the mistakes are still told together.
  const mistakes: string[] = [];
  const sources = ['PROMETHEUS', 'LOKI', 'ALERTMANAGER', 'GRAFANA'].map((prefix) =>
    gathering(mistakes, () => readSource(prefix, environment)),
  );
  const settings = gathering(mistakes, () => parseConfiguration(Environment, environment));
  const [prometheus, loki, alertmanager, grafana] = sources;
  if (!settings || !prometheus || !loki || !alertmanager || !grafana) throw new ConfigurationError(mistakes);
  const isGuarded = (settings.API_TOKEN ?? settings.ALERTS_TOKEN) !== undefined;
  const host = listenOn(settings.HOST, isGuarded, settings.AUTH);
  const localUrl = `http://localhost:${settings.PORT}`;
  return {
    port: settings.PORT,
    host,
    databaseUrl: settings.DATABASE_URL,
    dataFolder: resolveFrom(appFolder, settings.DATA_DIR),
    prometheus,
    loki,
    alertmanager,
    grafanaUrl: grafana.url,
    model: {
      baseUrl: settings.LLM_BASE_URL,
      apiKey: settings.LLM_API_KEY,
      name: settings.LLM_MODEL,
      runSeconds: settings.LLM_RUN_SECONDS,
      maxRunUsd: settings.LLM_MAX_COST_USD,
      maxDayUsd: settings.LLM_MAX_COST_USD_PER_DAY,
      price: settings.LLM_PRICE === undefined ? undefined : priceOf(settings.LLM_PRICE),
    },
    notifierUrl: settings.NOTIFIER_URL,
    notifierToken: settings.NOTIFIER_TOKEN,
    registryPath: resolveFrom(appFolder, settings.SERVICE_REGISTRY_PATH),
    reportsFolder: resolveFrom(appFolder, settings.REPORTS_DIR),
    reportPaper: settings.REPORT_PAPER,
    logFile: join(resolveFrom(appFolder, settings.LOG_DIR), 'workflow.log'),
    logLevel: settings.LOG_LEVEL,
    publicUrl: settings.PUBLIC_URL ?? localUrl,
    auth: {
      isRequired: settings.AUTH === undefined ? isGuarded : settings.AUTH === 'required',
      apiToken: settings.API_TOKEN,
      alertsToken: settings.ALERTS_TOKEN,
      ownNames:
        settings.AUTH === 'off'
          ? 'any'
          : [host, URL.parse(settings.PUBLIC_URL ?? '')?.hostname ?? ''].filter((name) => name !== ''),
    },
    remediation: {
      mode: settings.REMEDIATION,
      repositories: settings.REMEDIATION_REPOSITORIES.split(/[\s,]+/).filter((name) => name !== ''),
      maxLines: settings.PATCH_MAX_LINES,
      githubToken: settings.GITHUB_TOKEN,
      githubApiUrl: settings.GITHUB_API_URL,
      gitlabToken: settings.GITLAB_TOKEN,
      gitlabUrl: settings.GITLAB_URL,
    },
    senderSilentAfterSeconds: secondsOf(settings.SENDER_SILENT_AFTER) ?? 900,
    workers: settings.WORKERS,
    concurrency: settings.CONCURRENCY,
    questionMilliseconds: settings.QUESTION_SECONDS * 1_000,
    monitor: {
      scrapeSeconds: settings.MONITOR_SCRAPE_SECONDS,
      forSeconds: settings.MONITOR_FOR_SECONDS,
      agentUrl: settings.MONITOR_AGENT_URL ?? localUrl,
    },
    retentionDays: settings.RETENTION_DAYS,
  };
}

function gathering<T>(mistakes: string[], parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    mistakes.push(...error.mistakes);
    return undefined;
  }
}

/** Fails closed: without a token nothing but this machine may ask, unless that was said aloud. */
function listenOn(host: string | undefined, isGuarded: boolean, auth: 'required' | 'off' | undefined): string {
  if (auth === 'required' && !isGuarded) {
    throw new ConfigurationError([
      'API_TOKEN: AUTH=required needs a token; set API_TOKEN (and ALERTS_TOKEN for alert senders)',
    ]);
  }
  if (host !== undefined && !isLoopback(host) && !isGuarded && auth !== 'off') {
    throw new ConfigurationError([
      `HOST: ${host} can be reached from other machines but no token is set; set API_TOKEN, or AUTH=off if something else guards it`,
    ]);
  }
  return host ?? '127.0.0.1';
}

/** `0.15/0.60` → dollars per million tokens; undefined: no price. */
function priceOf(value: string): Price | undefined {
  const [, prompt, reply] = /^\s*(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)\s*$/.exec(value) ?? [];
  return prompt === undefined || reply === undefined ? undefined : { prompt: Number(prompt), reply: Number(reply) };
}

function readSource(prefix: string, environment: Record<string, string>): SourceConfig {
  const settings: Record<string, string | undefined> = parseConfiguration(
    z.object(SourceSettings(prefix)),
    environment,
  );
  return {
    url: settings[`${prefix}_URL`],
    token: settings[`${prefix}_TOKEN`],
    user: settings[`${prefix}_USER`],
    password: settings[`${prefix}_PASSWORD`],
    tenant: settings[`${prefix}_TENANT`],
  };
}

const UNIT_SECONDS = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

/** `15m` → 900; undefined: not a duration. */
function secondsOf(duration: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(duration.trim()) ?? [];
  const unitSeconds = UNIT_SECONDS.get(unit ?? '');
  return amount === undefined || unitSeconds === undefined ? undefined : Number(amount) * unitSeconds;
}
