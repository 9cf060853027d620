/** What a basket costs. Amounts are cents. */

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitCents: number;
}
export interface Discount {
  readonly code: string;
  readonly percent: number;
  /** The basket must be worth at least this. */
  readonly fromCents: number;
}

const DISCOUNTS: readonly Discount[] = [
  { code: 'WELCOME5', percent: 5, fromCents: 0 },
  { code: 'AUTUMN10', percent: 10, fromCents: 10_000 },
  { code: 'FRIENDS', percent: 15, fromCents: 20_000 },
];

export interface Totals {
  readonly goodsCents: number;
  readonly discountCents: number;
  readonly deliveryCents: number;
  readonly totalCents: number;
}

export interface DeliveryPrice {
  readonly free_from_cents: number;
  readonly price_cents: number;
}

/** A code that nobody knows, or that the basket is too small for, gives nothing. */
export function totals(lines: readonly OrderLine[], code: string | undefined, delivery: DeliveryPrice): Totals {
  const goodsCents = lines.reduce((sum, { quantity, unitCents }) => sum + quantity * unitCents, 0);
  const discountCents = discountOf(goodsCents, code);
  const deliveryCents = goodsCents >= delivery.free_from_cents ? 0 : delivery.price_cents;
  return { goodsCents, discountCents, deliveryCents, totalCents: goodsCents - discountCents + deliveryCents };
}

function discountOf(goodsCents: number, code: string | undefined): number {
  const discount = discountFor(code);
  if (discount === undefined || goodsCents < discount.fromCents) return 0;
  return Math.round((goodsCents * discount.percent) / 100);
}

function discountFor(code: string | undefined): Discount | undefined {
  return DISCOUNTS.find((each) => each.code === code?.trim().toUpperCase());
}
