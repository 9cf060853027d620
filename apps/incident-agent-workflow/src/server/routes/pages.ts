/** The plain page: server-rendered, no script. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { AskedIncident } from '../../domain/incident.ts';
import type { Stores } from '../../ports.ts';
import { incidentPage } from '../page/incident-page.ts';
import { listPage, notFoundPage, signInPage } from '../page/list-page.ts';

export interface PageRoutesOptions {
  readonly stores: Stores;
}

const PAGE_SIZE = 50;
/** No script at all; forms only to ourselves. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export async function pageRoutes(server: FastifyInstance, { stores }: PageRoutesOptions): Promise<void> {
  const stylesheet = await readFile(join(import.meta.dirname, '..', 'page', 'page.css'), 'utf8');
  server.get('/page.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=300').send(stylesheet),
  );
  server.get('/sign-in', async (request, reply) =>
    send(
      reply,
      200,
      signInPage(z.looseObject({ refused: z.string().optional() }).parse(request.query).refused !== undefined),
    ),
  );
  server.get('/', async (request, reply) => {
    const query = z.looseObject({ cursor: z.string().max(100).optional() }).safeParse(request.query);
    const { items, next } = await stores.incidents.list({ limit: PAGE_SIZE, cursor: query.data?.cursor });
    const reports = await Promise.all(items.map(({ id }) => stores.reports.newest(id)));
    return send(
      reply,
      200,
      listPage(
        items.map((incident, index) => ({ incident, report: reports[index] })),
        next,
      ),
    );
  });
  server.get('/incidents/:id', async (request, reply) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const { run } = z.looseObject({ run: z.string().optional() }).parse(request.query);
    const incident = AskedIncident.safeParse(id).success ? await stores.incidents.get(id) : undefined;
    if (!incident) return send(reply, 404, notFoundPage('There is no such incident'));
    const [newest] = await stores.runs.ofIncident(id);
    const report = await stores.reports.newest(id, run);
    if (run !== undefined && !report) return send(reply, 404, notFoundPage(`${id} has no report of that run`));
    const [stages, deliveries] = await Promise.all([
      newest ? stores.runs.stages(newest.id) : [],
      stores.deliveries.ofIncident(id),
    ]);
    return send(reply, 200, incidentPage({ incident, report, stages, deliveries }));
  });
}

function send(reply: FastifyReply, statusCode: number, page: string): FastifyReply {
  return reply
    .code(statusCode)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send(page);
}
