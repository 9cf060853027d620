import type { NotifySent, Receipt } from '@incident-agent/contracts/notify';
import type { FastifyInstance } from '@incident-agent/service-kit/fastify';
import { z } from 'zod';
import type { Dispatch } from '../dispatch.ts';

const Parameters = z.object({ key: z.string() });

export function sentBody(receipt: Receipt): NotifySent {
  return { status: 'sent', channel: receipt.channel, pdf_attached: receipt.pdf_attached ?? false, receipt };
}

/** What became of a key: 200 with the receipt, 404 nothing was sent, 409 it may have arrived. */
export async function receiptRoutes(server: FastifyInstance, { dispatch }: { dispatch: Dispatch }): Promise<void> {
  server.get('/receipts/:key', async (request, reply) => {
    const { key } = Parameters.parse(request.params);
    const entry = await dispatch.find(key);
    if (entry?.receipt) return sentBody(entry.receipt);
    if (!entry || entry.state === 'failed') {
      const error = entry?.error ?? 'this key was never used here';
      return reply.code(404).send({ status: 'none', error: `nothing was sent: ${error}`, retryable: true });
    }
    const error = entry.error ?? `the notifier stopped while it was sending at ${entry.at}, so it may have arrived`;
    return reply.code(409).send({ status: 'unknown', error, retryable: false, code: 'unknown' });
  });
}
