/** The JSON API of incidents and their reports. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { withDeliveries } from '../../deliver/with-deliveries.ts';
import { AskedIncident, AskedRun, IncidentStatus, Severity } from '../../domain/incident.ts';
import type { Report } from '../../domain/report.ts';
import type { Renderer, ReportFiles, Stores } from '../../ports.ts';

export interface IncidentRoutesOptions {
  readonly stores: Stores;
  readonly renderers: readonly Renderer[];
  readonly files: ReportFiles;
}

const IncidentId = z.object({ id: AskedIncident });
const RunQuery = z.object({
  run: AskedRun.optional(),
});
const ListQuery = z.object({
  status: IncidentStatus.optional(),
  severity: Severity.optional(),
  service: z.string().max(200).optional(),
  q: z.string().max(200).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export async function incidentRoutes(server: FastifyInstance, options: IncidentRoutesOptions): Promise<void> {
  const { stores } = options;
  server.get('/api/incidents', async (request, reply) => {
    const query = ListQuery.safeParse(request.query);
    if (!query.success) return reply.code(400).send({ error: z.prettifyError(query.error) });
    const { items, next } = await stores.incidents.list(query.data);
    return { items, next: next ?? null };
  });
  server.get('/api/incidents/:id', async (request, reply) => {
    const asked = IncidentId.extend(RunQuery.shape).safeParse({ ...merge(request.params, request.query) });
    if (!asked.success) return reply.code(400).send({ error: z.prettifyError(asked.error) });
    const incident = await stores.incidents.get(asked.data.id);
    if (!incident) return reply.code(404).send({ error: `There is no incident ${asked.data.id}` });
    const runs = await stores.runs.ofIncident(incident.id);
    const newest = runs[0];
    const [report, feedback, stages] = await Promise.all([
      stores.reports.newest(incident.id, asked.data.run),
      stores.memory.feedbackOn(incident.id),
      newest ? stores.runs.stages(newest.id) : [],
    ]);
    const progress = stages.map(({ stage, startedAt, finishedAt, note }) => ({
      stage,
      startedAt,
      finishedAt,
      note: note ?? null,
    }));
    // Read last: a report that is there has set the status before.
    const current = (await stores.incidents.get(incident.id)) ?? incident;
    // After the status: whoever reads that it is resolved finds the message about it, planned with it.
    const deliveries = await stores.deliveries.ofIncident(incident.id);
    return {
      incident: current,
      alerts: current.alerts,
      runs,
      stages: progress,
      report: report ?? null,
      deliveries,
      feedback,
    };
  });
  for (const renderer of options.renderers) {
    server.get(`/api/incidents/:id/report.${renderer.format}`, (request, reply) =>
      sendReport(renderer, merge(request.params, request.query), reply, options),
    );
  }
}

async function sendReport(
  renderer: Renderer,
  asked: unknown,
  reply: FastifyReply,
  options: IncidentRoutesOptions,
): Promise<FastifyReply> {
  const parsed = IncidentId.extend(RunQuery.shape).safeParse(asked);
  if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) });
  const { id, run } = parsed.data;
  const report = await options.stores.reports.newest(id, run);
  if (!report) {
    const incident = await options.stores.incidents.get(id);
    const reason = incident ? `${id} has no report yet: its investigation is under way` : `There is no incident ${id}`;
    return reply.code(404).send({ error: run === undefined ? reason : `${id} has no report of run ${run}` });
  }
  const name = `${report.incident.id}-${report.run.pipelineId}-v${report.version}.${renderer.format}`;
  const disposition = renderer.format === 'pdf' ? 'inline' : 'attachment';
  return reply
    .type(renderer.contentType)
    .header('content-disposition', `${disposition}; filename="${name}"`)
    .header('x-content-type-options', 'nosniff')
    .send(Buffer.from(await contentOf(report, renderer, options)));
}

/** The PDF is the one that was sent, where it is still there: it costs nothing, and it is what people talk about. */
async function contentOf(report: Report, renderer: Renderer, options: IncidentRoutesOptions): Promise<Uint8Array> {
  const kept = renderer.format === 'pdf' ? await options.files.read(report, renderer.format) : undefined;
  return kept ?? renderer.render(await withDeliveries(report, options.stores.deliveries));
}

function merge(parameters: unknown, query: unknown): Record<string, unknown> {
  return { ...z.record(z.string(), z.unknown()).parse(query), ...z.record(z.string(), z.unknown()).parse(parameters) };
}
