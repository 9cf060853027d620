/** What people ask of orders, in the shares of an ordinary day unless a template says otherwise. */
import type { TrafficRequest } from '../../../demo/traffic.ts';
import type { Running, TrafficPlan, Variant } from '../template.ts';

type Kind =
  | 'order'
  | 'unknownOrder'
  | 'invoice'
  | 'orders'
  | 'summary'
  | 'largest'
  | 'products'
  | 'quote'
  | 'place'
  | 'placeWithCoupon'
  | 'placeWithUnknownCoupon'
  | 'placeInFrancs'
  | 'placeLarge'
  | 'longNote'
  | 'statement'
  | 'lastPage'
  | 'emptyPage'
  | 'refund'
  | 'chargeback'
  | 'bestSellers'
  | 'revenue'
  | 'revenueStatement';
/** Of all requests, by weight; those not named keep theirs. */
export type Weights = Partial<Readonly<Record<Kind, number>>>;

const ORDINARY: Readonly<Record<Kind, number>> = {
  order: 8,
  unknownOrder: 1,
  invoice: 5,
  orders: 3,
  summary: 3,
  largest: 2,
  products: 3,
  quote: 3,
  place: 6,
  placeWithCoupon: 1,
  placeWithUnknownCoupon: 0,
  placeInFrancs: 0,
  placeLarge: 0,
  longNote: 0,
  statement: 3,
  lastPage: 0,
  emptyPage: 0,
  refund: 1,
  chargeback: 0,
  bestSellers: 0.5,
  revenue: 0.5,
  revenueStatement: 0,
};

const PER_SECOND = { low: 7, middle: 11, high: 16 } as const;
/** Then they come again from the first. Long enough that customers and orders hardly repeat. */
const REQUESTS = 400;
const CUSTOMERS = 400;
const ORDERS = 32_000;
const PRODUCTS = 80;
const OPENING_ENTRIES_PER_PAGE = 20;

export interface TrafficOptions {
  readonly weights?: Weights;
  /** Beside the pace that the variant asks for. */
  readonly times?: number;
  /** Of the word in a note that cannot be printed. */
  readonly noteLength?: number;
  readonly revenueEntries?: number;
  /** So many different ones are asked for. */
  readonly orders?: number;
}

export function ordersTraffic(
  addresses: Running['addresses'],
  variant: Variant,
  options: TrafficOptions = {},
): TrafficPlan {
  const base = addresses.orders;
  if (base === undefined) throw new Error('orders is not part of this case');
  const weights = Object.entries({ ...ORDINARY, ...options.weights });
  const requests = Array.from({ length: REQUESTS }, () => requestOf(drawn(weights, variant), base, variant, options));
  return { requests, requestsPerSecond: PER_SECOND[variant.traffic] * (options.times ?? 1) };
}

function drawn(weights: readonly (readonly [string, number])[], variant: Variant): string {
  let left = variant.random() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of weights) {
    left -= weight;
    if (left < 0) return kind;
  }
  return 'order';
}

function requestOf(kind: string, base: string, variant: Variant, options: TrafficOptions): TrafficRequest {
  const upTo = (most: number) => 1 + Math.floor(variant.random() * most);
  const order = upTo(options.orders ?? ORDERS);
  const customer = upTo(CUSTOMERS);
  const get = (path: string): TrafficRequest => ({ method: 'GET', url: `${base}${path}` });
  const post = (path: string, body: unknown): TrafficRequest => ({
    method: 'POST',
    url: `${base}${path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const items = (count: number) =>
    Array.from({ length: count }, () => ({ sku: sku(upTo(PRODUCTS)), quantity: upTo(4) }));
  const placed = (more: object, count = upTo(3)) =>
    post('/orders', { customer, items: items(count), source: 'card', ...more });
  const makers: Readonly<Record<Kind, () => TrafficRequest>> = {
    order: () => get(`/orders/${order}`),
    unknownOrder: () => get(`/orders/${order + 5_000_000}`),
    invoice: () => get(`/orders/${order}/invoice`),
    orders: () => get(`/customers/${customer}/orders`),
    summary: () => get(`/customers/${customer}/summary`),
    largest: () => get(`/customers/${customer}/largest`),
    products: () => get(`/products?q=${upTo(9)}`),
    quote: () => post('/quotes', { customer, items: items(2) }),
    place: () => placed({}),
    placeWithCoupon: () => placed({ coupon: 'WELCOME10' }),
    placeWithUnknownCoupon: () => placed({ coupon: `SPRING${upTo(90)}` }),
    placeInFrancs: () => placed({ currency: 'CHF' }),
    placeLarge: () => placed({}, MOST_ITEMS),
    longNote: () => placed({ note: `${'Nebenan'.repeat(9).slice(0, options.noteLength ?? 20)}#${upTo(9)}` }),
    statement: () => get(`/customers/${customer}/statement?page=${upTo(2)}`),
    lastPage: () => get(`/customers/${customer}/statement?page=3`),
    emptyPage: () => get(`/customers/${customer}/statement?page=${10 + upTo(9)}`),
    refund: () => post(`/orders/${order}/refund`, {}),
    chargeback: () => post(`/orders/${order}/chargeback`, {}),
    bestSellers: () => get(`/best-sellers?limit=${upTo(20)}`),
    revenue: () => get('/revenue'),
    revenueStatement: () => get(`/revenue/statement?size=${options.revenueEntries ?? OPENING_ENTRIES_PER_PAGE}`),
  };
  return isKind(kind) ? makers[kind]() : makers.order();
}

function isKind(kind: string): kind is Kind {
  return kind in ORDINARY;
}

const MOST_ITEMS = 50;

function sku(number: number): string {
  return `SKU-${String(number).padStart(3, '0')}`;
}
