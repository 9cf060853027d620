/** The traffic of the shop: what visitors, account customers and a few clumsy callers ask for. */
import type { TrafficRequest } from '../../../demo/traffic.ts';
import type { Running, TrafficPlan, Variant } from '../template.ts';

type Addresses = Running['addresses'];

/** Requests per second of the whole shop. */
const PACE: Readonly<Record<Variant['traffic'], number>> = { low: 10, middle: 18, high: 28 };

export const CITIES = ['berlin', 'hamburg', 'oslo', 'tromso', 'lisbon', 'vienna', 'madrid'] as const;
const PRODUCTS = [
  'lamp',
  'rug',
  'chair',
  'stool',
  'bench',
  'shelf',
  'basket',
  'mirror',
  'clock',
  'bowl',
  'lantern',
] as const;
const WORDS = ['garden bench', 'lamp', 'wool rug', 'wall', 'kitchen', 'oak chair', 'basket with lid', 'light'] as const;
const CODES = [undefined, 'WELCOME5', undefined, 'AUTUMN10', undefined, 'friends', undefined, undefined] as const;

export function get(address: string | undefined, path: string): TrafficRequest {
  return { method: 'GET', url: `${address ?? ''}${path}` };
}
export function post(address: string | undefined, path: string, body: object): TrafficRequest {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', url: `${address ?? ''}${path}`, headers, body: JSON.stringify(body) };
}

export interface CheckoutOptions {
  readonly discount?: string | undefined;
  readonly card?: string;
  readonly sku?: string;
  readonly email?: string;
}

export function checkoutOf(addresses: Addresses, index: number, options: CheckoutOptions = {}): TrafficRequest {
  const sku = options.sku ?? PRODUCTS[index % PRODUCTS.length] ?? 'lamp';
  const name = `Customer ${index % 40}`;
  return post(addresses.storefront, '/checkout', {
    customer: { name, email: options.email ?? `customer${index % 40}@example.com` },
    lines: [{ sku, quantity: 1 + (index % 3) }],
    card: options.card ?? '4242424242424242',
    ...(options.discount === undefined ? {} : { discount: options.discount }),
  });
}

/** What is there to be asked for depends on which services the case has. */
export function shoppers({ addresses }: { readonly addresses: Addresses }, variant: Variant): TrafficPlan {
  const { storefront } = addresses;
  const requests: TrafficRequest[] = [];
  for (let index = 0; index < 120; index += 1) requests.push(...visit(addresses, storefront, index, variant));
  return { requests, requestsPerSecond: PACE[variant.traffic] };
}

type Choose = <T>(from: readonly T[]) => T | undefined;

/** One visitor: looks around, sometimes buys. */
function visit(
  addresses: Addresses,
  storefront: string | undefined,
  index: number,
  variant: Variant,
): TrafficRequest[] {
  const chosen: Choose = (from) => from.at(Math.floor(variant.random() * from.length));
  const requests: TrafficRequest[] = [];
  if (addresses['mongo-api-service'] !== undefined) {
    requests.push(get(storefront, '/'), get(storefront, `/products/${chosen(PRODUCTS)}`));
    if (index % 3 === 0) requests.push(get(storefront, `/search?q=${encodeURIComponent(chosen(WORDS) ?? '')}`));
    if (index % 2 === 0) requests.push(checkoutOf(addresses, index, { discount: chosen(CODES) }));
    if (index % 17 === 0)
      requests.push(get(storefront, '/products/sofa'), checkoutOf(addresses, index, { card: '4000000000000002' }));
    if (index % 10 === 0) requests.push(get(storefront, '/exports/orders.csv'));
  }
  if (addresses['weather-app1'] !== undefined) requests.push(get(storefront, `/delivery/${chosen(CITIES)}`));
  if (addresses.orders !== undefined) requests.push(...accountRequests(storefront, index, chosen));
  return requests;
}

/** Numbers and articles that the orders service knows from the start. */
const KNOWN_ORDERS = 16_000;
const KNOWN_CUSTOMERS = 400;
const KNOWN_ARTICLES = 80;

function accountRequests(storefront: string | undefined, index: number, chosen: Choose): TrafficRequest[] {
  const order = 1 + ((index * 7_919) % KNOWN_ORDERS);
  const customer = 1 + ((index * 37) % KNOWN_CUSTOMERS);
  const sku = `SKU-${String(1 + (index % KNOWN_ARTICLES)).padStart(3, '0')}`;
  const requests = [get(storefront, `/orders/${order}`)];
  if (index % 3 === 0) requests.push(get(storefront, `/account/${customer}/orders`));
  if (index % 4 === 0)
    requests.push(post(storefront, '/quote', { customer, items: [{ sku, quantity: chosen([1, 2, 5]) ?? 1 }] }));
  return requests;
}
