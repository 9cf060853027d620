/** A Fastify server that counts, logs and refuses the same way in every service. */
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { type CountsAs, handlerOf, pathOf, recordAnswers, requestFields } from './answers.ts';
import { isAppError } from './app-error.ts';
import type { Logger } from './logging.ts';
import type { HttpMetrics } from './metrics.ts';

export type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
export { AppError, isAppError } from './app-error.ts';

export interface ServerOptions {
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: HttpMetrics;
  /** Default 1 MB; a longer body is answered 413. */
  readonly bodyLimitBytes?: number;
  /** Errors of the service's own that are the caller's mistake; undefined: none of them. */
  readonly refusalOf?: (error: unknown) => Refusal | undefined;
  /** What a refusal looks like; default `{detail: message}`. */
  readonly errorBody?: (error: Refusal) => unknown;
  /** The class ("2xx" … "5xx") to count an answer as; undefined: its own. Keeps a deliberate 503 out of the alerts. */
  readonly countsAs?: CountsAs;
}

export interface Refusal {
  readonly statusCode: number;
  /** For the caller: never internals. */
  readonly message: string;
}

/**
 * A server with GET /metrics, request log and counters, and a JSON refusal for everything that goes wrong.
 * Routes are registered by the caller; `/items` and `/items/` are the same route.
 * An exception without a status becomes a 500 with a fixed sentence; its stack is logged, not sent.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { metrics } = options;
  const loggerInstance: FastifyBaseLogger = options.logger;
  const errorBody = options.errorBody ?? (({ message }: Refusal) => ({ detail: message }));

  const server = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }), // our own line has status and duration
    bodyLimit: options.bodyLimitBytes ?? 1024 * 1024,
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    trustProxy: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    frameworkErrors(error, request, reply) {
      // A path that cannot be decoded reaches no route and no hook.
      reply.raw.once('finish', () => record(request, reply));
      void refuse(error, request, reply);
    },
  });
  const record = recordAnswers(server, metrics, options.countsAs);

  function refuse(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const refusal = options.refusalOf?.(error) ?? refusalFor(error);
    if (refusal.statusCode >= 500) {
      request.log.error(
        { ...requestFields(request), error },
        `${request.method} ${handlerOf(request)} failed: ${error.message}`,
      );
    }
    return reply.code(refusal.statusCode).send(errorBody(refusal));
  }

  server.setErrorHandler<Error>(refuse);
  server.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${pathOf(request)} here`;
    return reply.code(404).send(errorBody({ statusCode: 404, message }));
  });
  server.get('/metrics', async (_request, reply) => {
    void reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  return server;
}

/** Below 500 the message is about what the caller sent; from 500 on only an AppError's was written for the caller. */
function refusalFor(error: unknown): Refusal {
  if (isAppError(error)) return { statusCode: error.statusCode, message: error.message };
  const statusCode = statusOf(error);
  if (statusCode < 500 && error instanceof Error) return { statusCode, message: error.message };
  return { statusCode: 500, message: 'Internal server error' };
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('statusCode' in error)) return 500;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
