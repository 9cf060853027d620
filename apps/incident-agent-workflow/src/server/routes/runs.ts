/** Investigate again, by hand. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isAgentError } from '../../domain/error.ts';
import { AskedIncident, Route } from '../../domain/incident.ts';
import { askAgain } from '../../intake/ask-again.ts';
import type { Chance, Clock, Log, UnitOfWork } from '../../ports.ts';

export interface RunRoutesOptions {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly incidentUrl: (id: string) => string;
}

const Wish = z.strictObject({ route: Route.optional() });
const RETRY_AFTER_SECONDS = 5;

export async function runRoutes(server: FastifyInstance, options: RunRoutesOptions): Promise<void> {
  server.post('/api/incidents/:id/runs', async (request, reply) => {
    const { id } = z.object({ id: AskedIncident }).parse(request.params);
    const wish = Wish.safeParse(request.body ?? {});
    if (!wish.success)
      return reply
        .code(400)
        .send({ error: `${z.prettifyError(wish.error)}; send {}, {"route":"quick"} or {"route":"full"}` });
    try {
      const asked = await askAgain(id, wish.data.route, options);
      if (asked.state === 'unknown-incident') return reply.code(404).send({ error: `There is no incident ${id}` });
      if (asked.state === 'under-way')
        return reply.code(409).send({
          error: `${id} is under investigation already, run ${asked.pipelineId}: wait for its report, then ask again`,
        });
      const { run } = asked;
      const route = wish.data.route ?? null;
      options.log.info(`Audit: investigation of ${id} asked for`, {
        action: 'run',
        incident: id,
        run: run.pipelineId,
        route,
        from: request.ip,
      });
      return reply.code(202).send({ run: { ...run, route }, url: `${options.incidentUrl(id)}?run=${run.pipelineId}` });
    } catch (error) {
      if (!isAgentError(error) || !error.retryable) throw error;
      return reply.code(503).header('retry-after', RETRY_AFTER_SECONDS).send({ error: error.message });
    }
  });
}
