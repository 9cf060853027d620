/** What is counted and logged about each answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpMetrics } from './metrics.ts';

export type CountsAs = (statusCode: number, request: FastifyRequest) => string | undefined;

/** The label of all paths that no route knows: the paths themselves would make a series each. */
const UNMATCHED = 'unmatched';
/** Asked every few seconds by Prometheus and by health checks: at INFO they would bury everything else. */
const PROBES = new Set(['/metrics', '/health', '/health/ready']);
const MAX_PATH_CHARACTERS = 500;

/** Installed before the first route, since every route declares its series as it is registered. */
export function recordAnswers(
  server: FastifyInstance,
  metrics: HttpMetrics,
  countsAs: CountsAs | undefined,
): RecordAnswer {
  function record(request: FastifyRequest, reply: FastifyReply): void {
    const status = reply.statusCode;
    const seconds = reply.elapsedTime / 1_000;
    metrics.observe(handlerOf(request), methodLabel(request.method), countsAs?.(status, request) ?? status, seconds);
    log(request, status, reply.elapsedTime);
  }

  for (const method of ['GET', 'POST']) metrics.declare(UNMATCHED, method);
  server.addHook('onRoute', ({ url, method }) => {
    for (const each of [method].flat()) metrics.declare(url, methodLabel(each));
  });
  server.addHook('onResponse', async (request, reply) => record(request, reply));
  server.addHook('onRequestAbort', async (request) => {
    request.log.info(requestFields(request), `${request.method} ${pathOf(request)} -> the client went away`);
  });
  return record;
}

/** For answers that pass no hook. */
export type RecordAnswer = (request: FastifyRequest, reply: FastifyReply) => void;

/** The route pattern, as used in labels. */
export function handlerOf(request: FastifyRequest): string {
  return request.is404 ? UNMATCHED : (request.routeOptions.url ?? UNMATCHED);
}

/** HEAD runs the handler of GET: series of its own would only double the list. */
function methodLabel(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

/** Without the query string, which may hold tokens. */
export function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, MAX_PATH_CHARACTERS);
}

function log(request: FastifyRequest, status: number, milliseconds: number): void {
  const duration = Math.round(milliseconds);
  const fields = { ...requestFields(request), status, duration_ms: duration };
  request.log[levelOf(request, status)](fields, `${request.method} ${pathOf(request)} -> ${status} (${duration} ms)`);
}

function levelOf(request: FastifyRequest, status: number): 'error' | 'warn' | 'info' | 'debug' {
  if (status >= 500) return 'error';
  if (status >= 400) return 'warn';
  return PROBES.has(handlerOf(request)) ? 'debug' : 'info';
}

/** What ties a line to its request. */
export function requestFields(request: FastifyRequest): Record<string, string> {
  return { method: request.method, path: pathOf(request), client: request.ip };
}
