import { createServer, type FastifyInstance } from '@incident-agent/service-kit/fastify';
import type { Logger } from '@incident-agent/service-kit/logging';
import { createHttpMetrics, declareBuildInfo, declareDependency } from '@incident-agent/service-kit/metrics';
import type { Database } from './database.ts';
import { startDependencyCheck } from './dependency-check.ts';
import { healthRoutes } from './health-routes.ts';
import { itemRepository } from './item-repository.ts';
import { itemRoutes } from './item-routes.ts';
import { SERVICE } from './service-name.ts';

export interface ItemServerOptions {
  readonly logger: Logger;
  readonly database: Database;
  readonly checkIntervalMilliseconds: number;
  readonly deployedRevision: string | undefined;
}

/** Not yet listening, but MongoDB is being checked. Closing it ends the checks and the database connections too. */
export async function createItemServer(options: ItemServerOptions): Promise<FastifyInstance> {
  const { logger, database, deployedRevision } = options;
  const metrics = createHttpMetrics();
  if (deployedRevision !== undefined) declareBuildInfo(metrics.registry, deployedRevision);
  const server = createServer({
    service: SERVICE,
    logger,
    metrics,
    // "Not ready" is what the probe asked to hear, not a failed request: counted as one, the probing would raise an alert.
    countsAs: (status, request) => (status === 503 && request.url.startsWith('/health/ready') ? '2xx' : undefined),
  });
  await server.register(healthRoutes, { database });
  await server.register(itemRoutes, { items: itemRepository(database, () => new Date()) });
  const dependencyCheck = startDependencyCheck({
    ping: () => database.ping(),
    metrics: declareDependency(metrics.registry, SERVICE, 'mongodb'),
    logger,
    intervalMilliseconds: options.checkIntervalMilliseconds,
  });
  server.addHook('onClose', async () => {
    await dependencyCheck.stop();
    await database.close();
  });
  return server;
}
