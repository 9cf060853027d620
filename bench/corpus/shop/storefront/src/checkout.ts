/** From a basket to an order of the web shop that is paid. */
import { z } from 'zod';
import type { Catalog } from './clients/catalog.ts';
import type { Payments } from './clients/payments.ts';
import type { ShopSettings } from './config.ts';
import type { Queue } from './jobs/queue.ts';
import { type OrderLine, type Totals, totals } from './pricing.ts';
import type { Stock } from './stock.ts';
import { HttpError } from './web/errors.ts';

const Basket = z.object({
  customer: z.object({ name: z.string().min(1), email: z.string().min(3) }),
  lines: z.array(z.object({ sku: z.string(), quantity: z.number().int().min(1).max(50) })).min(1),
  card: z.string().min(4),
  discount: z.string().optional(),
});
type Basket = z.infer<typeof Basket>;

export interface CheckoutParts {
  readonly catalog: Catalog;
  /** The next number of an order of the web shop. */
  readonly orderNumber: () => string;
  readonly payments: Payments | undefined;
  readonly stock: Stock;
  readonly mails: Queue;
  readonly shop: ShopSettings;
}
export interface Receipt extends Totals {
  readonly order_id: string;
  readonly charge_id: string | undefined;
}

export async function checkout(sent: unknown, parts: CheckoutParts): Promise<Receipt> {
  const basket = parsed(sent);
  const lines = await pricedLines(basket, parts.catalog);
  const sum = totals(lines, basket.discount, parts.shop.delivery);
  for (const { sku, quantity } of lines) {
    await parts.stock.withProduct(sku, async () => parts.stock.take(sku, quantity));
  }
  try {
    const order_id = parts.orderNumber();
    const charge_id = await pay(order_id, basket, sum, parts);
    const { name, email } = basket.customer;
    parts.mails.add({ id: order_id, customer: name, email, totalCents: sum.totalCents });
    return { ...sum, order_id, charge_id };
  } catch (error) {
    for (const { sku, quantity } of lines) parts.stock.putBack(sku, quantity);
    throw error;
  }
}

/** undefined: this shop has no provider, the invoice comes with the parcel. */
async function pay(orderId: string, basket: Basket, sum: Totals, parts: CheckoutParts): Promise<string | undefined> {
  const { currency } = parts.shop;
  return parts.payments?.charge({ orderId, amountCents: sum.totalCents, currency, card: basket.card });
}

async function pricedLines({ lines }: Basket, catalog: Catalog): Promise<OrderLine[]> {
  const products = new Map((await catalog.all()).map((product) => [product.sku, product]));
  return lines.map(({ sku, quantity }) => {
    const product = products.get(sku);
    if (!product) throw new HttpError(422, `no product ${sku}`);
    return { sku, quantity, unitCents: product.priceCents };
  });
}

function parsed(sent: unknown): Basket {
  const basket = Basket.safeParse(sent);
  if (basket.success) return basket.data;
  const [first] = basket.error.issues;
  throw new HttpError(422, `${first?.path.join('.') ?? 'body'}: ${first?.message ?? 'not a basket'}`);
}
