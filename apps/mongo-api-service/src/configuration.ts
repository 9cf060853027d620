import {
  integer,
  parseConfiguration,
  port,
  readEnvironment,
  resolveFrom,
  text,
} from '@incident-agent/service-kit/configuration';
import { MongoClient } from 'mongodb';
import { z } from 'zod';

const Environment = z.object({
  PORT: port(9000),
  HOST: text('localhost'),
  MONGO_URI: z
    .string()
    .refine(isMongoUri, 'is no MongoDB address; set it to something like mongodb://localhost:27017')
    .default('mongodb://localhost:27017'),
  MONGO_DB: z
    .string()
    .regex(/^[^/\\. "$\0]{1,63}$/, 'is no name for a database; set it to something like servicedb')
    .default('servicedb'),
  APP_NAME: text('mongo-api-service'),
  LOG_FILE: text('logs/service.log'),
  DEPENDENCY_CHECK_SECONDS: integer({ min: 1, max: 3_600, fallback: 5 }),
  DEPLOYED_REVISION: text(),
});

export interface Configuration {
  readonly host: string;
  readonly port: number;
  /** May hold a password: never logged. */
  readonly mongoUri: string;
  readonly databaseName: string;
  readonly appName: string;
  readonly logFile: string;
  readonly checkIntervalMilliseconds: number;
  /** undefined: not known what is deployed. */
  readonly deployedRevision: string | undefined;
}

/** Throws ConfigurationError, which names every mistake. */
export function configurationOf(appFolder: string, processEnvironment: NodeJS.ProcessEnv): Configuration {
  const environment = parseConfiguration(Environment, readEnvironment(appFolder, processEnvironment));
  return {
    host: environment.HOST,
    port: environment.PORT,
    mongoUri: environment.MONGO_URI,
    databaseName: environment.MONGO_DB,
    appName: environment.APP_NAME,
    logFile: resolveFrom(appFolder, environment.LOG_FILE),
    checkIntervalMilliseconds: environment.DEPENDENCY_CHECK_SECONDS * 1_000,
    deployedRevision: environment.DEPLOYED_REVISION,
  };
}

/** The driver parses the address when it is given one, and connects only later. */
function isMongoUri(uri: string): boolean {
  try {
    return new MongoClient(uri) instanceof MongoClient;
  } catch {
    return false;
  }
}
