import { ChannelName } from '@incident-agent/contracts/notify';
import type { FastifyInstance } from '@incident-agent/service-kit/fastify';
import { z } from 'zod';
import { DeliveryError } from '../delivery-error.ts';
import type { Dispatch } from '../dispatch.ts';
import type { Channel } from '../ports.ts';
import { refuse } from './answers.ts';
import { sentBody } from './receipts.ts';

const Parameters = z.object({ name: ChannelName });

export interface ChannelRouteOptions {
  readonly channels: readonly Channel[];
  readonly dispatch: Dispatch;
}

/** Which channels there are, and a test message through one. */
export async function channelRoutes(server: FastifyInstance, options: ChannelRouteOptions): Promise<void> {
  server.get('/channels', async () => ({
    channels: options.channels.map(({ name, destination }) => ({ name, destination })),
  }));

  server.post('/channels/:name/test', async (request, reply) => {
    const parameters = Parameters.safeParse(request.params);
    if (!parameters.success) {
      const known = ChannelName.options.join(', ');
      return refuse(reply, new DeliveryError('invalid-input', `name: must be one of ${known}`, { retryable: false }));
    }
    try {
      const receipt = await options.dispatch.send({
        service: 'notifier',
        alertname: 'TestMessage',
        summary: 'Test message: this channel works',
        analysis: 'Somebody asked the notifier for a test message. No incident is open because of it.',
        channel: parameters.data.name,
        kind: 'opened',
      });
      return sentBody(receipt);
    } catch (error) {
      return refuse(reply, error);
    }
  });
}
