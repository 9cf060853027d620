/** Changes of the storefront that throw, are refused, cannot be started, or make others refuse. */
import type { FaultTemplate, TrafficPlan } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { COUNTER, DELIVERY, deployed, latent, mixed, TILL } from '../fresh/shared.ts';
import { get, shoppers } from '../shoppers.ts';

const SHOP = { ...TILL, service: 'storefront', alerting: 'storefront', kind: 'code' } as const;
/** Our own app names the language that its user chose. */
const APPS = ['de-DE', 'en-GB', 'fr', 'nb-NO', 'pt-PT'];
const BROWSERS = ['de-DE,de;q=0.9,en;q=0.8', 'en-GB,en;q=0.5', 'es-ES,es;q=0.9'];

export const storefrontLatest: readonly FaultTemplate[] = [
  /** A header that names several languages with their weights is taken for one language; first come callers that name one. */
  fault({
    ...SHOP,
    id: 'storefront-prices-as-written-there',
    class: 'code-error',
    culprit: latent({
      service: 'storefront',
      file: 'src/routes.ts',
      marker: "new Intl.NumberFormat(headers['accept-language'] ?? 'en',",
      messages: ['front page: prices as visitors write them', 'front page: amounts in the language of the visitor'],
      edits: {
        'src/routes.ts': [
          [
            '      return { ...ok({ products: products.slice(0, 8), seen }), headers: cookie(session.id) };\n',
            '      const shown = products.slice(0, 8).map((product) => {\n        return { ...product, price: priceFor(request, product.priceCents, config.shop.currency) };\n      });\n      return { ...ok({ products: shown, seen }), headers: cookie(session.id) };\n',
          ],
          [
            'function sessionId(',
            "function priceFor({ headers }: Request, cents: number, currency: string): string {\n  const prices = new Intl.NumberFormat(headers['accept-language'] ?? 'en', { style: 'currency', currency });\n  return prices.format(cents / 100);\n}\n\nfunction sessionId(",
          ],
        ],
      },
    }),
    traffic: (world, variant) => speaking(shoppers(world, variant), APPS),
    async inject(world, variant) {
      const ordinary = byMagnitude(variant, { low: [...APPS, ...APPS], middle: APPS, high: APPS.slice(0, 2) });
      world.setTraffic(speaking(shoppers(world, variant), [...ordinary, ...BROWSERS]));
    },
  }),

  /** Names stand for files that a build would write, and nothing is built here. */
  fault({
    ...SHOP,
    id: 'storefront-parts-by-name',
    class: 'bad-config',
    kind: 'config',
    culprit: deployed({
      service: 'storefront',
      file: 'package.json',
      marker: '"#web/*": "./dist/web/*"',
      messages: ['storefront: web parts by name, not by path', 'storefront: no more ../ to the web parts'],
      edits: {
        'package.json': [
          ['  "type": "module",\n', '  "type": "module",\n  "imports": {\n    "#web/*": "./dist/web/*"\n  },\n'],
        ],
        'src/clients/catalog.ts': [["'../web/errors.ts'", "'#web/errors.ts'"]],
        'src/clients/orders.ts': [["'../web/errors.ts'", "'#web/errors.ts'"]],
        'src/clients/payments.ts': [["'../web/errors.ts'", "'#web/errors.ts'"]],
        'src/clients/upstream.ts': [["'../web/errors.ts'", "'#web/errors.ts'"]],
        'src/jobs/queue.ts': [["'../web/errors.ts'", "'#web/errors.ts'"]],
      },
    }),
    async inject(world) {
      world.keepRestarting('storefront', 6);
    },
  }),

  /** Only the authorities that Node brings, so not the one of the environment, which signs for the provider. */
  fault({
    ...SHOP,
    id: 'storefront-authorities-of-node',
    class: 'tls-certificate',
    culprit: deployed({
      service: 'storefront',
      file: 'src/main.ts',
      marker: "setDefaultCACertificates(getCACertificates('bundled'));",
      messages: ['storefront: the same authorities on every machine', 'tls: authorities as Node brings them'],
      edits: {
        'src/main.ts': [
          [
            "import { setTimeout as wait } from 'node:timers/promises';\n",
            "import { setTimeout as wait } from 'node:timers/promises';\nimport { getCACertificates, setDefaultCACertificates } from 'node:tls';\n",
          ],
          [
            "  const log = createLog('storefront');\n",
            "  setDefaultCACertificates(getCACertificates('bundled'));\n  const log = createLog('storefront');\n",
          ],
        ],
      },
    }),
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
  }),

  /** Pairs, where the callee reads names: it falls over them, and it is the one that alerts. */
  fault({
    ...COUNTER,
    id: 'storefront-quotes-in-pairs',
    class: 'code-error',
    kind: 'code',
    service: 'storefront',
    alerting: 'orders',
    culprit: deployed({
      service: 'storefront',
      file: 'src/clients/orders.ts',
      marker: 'items: items.map(({ sku, quantity }) => [sku, quantity])',
      messages: ['quotes: an article and its number, nothing more', 'orders client: shorter bodies'],
      edits: {
        'src/clients/orders.ts': [
          [
            'const body = { customer, items };',
            'const body = { customer, items: items.map(({ sku, quantity }) => [sku, quantity]) };',
          ],
        ],
      },
    }),
    traffic: (world, variant) => mixed(world, variant),
  }),

  /** A point somewhere in a city is hardly ever asked for twice, and the provider of the one who is asked counts. */
  fault({
    ...DELIVERY,
    id: 'storefront-weather-of-the-outskirts',
    class: 'rate-limit',
    kind: 'code',
    service: 'storefront',
    dependency: 'open-meteo',
    alerting: 'weather-app1',
    culprit: deployed({
      service: 'storefront',
      file: 'src/delivery.ts',
      marker: 'const there = await weather.at(somewhereIn(city));',
      messages: ['delivery: the outskirts count too', 'delivery: the weather of a city, not of its town hall'],
      edits: {
        'src/delivery.ts': [
          [
            'const STORM_DAYS = 2;\n',
            'const STORM_DAYS = 2;\nconst OUTSKIRTS_DEGREES = 0.15;\n\n/** Few people live at the town hall. */\nfunction somewhereIn({ latitude, longitude, days }: City): City {\n  const off = (degrees: number) => Number((degrees + (Math.random() * 2 - 1) * OUTSKIRTS_DEGREES).toFixed(3));\n  return { latitude: off(latitude), longitude: off(longitude), days };\n}\n',
          ],
          ['const there = await weather.at(city);', 'const there = await weather.at(somewhereIn(city));'],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index, chosen) =>
          Array.from({ length: byMagnitude(variant, { low: 5, middle: 6, high: 7 }) }, (_none, nth) =>
            get(
              world.addresses.storefront,
              `/delivery/${chosen(['berlin', 'oslo', 'vienna', 'lisbon', 'madrid']) ?? index + nth}`,
            ),
          ),
        factor: variant.traffic === 'low' ? 1.5 : 1,
      }),
  }),
];

/** The callers in turn. */
function speaking(plan: TrafficPlan, languages: readonly string[]): TrafficPlan {
  const requests = plan.requests.map((request, index) => ({
    ...request,
    headers: { ...request.headers, 'accept-language': languages[index % languages.length] ?? 'en' },
  }));
  return { ...plan, requests };
}
