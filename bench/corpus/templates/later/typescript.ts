/** Changes of the TypeScript services after which something throws, is refused or does not start. */
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { COUNTER, DELIVERY, deployed, latent, TILL, withNewFile } from '../fresh/shared.ts';
import { get, shoppers, weatherCallers } from '../shoppers.ts';

const SHOP = { ...TILL, service: 'storefront', alerting: 'storefront', kind: 'code' } as const;
const ITEMS = { ...TILL, service: 'mongo-api-service', kind: 'code' } as const;
type World = Parameters<FaultTemplate['traffic']>[0];

/** Visitors come from somewhere; `sites` in turn. */
function sentBy(plan: TrafficPlan, sites: readonly string[]): TrafficPlan {
  const requests = plan.requests.map((request, index) => {
    const referer = sites[index % sites.length];
    return referer === undefined ? request : { ...request, headers: { ...request.headers, referer } };
  });
  return { ...plan, requests };
}

/** Visitors of the shop, and others who ask for the weather alone. */
function alsoWeather(world: World, variant: Variant): TrafficPlan {
  const own = weatherCallers(world, variant, 40, 1).requests;
  const more = (index: number) => own.slice((index * 2) % own.length).slice(0, 2);
  return shoppers(world, variant, { more });
}

const SITES = ['https://search.example/', 'https://homes.example/lamps?page=2', 'https://news.example/oak'];

