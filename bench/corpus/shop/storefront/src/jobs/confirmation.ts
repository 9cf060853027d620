/** The mail that confirms an order. */
import type { Job } from './queue.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** Throws for an address that no mail can be sent to. */
export function confirmationOf({ order }: Job, currency: string): Mail {
  if (!ADDRESS.test(order.email)) throw new Error(`order ${order.id}: ${order.email} is no mail address`);
  return {
    to: order.email,
    subject: `Your order ${order.id}`,
    text: `Dear ${order.customer},\n\nthank you for your order of ${amount(order.totalCents)} ${currency}.\n`,
  };
}

function amount(cents: number): string {
  return (cents / 100).toFixed(2);
}
