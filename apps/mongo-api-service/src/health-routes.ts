import type { FastifyInstance, FastifyReply, FastifyRequest } from '@incident-agent/service-kit/fastify';
import type { Database } from './database.ts';
import { SERVICE } from './service-name.ts';

export async function healthRoutes(routes: FastifyInstance, { database }: { database: Database }): Promise<void> {
  async function readiness(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const collections = await collectionsOf(database, request);
    void reply.code(collections ? 200 : 503);
    return {
      status: collections ? 'ok' : 'degraded',
      uptime_seconds: Math.floor(process.uptime()),
      mongo: { connected: collections !== null, database: database.name, collections },
    };
  }

  routes.get('/health', async () => ({ status: 'ok', service: SERVICE }));
  routes.route({ method: 'GET', url: '/health/ready', handler: readiness });
}

/** null: not known, since MongoDB does not answer; the reason is logged. */
async function collectionsOf(database: Database, request: FastifyRequest): Promise<string[] | null> {
  try {
    await database.ping();
    const collections = await database.query((db) => db.listCollections({}, { nameOnly: true }).toArray());
    return collections.map(({ name }) => name).sort();
  } catch (error) {
    request.log.error({ error }, 'Not ready: MongoDB does not answer');
    return null;
  }
}
