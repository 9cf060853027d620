/** The outbox and the registry, as this instance sees them. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DeliveryState } from '../../domain/delivery.ts';
import type { Registry } from '../../domain/service.ts';
import type { Clock, Stores } from '../../ports.ts';

export interface DeliveryRoutesOptions {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly registry: Registry;
}

export async function deliveryRoutes(
  server: FastifyInstance,
  { stores, clock, registry }: DeliveryRoutesOptions,
): Promise<void> {
  server.get('/api/deliveries', async (request, reply) => {
    const query = z.object({ state: DeliveryState.optional() }).safeParse(request.query);
    if (!query.success) return reply.code(400).send({ error: z.prettifyError(query.error) });
    return { items: await stores.deliveries.list(query.data.state) };
  });
  server.post('/api/deliveries/:id/retry', async (request, reply) => {
    const { id } = z.object({ id: z.string().max(100) }).parse(request.params);
    const delivery = await stores.deliveries.get(id);
    if (!delivery) return reply.code(404).send({ error: 'There is no such delivery' });
    if (delivery.state === 'sent')
      return reply.code(409).send({ error: 'It was sent already: a second try would send it twice' });
    if (delivery.state === 'sending') return reply.code(409).send({ error: 'It is being sent right now' });
    await stores.deliveries.settle(id, { state: 'planned', at: clock.now(), nextAttemptAt: clock.now() });
    return reply.code(202).send({ status: 'planned' });
  });
  server.get('/api/services', async () => ({ items: registry.services }));
}
