/** All parts of the shop, from its settings. */
import { type Catalog, catalog } from './clients/catalog.ts';
import { type Orders, orders } from './clients/orders.ts';
import { type Payments, payments } from './clients/payments.ts';
import { type Upstream, upstream } from './clients/upstream.ts';
import { type WeatherClient, weatherClient } from './clients/weather.ts';
import type { Config } from './config.ts';
import { createOrderBook, type OrderBook } from './exports.ts';
import { createQueue, type Queue } from './jobs/queue.ts';
import type { Metrics } from './metrics.ts';
import { createPool } from './pool.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createStock, type Stock } from './stock.ts';
import { HttpError } from './web/errors.ts';

export interface Shop {
  readonly config: Config;
  /** What is looked after, with the path that says it is well. */
  readonly dependencies: readonly { readonly upstream: Upstream; readonly healthPath: string }[];
  catalog(): Catalog;
  orders(): Orders;
  weather(): WeatherClient;
  readonly payments: Payments | undefined;
  readonly stock: Stock;
  readonly sessions: Sessions;
  readonly mails: Queue;
  readonly orderNumber: () => string;
  readonly orderBook: OrderBook;
}

export function createShop(config: Config, metrics: Metrics): Shop {
  const { timeouts_ms: timeouts, pools, queue, sessions, exports } = config.shop;
  const connect = (name: string, url: string | undefined, timeout: number) =>
    url === undefined ? undefined : upstream(name, url, timeout, metrics);
  const items = connect('mongo-api-service', config.catalogUrl, timeouts.catalog);
  const orderService = connect('orders', config.ordersUrl, timeouts.orders);
  const weather = connect('weather-app1', config.weatherUrl, timeouts.weather);
  const provider = connect('payments', config.payments?.url, timeouts.payments);
  const pool = createPool('orders', pools.orders.size, pools.orders.acquire_timeout_ms);
  const mails = createQueue('mails', queue.limit);
  metrics.watchPool(pool.name, pool);
  metrics.watchQueue(mails.name, mails);
  return {
    config,
    dependencies: [
      ...(items ? [{ upstream: items, healthPath: '/health' }] : []),
      ...(orderService ? [{ upstream: orderService, healthPath: '/health' }] : []),
      ...(weather ? [{ upstream: weather, healthPath: '/' }] : []),
      ...(provider ? [{ upstream: provider, healthPath: '/health' }] : []),
    ],
    catalog: () => catalog(connected(items, 'the assortment')),
    orders: () => orders(connected(orderService, 'orders'), pool),
    weather: () => weatherClient(connected(weather, 'delivery estimates')),
    payments: provider && config.payments ? payments(provider, config.payments.token) : undefined,
    stock: createStock(),
    sessions: createSessions(sessions.limit, () => new Date()),
    mails,
    orderNumber: numbers(),
    orderBook: createOrderBook(config.dataDir, exports.rows),
  };
}

/** Web orders are numbered from the start of the process: `W-29530482-17`. */
function numbers(): () => string {
  const minutes = Math.floor(Date.now() / 60_000);
  let last = 0;
  return () => {
    last += 1;
    return `W-${minutes}-${last}`;
  };
}

function connected(upstream: Upstream | undefined, what: string): Upstream {
  if (!upstream) throw new HttpError(501, `${what}: not offered here`);
  return upstream;
}
