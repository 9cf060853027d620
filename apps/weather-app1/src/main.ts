import { resolve } from 'node:path';
import { runConfigured } from '@incident-agent/service-kit';
import { createLogger } from '@incident-agent/service-kit/logging';
import { configurationOf } from './configuration.ts';
import { openMeteo } from './open-meteo.ts';
import { createWeatherServer, SERVICE } from './server.ts';

await runConfigured(
  SERVICE,
  () => {
    const configuration = configurationOf(resolve(import.meta.dirname, '..'), process.env);
    return { configuration, logger: createLogger({ service: SERVICE, filePath: configuration.logFile }) };
  },
  async ({ configuration, logger }) => {
    const { host, port, openMeteoUrl, deployedRevision } = configuration;
    const provider = openMeteo({ baseUrl: openMeteoUrl });
    const server = await createWeatherServer({ logger, provider, deployedRevision });
    await server.listen({ host, port });
    return server;
  },
);
