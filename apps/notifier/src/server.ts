/** The notifier's HTTP side: what is open, what needs the token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type FastifyInstance } from '@incident-agent/service-kit/fastify';
import type { Logger } from '@incident-agent/service-kit/logging';
import type { HttpMetrics } from '@incident-agent/service-kit/metrics';
import { DeliveryError } from './delivery-error.ts';
import type { Dispatch } from './dispatch.ts';
import type { Channel } from './ports.ts';
import { failureBody, refuse } from './routes/answers.ts';
import { channelRoutes } from './routes/channels.ts';
import { notifyRoutes } from './routes/notify.ts';
import { receiptRoutes } from './routes/receipts.ts';
import { statusRoutes } from './routes/status.ts';

/** A 15 MB PDF is 20 MB in base64; beyond the limit the report was never meant for a mail. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

export interface NotifierServerOptions {
  readonly channels: readonly Channel[];
  readonly dispatch: Dispatch;
  readonly logger: Logger;
  readonly metrics: HttpMetrics;
  /** Asked for as a bearer token by everything that sends or tells about messages; undefined: nobody is asked. */
  readonly token: string | undefined;
}

export function createNotifierServer(options: NotifierServerOptions): FastifyInstance {
  const { channels, dispatch, logger, metrics, token } = options;
  const server = createServer({
    service: 'notifier',
    logger,
    metrics,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    errorBody: failureBody,
  });
  void server.register(statusRoutes);
  void server.register(async (guarded) => {
    if (token !== undefined) demandToken(guarded, token);
    await guarded.register(notifyRoutes, { dispatch });
    await guarded.register(receiptRoutes, { dispatch });
    await guarded.register(channelRoutes, { channels, dispatch });
  });
  return server;
}

/** Before the body is read, so that a stranger cannot make us hold 32 MB. */
function demandToken(server: FastifyInstance, token: string): void {
  const expected = digest(`Bearer ${token}`);
  server.addHook('onRequest', async (request, reply) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return undefined;
    void reply.header('www-authenticate', 'Bearer');
    const cure = 'send the header Authorization: Bearer with the NOTIFIER_TOKEN of this notifier';
    return refuse(
      reply,
      new DeliveryError('unauthorized', `The token is missing or wrong: ${cure}`, { retryable: false }),
    );
  });
}

/** Equal length for any input: the comparison's time tells nothing about the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
