/** Orders of account customers are kept by the service of that name; at most a pool's worth of calls run at once. */
import { z } from 'zod';
import type { Pool } from '../pool.ts';
import { HttpError, UpstreamError } from '../web/errors.ts';
import type { Upstream } from './upstream.ts';

const Order = z.object({ id: z.number(), status: z.string(), total: z.number(), placed_at: z.string() });
const History = z.object({ orders: z.array(Order.loose()) });
const Quote = z.object({ price: z.object({ total: z.number() }).loose() });
export type Order = z.infer<typeof Order>;

export interface QuotedItem {
  readonly sku: string;
  readonly quantity: number;
}
export interface Orders {
  /** Throws a 404 for an order that does not exist. */
  find(id: string): Promise<Order>;
  /** Newest first. Throws a 404 for a customer that does not exist. */
  historyOf(customer: string): Promise<Order[]>;
  /** What the items would cost this customer, in cents. */
  quote(customer: number, items: readonly QuotedItem[]): Promise<number>;
}

const NOT_FOUND = 404;

export function orders(service: Upstream, pool: Pool): Orders {
  return {
    async find(id) {
      const lease = await pool.acquire();
      try {
        return Order.parse(await service.json(`/orders/${encodeURIComponent(id)}`));
      } catch (error) {
        throw missing(error) ? new HttpError(NOT_FOUND, `no order ${id}`) : error;
      } finally {
        lease.release();
      }
    },
    async historyOf(customer) {
      const lease = await pool.acquire();
      try {
        return History.parse(await service.json(`/customers/${encodeURIComponent(customer)}/orders`)).orders;
      } catch (error) {
        throw missing(error) ? new HttpError(NOT_FOUND, `no customer ${customer}`) : error;
      } finally {
        lease.release();
      }
    },
    async quote(customer, items) {
      const lease = await pool.acquire();
      try {
        const body = { customer, items };
        return Quote.parse(await service.json('/quotes', { method: 'POST', body })).price.total;
      } finally {
        lease.release();
      }
    },
  };
}

function missing(error: unknown): boolean {
  return error instanceof UpstreamError && error.upstreamStatus === NOT_FOUND;
}
