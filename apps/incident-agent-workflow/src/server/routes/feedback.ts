/** What people say of a report: feeds the memory of the same failure, and calibration through the bundle's label. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AskedIncident, AskedRun } from '../../domain/incident.ts';
import { Feedback } from '../../domain/memory.ts';
import type { Clock, Stores } from '../../ports.ts';

export interface FeedbackRoutesOptions {
  readonly stores: Stores;
  readonly clock: Clock;
}

const MAX_NOTE = 2_000;
const Given = z.strictObject({
  verdict: Feedback.shape.verdict,
  cause: Feedback.shape.cause,
  note: z.string().max(MAX_NOTE).optional(),
  run: AskedRun.optional(),
});

export async function feedbackRoutes(server: FastifyInstance, { stores, clock }: FeedbackRoutesOptions): Promise<void> {
  server.post('/api/incidents/:id/feedback', async (request, reply) => {
    const { id } = z.object({ id: AskedIncident }).parse(request.params);
    const given = Given.safeParse(request.body);
    if (!given.success) return reply.code(400).send({ error: z.prettifyError(given.error) });
    if (!(await stores.incidents.get(id))) return reply.code(404).send({ error: `There is no incident ${id}` });
    const { run, ...said } = given.data;
    const report = await stores.reports.newest(id, run);
    if (!report) {
      const reason = run === undefined ? `${id} has no report yet` : `${id} has no report of run ${run}`;
      return reply.code(409).send({ error: `${reason}: there is nothing to judge` });
    }
    const feedback = Feedback.parse({ ...said, pipelineId: report.run.pipelineId, at: clock.now() });
    await stores.memory.addFeedback(id, feedback);
    return reply.code(201).send({ feedback });
  });
}
