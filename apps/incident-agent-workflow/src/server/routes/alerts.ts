/** POST /alerts and /alerts/{format}: 202 only after what was taken is durable. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AgentError, isAgentError } from '../../domain/error.ts';
import type { Intake } from '../../intake/intake.ts';
import type { AlertFormat, Clock, Meter } from '../../ports.ts';

export interface AlertRoutesOptions {
  readonly formats: readonly AlertFormat[];
  readonly intake: Intake;
  readonly clock: Clock;
  readonly meter: Meter;
  incidentUrl(id: string): string;
}

/** Senders retry within the minute on 503; longer waits have no effect on Alertmanager. */
const RETRY_AFTER_SECONDS = 5;
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;
/** What `curl -d` says of its body unless it is told otherwise. */
const NOT_JSON = {
  error: 'The alerts came as a form: send them as JSON, with the header Content-Type: application/json',
};
const DEFAULT_FORMAT = 'alertmanager';

export async function alertRoutes(server: FastifyInstance, options: AlertRoutesOptions): Promise<void> {
  const formats = new Map(options.formats.map((format) => [format.name, format]));
  server.get('/alerts/formats', async () => ({ formats: [...formats.keys()] }));
  server.post('/alerts', { bodyLimit: BODY_LIMIT_BYTES }, (request, reply) => take(DEFAULT_FORMAT, request, reply));
  server.post<{ Params: { format: string } }>('/alerts/:format', { bodyLimit: BODY_LIMIT_BYTES }, (request, reply) =>
    take(request.params.format, request, reply),
  );

  async function take(name: string, { body, headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const format = formats.get(name);
    if (!format)
      return reply
        .code(404)
        .send({ error: `There is no alert format of that name; known: ${[...formats.keys()].join(', ')}` });
    if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return reply.code(400).send(NOT_JSON);
    try {
      const { good, rejected } = format.parse(body, options.clock.now());
      const incidents = await options.intake.take(good);
      if (rejected.length > 0)
        options.meter.count('alerts_total', { status: 'unreadable', result: 'rejected' }, rejected.length);
      return reply.code(202).send({
        status: 'accepted',
        alerts_received: good.length + rejected.length,
        incidents: incidents.map(({ id, status, isNew }) => ({ id, url: options.incidentUrl(id), status, new: isNew })),
        ...(rejected.length > 0 ? { rejected } : {}),
      });
    } catch (error) {
      return refusal(error, reply, options.meter);
    }
  }
}

/** What is the sender's mistake is a 400; what is ours is a 503, which senders retry soon and a 500 or 429 would not get. */
function refusal(error: unknown, reply: FastifyReply, meter: Meter): FastifyReply {
  if (!isAgentError(error)) throw error;
  if (error.code === 'invalid-input') {
    meter.count('alerts_total', { status: 'unreadable', result: 'rejected' });
    return reply.code(400).send({ error: error.message });
  }
  meter.count('shed_total', {});
  return reply
    .code(503)
    .header('retry-after', String(RETRY_AFTER_SECONDS))
    .send({ error: shedMessage(error) });
}

function shedMessage(error: AgentError): string {
  return error.code === 'rate-limited' ? error.message : 'The store does not answer, nothing was taken: send again';
}
