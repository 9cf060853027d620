import {
  parseConfiguration,
  port,
  readEnvironment,
  resolveFrom,
  text,
  url,
} from '@incident-agent/service-kit/configuration';
import { z } from 'zod';

const Environment = z.object({
  PORT: port(8000),
  HOST: text('localhost'),
  OPEN_METEO_URL: url('https://api.open-meteo.com'),
  LOG_FILE: text('logs/app.log'),
  DEPLOYED_REVISION: text(),
});

export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly openMeteoUrl: string;
  readonly logFile: string;
  /** undefined: not known what is deployed. */
  readonly deployedRevision: string | undefined;
}

/** Throws ConfigurationError, which names every mistake. */
export function configurationOf(appFolder: string, processEnvironment: NodeJS.ProcessEnv): Configuration {
  const environment = parseConfiguration(Environment, readEnvironment(appFolder, processEnvironment));
  return {
    host: environment.HOST,
    port: environment.PORT,
    openMeteoUrl: environment.OPEN_METEO_URL,
    logFile: resolveFrom(appFolder, environment.LOG_FILE),
    deployedRevision: environment.DEPLOYED_REVISION,
  };
}
