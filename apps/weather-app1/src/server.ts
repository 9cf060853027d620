import { createServer, type FastifyInstance } from '@incident-agent/service-kit/fastify';
import type { Logger } from '@incident-agent/service-kit/logging';
import { createHttpMetrics, declareBuildInfo } from '@incident-agent/service-kit/metrics';
import type { WeatherProvider } from './open-meteo.ts';
import { weatherRoutes } from './routes.ts';

export const SERVICE = 'weather-app1';

export interface WeatherServerOptions {
  readonly logger: Logger;
  readonly provider: WeatherProvider;
  readonly deployedRevision: string | undefined;
}

/** Not yet listening. */
export async function createWeatherServer(options: WeatherServerOptions): Promise<FastifyInstance> {
  const { logger, provider, deployedRevision } = options;
  const metrics = createHttpMetrics();
  if (deployedRevision !== undefined) declareBuildInfo(metrics.registry, deployedRevision);
  const server = createServer({ service: SERVICE, logger, metrics });
  await server.register(weatherRoutes, { provider });
  return server;
}
