/** The payments provider. */
import { z } from 'zod';
import { HttpError, UpstreamError } from '../web/errors.ts';
import type { Upstream } from './upstream.ts';

const Charge = z.object({ id: z.string(), status: z.string() });

export interface PaymentRequest {
  readonly orderId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly card: string;
}
export interface Payments {
  /** The charge's id. Throws a 402 for a card that is declined. */
  charge(payment: PaymentRequest): Promise<string>;
}

const PAYMENT_REQUIRED = 402;

export function payments(provider: Upstream, token: string): Payments {
  return {
    async charge({ orderId, amountCents, currency, card }) {
      const body = { amount: amountCents, currency, source: card, reference: orderId };
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': orderId };
      try {
        return Charge.parse(await provider.json('/charges', { method: 'POST', body, headers })).id;
      } catch (error) {
        if (error instanceof UpstreamError && error.upstreamStatus === PAYMENT_REQUIRED) {
          throw new HttpError(PAYMENT_REQUIRED, 'the card was declined', { cause: error });
        }
        throw error;
      }
    },
  };
}
