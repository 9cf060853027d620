/** An incident as one file, from which its investigation can be done again anywhere. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AskedIncident, AskedRun } from '../../domain/incident.ts';
import type { Stores, WriteBundle } from '../../ports.ts';
import { bundleOfRun, labelOf } from '../../report/run-bundle.ts';

export interface BundleRoutesOptions {
  readonly stores: Stores;
  readonly writeBundle: WriteBundle;
}

const Asked = z.object({
  id: AskedIncident,
  run: AskedRun.optional(),
});

export async function bundleRoutes(server: FastifyInstance, options: BundleRoutesOptions): Promise<void> {
  server.get('/api/incidents/:id/bundle.tar.gz', async (request, reply) => {
    const { query, params } = z.object({ query: z.looseObject({}), params: z.looseObject({}) }).parse(request);
    const asked = Asked.safeParse({ ...query, ...params });
    if (!asked.success) return reply.code(400).send({ error: z.prettifyError(asked.error) });
    const found = await bundleFor(asked.data, options.stores);
    if (typeof found === 'string') return reply.code(404).send({ error: found });
    const { incident, run } = found.manifest;
    return reply
      .type('application/gzip')
      .header('content-disposition', `attachment; filename="${incident.id}-${run.pipelineId}.tar.gz"`)
      .header('x-content-type-options', 'nosniff')
      .send(Buffer.from(await options.writeBundle(found)));
  });
}

/** A sentence: why there is none. */
async function bundleFor({ id, run: pipelineId }: z.infer<typeof Asked>, { incidents, runs, reports, memory }: Stores) {
  if (!(await incidents.get(id))) return `There is no incident ${id}`;
  const newest = await reports.newest(id, pipelineId);
  if (!newest) {
    return pipelineId === undefined
      ? `${id} has no bundle yet: its investigation is under way`
      : `${id} has no report of run ${pipelineId}`;
  }
  const [run, record, exchanges] = await Promise.all([
    runs.get(newest.run.id),
    runs.record(newest.run.id),
    runs.exchanges(newest.run.id),
  ]);
  // Version 2 is what the model made of version 1.
  const version = exchanges.length > 0 && newest.version > 1 ? 2 : 1;
  const report = await reports.get(newest.run.id, version);
  if (run && record && report) {
    const label = labelOf(
      report,
      (await memory.feedbackOn(id)).filter((one) => one.pipelineId === run.pipelineId),
    );
    return { ...bundleOfRun(run, record, report, version > 1 ? exchanges : []), ...(label ? { label } : {}) };
  }
  return run?.status === 'running'
    ? `${id} has no bundle yet: run ${run.pipelineId} is under way`
    : `What run ${newest.run.pipelineId} of ${id} saw was not kept (its process was killed meanwhile, or another version ran it): investigate again`;
}
