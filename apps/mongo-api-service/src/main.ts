import { resolve } from 'node:path';
import { runConfigured } from '@incident-agent/service-kit';
import { createLogger } from '@incident-agent/service-kit/logging';
import { configurationOf } from './configuration.ts';
import { openDatabase } from './database.ts';
import { createItemServer } from './server.ts';
import { SERVICE } from './service-name.ts';

await runConfigured(
  SERVICE,
  () => {
    const configuration = configurationOf(resolve(import.meta.dirname, '..'), process.env);
    return { configuration, logger: createLogger({ service: SERVICE, filePath: configuration.logFile }) };
  },
  async ({ configuration, logger }) => {
    const { mongoUri, databaseName, appName, checkIntervalMilliseconds, deployedRevision } = configuration;
    const database = openDatabase({ uri: mongoUri, databaseName, appName });
    const server = await createItemServer({ logger, database, checkIntervalMilliseconds, deployedRevision });
    await server.listen({ host: configuration.host, port: configuration.port });
    return server;
  },
);