export const typescriptLater: readonly FaultTemplate[] = [
  /** After the answer is sent, nobody catches what an address that is none does to the log line. */
  fault({
    ...SHOP,
    id: 'storefront-visitors-from',
    class: 'code-error',
    culprit: latent({
      service: 'storefront',
      file: 'src/web/server.ts',
      marker: 'return referer === undefined ? undefined : new URL(referer).hostname;',
      messages: ['log: which site a visitor comes from', 'web: the partners want to know who sends us visitors'],
      edits: {
        'src/web/server.ts': [
          [
            '  const fields = { method, path: url.pathname, status: answer.status, duration_ms: Math.round(seconds * 1_000) };\n',
            '  const from = siteOf(incoming.headers.referer);\n  const fields = {\n    method,\n    path: url.pathname,\n    status: answer.status,\n    duration_ms: Math.round(seconds * 1_000),\n    from,\n  };\n',
          ],
          [
            '/** What takes longer is given up',
            'function siteOf(referer: string | undefined): string | undefined {\n  return referer === undefined ? undefined : new URL(referer).hostname;\n}\n\n/** What takes longer is given up',
          ],
        ],
      },
    }),
    traffic: (world, variant) => sentBy(shoppers(world, variant), SITES),
    async inject(world, variant) {
      world.keepRestarting('storefront', 5);
      const ordinary = Array.from(
        { length: byMagnitude(variant, { low: 14, middle: 9, high: 5 }) },
        () => SITES,
      ).flat();
      world.setTraffic(sentBy(shoppers(world, variant), [...ordinary, 'www.gardens.example/benches']));
    },
  }),

  /** Properties of an object, and no headers: the token is not sent. */
  fault({
    ...SHOP,
    id: 'storefront-headers-assigned',
    class: 'auth-secret',
    culprit: deployed({
      service: 'storefront',
      file: 'src/clients/upstream.ts',
      marker: 'return Object.assign(sent, own);',
      messages: ['clients: headers are Headers', 'clients: names of headers in any case'],
      edits: {
        'src/clients/upstream.ts': [
          [
            "      headers: { accept: 'application/json', ...(body === undefined ? {} : JSON_BODY), ...headers },\n",
            '      headers: headersOf(body, headers),\n',
          ],
          [
            "const JSON_BODY = { 'content-type': 'application/json' };\n",
            "const JSON_BODY = { 'content-type': 'application/json' };\n\nfunction headersOf(body: unknown, own: Readonly<Record<string, string>>): Headers {\n  const sent = new Headers(body === undefined ? {} : JSON_BODY);\n  sent.set('accept', 'application/json');\n  return Object.assign(sent, own);\n}\n",
          ],
        ],
      },
    }),
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
  }),

  /** What is kept for the next caller is changed for this one. */
  fault({
    ...DELIVERY,
    id: 'weather-units-left-out',
    class: 'code-error',
    kind: 'code',
    service: 'weather-app1',
    alerting: 'weather-app1',
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/display.ts',
      marker: 'const page: Partial<Forecast> = Object.assign(forecast, { current });',
      messages: ['weather: pages without the table of units', 'weather: units are printed on the page already'],
      edits: {
        'src/display.ts': [
          [
            '  return { ...forecast, current };\n',
            '  const page: Partial<Forecast> = Object.assign(forecast, { current });\n  delete page.current_units;\n  return page as Forecast;\n',
          ],
        ],
      },
    }),
    traffic: alsoWeather,
  }),

  /** Named among what only developers install; then nobody has it where it runs. */
  fault({
    ...DELIVERY,
    id: 'weather-package-of-developers',
    class: 'bad-config',
    kind: 'config',
    service: 'weather-app1',
    alerting: 'weather-app1',
    culprit: deployed({
      service: 'weather-app1',
      file: 'package.json',
      marker: '"quick-lru": "7.0.0"',
      messages: ['weather: the memory of forecasts from a package', 'weather: quick-lru keeps the places'],
      edits: {
        'package.json': [
          ['  "dependencies": {\n', '  "devDependencies": {\n    "quick-lru": "7.0.0"\n  },\n  "dependencies": {\n'],
        ],
        'src/forecast-cache.ts': [
          [
            "import type { Coordinates } from './coordinates.ts';\n",
            "import QuickLRU from 'quick-lru';\nimport type { Coordinates } from './coordinates.ts';\n",
          ],
          [
            '/** The place that was asked for first makes room for a new one. */',
            '/** The place that nobody asked for makes room for a new one. */',
          ],
          [
            'const places = new Map<string, Kept>();',
            'const places = new QuickLRU<string, Kept>({ maxSize: maxPlaces });',
          ],
          [
            '      places.delete(place);\n      for (const oldest of places.keys()) {\n        if (places.size < maxPlaces) break;\n        places.delete(oldest);\n      }\n',
            '',
          ],
        ],
      },
    }),
    traffic: alsoWeather,
    async inject(world) {
      world.keepRestarting('weather-app1', 5);
    },
  }),

  /** Degrees counted round the earth, where they are asked for east and west. */
  fault({
    ...DELIVERY,
    id: 'storefront-degrees-round-the-earth',
    class: 'bad-config',
    kind: 'config',
    service: 'storefront',
    alerting: 'storefront',
    culprit: deployed({
      service: 'storefront',
      file: 'config/cities.json',
      marker: '"longitude": 350.86',
      messages: ['delivery: places as in the new atlas', 'cities: coordinates from the carrier'],
      edits: {
        'config/cities.json': [
          ['"longitude": -9.14', '"longitude": 350.86'],
          ['"longitude": -3.7', '"longitude": 356.3'],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          ['lisbon', 'oslo', 'madrid', 'vienna']
            .slice(0, byMagnitude(variant, { low: 1, middle: 2, high: 3 }) + (index % 2))
            .map((city) => get(world.addresses.storefront, `/delivery/${city}`)),
      }),
  }),

  /** A name that no database can have, in a file that is read at the start. */
  fault({
    ...ITEMS,
    id: 'items-database-with-a-point',
    class: 'bad-config',
    kind: 'config',
    alerting: 'storefront',
    culprit: withNewFile(
      {
        service: 'mongo-api-service',
        file: '.env',
        marker: 'MONGO_DB=shop.items',
        messages: [
          'mongo-api: what is the same everywhere comes with the release',
          'mongo-api: settings beside the code',
        ],
        edits: {},
      },
      '.env',
      '# The same on all machines. What differs stays in the environment of each.\nMONGO_DB=shop.items\nAPP_NAME=items\n',
    ),
    async inject(world) {
      world.keepRestarting('mongo-api-service', 5);
    },
  }),

  /** Callers still ask at the old address. */
  fault({
    ...ITEMS,
    id: 'items-under-a-version',
    class: 'code-error',
    alerting: 'storefront',
    culprit: deployed({
      service: 'mongo-api-service',
      file: 'src/item-routes.ts',
      marker: "routes.route({ method: 'GET', url: '/v1/items/', handler: list });",
      messages: ['items: addresses as in the guidelines', 'mongo-api: addresses have a version'],
      edits: {
        'src/item-routes.ts': [
          ["method: 'POST', url: '/items/',", "method: 'POST', url: '/v1/items/',"],
          ["method: 'GET', url: '/items/',", "method: 'GET', url: '/v1/items/',"],
        ],
      },
    }),
  }),

  /** Everybody gets the same share, also who asks for all visitors of the shop. */
  fault({
    ...ITEMS,
    id: 'items-share-of-each-caller',
    class: 'rate-limit',
    alerting: 'storefront',
    culprit: withNewFile(
      {
        service: 'mongo-api-service',
        file: 'src/fair-share.ts',
        marker: 'const CALLS = 60;',
        messages: ['mongo-api: room for everybody', 'mongo-api: each caller has a share'],
        edits: {
          'src/item-routes.ts': [
            [
              "import { type Item, ItemChange, NewItem, Page } from './item.ts';\n",
              "import { fairShare } from './fair-share.ts';\nimport { type Item, ItemChange, NewItem, Page } from './item.ts';\n",
            ],
            [
              '  refuseUnreadableBodies(routes);\n',
              "  refuseUnreadableBodies(routes);\n  routes.addHook('onRequest', fairShare());\n",
            ],
          ],
        },
      },
      'src/fair-share.ts',
      `/** One caller cannot take the place of all others. */
import { AppError, type FastifyRequest } from '@incident-agent/service-kit/fastify';

const CALLS = 60;
const WINDOW_MILLISECONDS = 10_000;

export function fairShare(): (request: FastifyRequest) => Promise<void> {
  const callers = new Map<string, number[]>();
  return async ({ ip }) => {
    const since = performance.now() - WINDOW_MILLISECONDS;
    const calls = (callers.get(ip) ?? []).filter((at) => at > since);
    callers.set(ip, calls);
    if (calls.length >= CALLS) throw new AppError(429, 'Too many calls: come again in a moment');
    calls.push(performance.now());
  };
}
`,
    ),
  }),

  /** Whoever asks how it is still asks where the greeting was; all else is answered. */
  fault({
    ...DELIVERY,
    id: 'weather-greeting-elsewhere',
    class: 'code-error',
    kind: 'code',
    service: 'weather-app1',
    alerting: 'storefront',
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/routes.ts',
      marker: "server.get('/health', async",
      messages: ['weather: health where the others have theirs', 'weather: addresses as in the guidelines'],
      edits: { 'src/routes.ts': [["server.get('/', async", "server.get('/health', async"]] },
    }),
    traffic: alsoWeather,
  }),

  /** Who waited in vain still stands in line, and gets what nobody gives back. */
  fault({
    ...COUNTER,
    id: 'storefront-still-in-line',
    class: 'pool-exhaustion',
    kind: 'code',
    service: 'storefront',
    alerting: 'storefront',
    culprit: latent({
      service: 'storefront',
      file: 'src/pool.ts',
      marker: `const state = \`\${lent} of \${size} in use, \${waiters.length - 1} others waiting\`;`,
      messages: ['pool: who gives up says how many others wait', 'pool: the line as it was, for support'],
      edits: {
        'src/pool.ts': [
          [
            `      waiters.splice(waiters.indexOf(waiter), 1);\n      const state = \`\${lent} of \${size} in use, \${waiters.length} waiting\`;\n`,
            `      const state = \`\${lent} of \${size} in use, \${waiters.length - 1} others waiting\`;\n`,
          ],
        ],
      },
    }),
    async inject(world) {
      await world.kill('orders', 'SIGSTOP');
      await world.pause(4.5);
      await world.kill('orders', 'SIGCONT');
    },
  }),
];
