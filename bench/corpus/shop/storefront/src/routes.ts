import { z } from 'zod';
import { checkout } from './checkout.ts';
import { soldAs } from './clients/catalog.ts';
import { estimate } from './delivery.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { search } from './search.ts';
import type { Shop } from './shop.ts';
import type { Answer, Request, Route } from './web/server.ts';

const Quoted = z.object({
  customer: z.number().int(),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int() })).min(1),
});

type Handle = (request: Request) => Promise<Answer>;

export function routes(shop: Shop, health: Health, metrics: Metrics): Route[] {
  return [...shopRoutes(shop), ...probes(health, metrics)];
}

function shopRoutes(shop: Shop): Route[] {
  const { config, sessions, orderBook } = shop;
  const get = (pattern: string, handle: Handle): Route => ({ method: 'GET', pattern, handle });
  const post = (pattern: string, handle: Handle): Route => ({ method: 'POST', pattern, handle });
  return [
    get('/', async (request) => {
      const session = sessions.open(sessionId(request));
      const products = await shop.catalog().all();
      const seen = session.seen.map(({ sku }) => sku);
      return { ...ok({ products: products.slice(0, 8), seen }), headers: cookie(session.id) };
    }),
    get('/products', async () => ok(await shop.catalog().all())),
    get('/products/:sku', async (request) => {
      const session = sessions.open(sessionId(request));
      const { sku = '' } = request.parameters;
      const products = await shop.catalog().all();
      const product = soldAs(products, sku);
      sessions.remember(session, sku, products);
      return { ...ok({ ...product, left: shop.stock.left(sku) }), headers: cookie(session.id) };
    }),
    get('/search', async ({ query }) => ok(search(await shop.catalog().all(), query.get('q') ?? ''))),
    get('/delivery/:city', async ({ parameters: { city = '' } }) =>
      ok(await estimate(city, config.cities, shop.weather(), config.shop.delivery.wind_limit_kmh)),
    ),
    post('/checkout', async (request) => {
      const parts = { ...shop, catalog: shop.catalog(), shop: config.shop };
      const receipt = await checkout(await request.body(), parts);
      orderBook.add(receipt);
      return { status: 201, body: receipt };
    }),
    get('/orders/:id', async ({ parameters: { id = '' } }) => ok(await shop.orders().find(id))),
    get('/account/:customer/orders', async ({ parameters: { customer = '' } }) =>
      ok(await shop.orders().historyOf(customer)),
    ),
    post('/quote', async (request) => {
      const { customer, items } = Quoted.parse(await request.body());
      return ok({ total_cents: await shop.orders().quote(customer, items) });
    }),
    get('/exports/orders.csv', async () => ok(orderBook.file())),
  ];
}

function probes(health: Health, metrics: Metrics): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/health',
      isProbe: true,
      handle: async () => ok({ status: 'ok', service: 'storefront' }),
    },
    {
      method: 'GET',
      pattern: '/health/ready',
      isProbe: true,
      handle: async () => {
        const checks = health.checks();
        const isReady = Object.values(checks).every((state) => state === 'ok');
        return { status: isReady ? 200 : 503, body: { status: isReady ? 'ok' : 'degraded', checks } };
      },
    },
    { method: 'GET', pattern: '/metrics', isProbe: true, handle: async () => ok(await metrics.registry.metrics()) },
  ];
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function sessionId({ headers }: Request): string | undefined {
  return /(?:^|;\s*)sid=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
}
function cookie(id: string): Record<string, string> {
  return { 'set-cookie': `sid=${id}; Path=/; HttpOnly; SameSite=Lax` };
}
