import { NotifyRequest, type NotifySent } from '@incident-agent/contracts/notify';
import type { FastifyInstance } from '@incident-agent/service-kit/fastify';
import { DeliveryError } from '../delivery-error.ts';
import type { Dispatch } from '../dispatch.ts';
import { describeIssues, refuse } from './answers.ts';
import { sentBody } from './receipts.ts';

/** Sends one message. */
export async function notifyRoutes(server: FastifyInstance, { dispatch }: { dispatch: Dispatch }): Promise<void> {
  server.post('/notify', async (request, reply): Promise<NotifySent | typeof reply> => {
    const parsed = NotifyRequest.safeParse(request.body);
    if (!parsed.success)
      return refuse(reply, new DeliveryError('invalid-input', describeIssues(parsed.error), { retryable: false }));
    try {
      return sentBody(await dispatch.send(parsed.data));
    } catch (error) {
      return refuse(reply, error);
    }
  });
}
