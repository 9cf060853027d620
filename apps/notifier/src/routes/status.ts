import type { FastifyInstance } from '@incident-agent/service-kit/fastify';

/** Who is there; open to all. */
export async function statusRoutes(server: FastifyInstance): Promise<void> {
  for (const path of ['/', '/health']) server.get(path, async () => ({ status: 'ok', service: 'notifier' }));
}
