/** The traffic of the shop: what visitors, account customers and a few clumsy callers ask for. */
import type { TrafficRequest } from '../../../demo/traffic.ts';
import type { Running, TrafficPlan, Variant } from '../template.ts';

type Addresses = Running['addresses'];
interface World {
  readonly addresses: Addresses;
}
export type Choose = <T>(from: readonly T[]) => T | undefined;

/** Requests per second of the whole shop. */
const PACE: Readonly<Record<Variant['traffic'], number>> = { low: 10, middle: 15, high: 22 };
const VISITS = 120;

const CITIES = ['berlin', 'hamburg', 'oslo', 'tromso', 'lisbon', 'vienna', 'madrid'];
const PRODUCTS = ['lamp', 'rug', 'chair', 'stool', 'bench', 'shelf', 'basket', 'mirror', 'clock', 'bowl', 'lantern'];
const WORDS = ['garden bench', 'lamp', 'wool rug', 'wall', 'kitchen', 'oak chair', 'basket with lid', 'light'];
const CODES = [undefined, 'WELCOME5', undefined, 'AUTUMN10', undefined, 'friends', undefined, 'SUMMER20'];
const DECLINED_CARD = '4000000000000002';

export interface Shopping {
  /** Each so many visits end in a checkout; default 2. */
  readonly checkoutEach?: number;
  readonly discounts?: readonly (string | undefined)[];
  readonly cities?: readonly string[];
  readonly words?: readonly string[];
  /** More of one kind, for each visit. */
  more?(index: number, chosen: Choose): TrafficRequest[];
  /** Times the usual pace. */
  readonly factor?: number;
}

/** What is there to be asked for depends on which services the case has. */
export function shoppers({ addresses }: World, variant: Variant, shopping: Shopping = {}): TrafficPlan {
  const requests: TrafficRequest[] = [];
  const chosen: Choose = (from) => from.at(Math.floor(variant.random() * from.length));
  for (let index = 0; index < VISITS; index += 1) {
    requests.push(...visit(addresses, index, chosen, shopping), ...(shopping.more?.(index, chosen) ?? []));
  }
  return { requests, requestsPerSecond: PACE[variant.traffic] * (shopping.factor ?? 1) };
}

/** One visitor: looks around, sometimes buys. */
function visit(addresses: Addresses, index: number, chosen: Choose, shopping: Shopping): TrafficRequest[] {
  const { storefront } = addresses;
  if (storefront === undefined) return [];
  const requests: TrafficRequest[] = [];
  if (addresses['mongo-api-service'] !== undefined) {
    requests.push(get(storefront, '/'), get(storefront, `/products/${chosen(PRODUCTS)}`));
    if (index % 3 === 0) requests.push(searchFor(storefront, chosen(shopping.words ?? WORDS) ?? ''));
    if (index % (shopping.checkoutEach ?? 2) === 0) {
      requests.push(checkout(storefront, index, { discount: chosen(shopping.discounts ?? CODES) }));
    }
    if (index % 17 === 0) {
      requests.push(get(storefront, '/products/sofa'), checkout(storefront, index, { card: DECLINED_CARD }));
    }
    if (index % 10 === 0) requests.push(get(storefront, '/exports/orders.csv'));
  }
  if (addresses['weather-app1'] !== undefined) {
    requests.push(get(storefront, `/delivery/${chosen(shopping.cities ?? CITIES)}`));
  }
  if (addresses.orders !== undefined) requests.push(...accountRequests(storefront, index, chosen));
  return requests;
}

export function get(address: string | undefined, path: string): TrafficRequest {
  return { method: 'GET', url: `${address ?? ''}${path}` };
}
export function post(address: string | undefined, path: string, body: object): TrafficRequest {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', url: `${address ?? ''}${path}`, headers, body: JSON.stringify(body) };
}

export function searchFor(storefront: string | undefined, words: string): TrafficRequest {
  return get(storefront, `/search?q=${encodeURIComponent(words)}`);
}

interface CheckoutOptions {
  readonly discount?: string | undefined;
  readonly card?: string;
  readonly sku?: string;
  readonly email?: string;
}

const CUSTOMERS = 40;

export function checkout(storefront: string | undefined, index: number, options: CheckoutOptions = {}): TrafficRequest {
  const sku = options.sku ?? PRODUCTS[index % PRODUCTS.length] ?? 'lamp';
  const number = index % CUSTOMERS;
  const { discount, card = '4242424242424242', email = `customer${number}@example.com` } = options;
  return post(storefront, '/checkout', {
    customer: { name: `Customer ${number}`, email },
    lines: [{ sku, quantity: 1 + (index % 3) }],
    card,
    ...(discount === undefined ? {} : { discount }),
  });
}

/** Numbers and articles that the orders service knows from the start. */
const KNOWN_ORDERS = 16_000;
const KNOWN_CUSTOMERS = 400;
const KNOWN_ARTICLES = 80;

function accountRequests(storefront: string, index: number, chosen: Choose): TrafficRequest[] {
  const order = 1 + ((index * 7_919) % KNOWN_ORDERS);
  const customer = 1 + ((index * 37) % KNOWN_CUSTOMERS);
  const sku = `SKU-${String(1 + (index % KNOWN_ARTICLES)).padStart(3, '0')}`;
  const items = [{ sku, quantity: chosen([1, 2, 5]) ?? 1 }];
  const requests = [get(storefront, `/orders/${order}`)];
  if (index % 3 === 0) requests.push(get(storefront, `/account/${customer}/orders`));
  if (index % 4 === 0) requests.push(post(storefront, '/quote', { customer, items }));
  if (index % 6 === 0) requests.push(get(storefront, `/orders/${KNOWN_ORDERS * 3 + index}`));
  return requests;
}

/** Callers of weather-app1 itself: many places, each asked for again and again. */
export function weatherCallers({ addresses }: World, variant: Variant, places: number, perSecond: number): TrafficPlan {
  const requests = Array.from({ length: places }, (_none, index) => {
    const latitude = (-60 + ((index * 37) % 125) + variant.random() / 10).toFixed(2);
    const longitude = (-170 + ((index * 53) % 340)).toFixed(2);
    return get(addresses['weather-app1'], `/weather/latitude=${latitude}&longitude=${longitude}`);
  });
  return { requests, requestsPerSecond: perSecond };
}

/** Callers of mongo-api-service itself: they list, add, and sometimes get their numbers wrong. */
export function itemCallers({ addresses }: World, variant: Variant, factor = 1): TrafficPlan {
  const items = addresses['mongo-api-service'];
  const requests: TrafficRequest[] = [];
  for (let index = 0; index < VISITS; index += 1) {
    const name = PRODUCTS[index % PRODUCTS.length] ?? 'lamp';
    requests.push(get(items, '/items/'), get(items, `/items/?skip=${(index * 3) % 12}&limit=5`));
    if (index % 3 === 0) requests.push(post(items, '/items/', { name, description: `number ${index}`, value: index }));
    if (index % 5 === 0) requests.push(post(items, '/items/', { name, description: null, value: 2 * index }));
    if (index % 11 === 0)
      requests.push(get(items, '/items/?limit=1000'), get(items, '/items/65a1b2c3d4e5f60718293a4b'));
  }
  return { requests, requestsPerSecond: PACE[variant.traffic] * factor };
}
