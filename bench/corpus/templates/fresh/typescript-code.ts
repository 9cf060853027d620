/** Changes of the TypeScript services that throw, are refused or cannot be started. */
import type { FaultTemplate } from '../../template.ts';
import { fault } from '../fault.ts';
import { get, post, searchFor, shoppers, weatherCallers } from '../shoppers.ts';
import { COUNTER, DELIVERY, deployed, latent, mixed, TILL } from './shared.ts';

const SHOP = { ...TILL, service: 'storefront', alerting: 'storefront', kind: 'code' } as const;
const ABROAD = ['łóżko dębowe', 'стол', 'ławka', 'ковёр', '椅子'];

export const typescriptCode: readonly FaultTemplate[] = [
  /** One entry too few: for three pieces there is no surcharge but "not a number", which no bank charges. */
  fault({
    ...SHOP,
    id: 'storefront-surcharge-by-pieces',
    class: 'code-error',
    culprit: deployed({
      service: 'storefront',
      file: 'src/pricing.ts',
      marker: 'SURCHARGES_CENTS[pieces]',
      messages: ['delivery: a second parcel costs more', 'pricing: pieces beyond the first two'],
      edits: {
        'src/pricing.ts': [
          [
            'export interface Totals {\n',
            '/** By pieces of one article; what is more goes by the largest. */\nconst SURCHARGES_CENTS = [0, 0, 90] as const;\n\n' +
              'function surchargeOf({ quantity }: OrderLine): number {\n  const pieces = Math.min(quantity, SURCHARGES_CENTS.length);\n  return Number(SURCHARGES_CENTS[pieces]);\n}\n\nexport interface Totals {\n',
          ],
          [
            'const deliveryCents = goodsCents >= delivery.free_from_cents ? 0 : delivery.price_cents;',
            'const surcharge = lines.reduce((sum, line) => sum + surchargeOf(line), 0);\n  const deliveryCents = surcharge + (goodsCents >= delivery.free_from_cents ? 0 : delivery.price_cents);',
          ],
        ],
      },
    }),
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
  }),

  /** Only Latin letters fit into a cookie that way; then visitors from elsewhere come. */
  fault({
    ...SHOP,
    id: 'storefront-search-in-a-cookie',
    class: 'code-error',
    culprit: latent({
      service: 'storefront',
      file: 'src/routes.ts',
      marker: 'btoa(written)',
      messages: ['search: the last words come back with the visitor', 'search: remembered for the next visit'],
      edits: {
        'src/routes.ts': [
          [
            "    get('/search', async ({ query }) => ok(search(await shop.catalog().all(), query.get('q') ?? ''))),\n",
            "    get('/search', async ({ query }) => {\n      const written = query.get('q') ?? '';\n      const found = search(await shop.catalog().all(), written);\n" +
              `      return { ...ok(found), headers: { 'set-cookie': \`searched=\${btoa(written)}; Path=/; SameSite=Lax\` } };\n    }),\n`,
          ],
        ],
      },
    }),
    async inject(world, variant) {
      const more = (index: number) => [searchFor(world.addresses.storefront, ABROAD[index % ABROAD.length] ?? '')];
      world.setTraffic(shoppers(world, variant, { more }));
    },
  }),

  /** Nobody waits for a file that cannot be written: the process ends of it, at each sale. */
  fault({
    ...SHOP,
    id: 'storefront-sales-noted',
    class: 'code-error',
    culprit: deployed({
      service: 'storefront',
      file: 'src/routes.ts',
      marker: 'void noted(receipt',
      messages: ['sales: a list for the morning meeting', 'checkout: sales by day'],
      edits: {
        'src/routes.ts': [
          [
            "import { z } from 'zod';\n",
            "import { appendFile } from 'node:fs/promises';\nimport { join } from 'node:path';\nimport { z } from 'zod';\n",
          ],
          [
            '      orderBook.add(receipt);\n',
            '      orderBook.add(receipt);\n      void noted(receipt.totalCents, config.dataDir);\n',
          ],
          [
            'function probes(',
            `/** One line a sale, a file a day. */\nasync function noted(cents: number, dataDir: string): Promise<void> {\n  const day = new Date().toISOString().slice(0, 10);\n  await appendFile(join(dataDir, 'sales', \`\${day}.txt\`), \`\${cents}\\n\`);\n}\n\nfunction probes(`,
          ],
        ],
      },
    }),
    async inject(world) {
      world.keepRestarting('storefront', 6);
    },
  }),

  /** The address is read under a name that nobody sets. */
  {
    ...fault({
      ...COUNTER,
      id: 'storefront-orders-address',
      class: 'bad-config',
      kind: 'code',
      service: 'storefront',
      alerting: 'storefront',
      culprit: deployed({
        service: 'storefront',
        file: 'src/config.ts',
        marker: 'ordersUrl: env.ORDER_SERVICE_URL,',
        messages: ['storefront: addresses are named after services', 'settings: names as the others have them'],
        edits: { 'src/config.ts': [['ordersUrl: env.ORDERS_URL,', 'ordersUrl: env.ORDER_SERVICE_URL,']] },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant),
  },

  /** A comparison turned round: what is no number passes. */
  fault({
    ...DELIVERY,
    id: 'weather-no-number-passes',
    class: 'code-error',
    kind: 'code',
    service: 'weather-app1',
    alerting: 'weather-app1',
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/coordinates.ts',
      marker: 'Math.abs(degrees) > limitDegrees)',
      messages: ['weather: no double negation', 'weather: coordinates, easier to read'],
      edits: {
        'src/coordinates.ts': [['|| !(Math.abs(degrees) <= limitDegrees))', '|| Math.abs(degrees) > limitDegrees)']],
      },
    }),
    traffic(world, variant) {
      const own = weatherCallers(world, variant, 40, 7);
      const clumsy = [
        'latitude=52,5&longitude=13,4',
        'latitude=&longitude=',
        'longitude=7.1',
        'latitude=north&longitude=2.3',
      ];
      const requests = own.requests.flatMap((request, index) =>
        index % 4 === 0
          ? [
              request,
              get(
                world.addresses['weather-app1'],
                `/weather/${clumsy[index % clumsy.length] ?? clumsy[(index / 4) % 4]}`,
              ),
            ]
          : [request],
      );
      return { requests, requestsPerSecond: own.requestsPerSecond };
    },
  }),

  /** Times are kept as text from now on; what was kept before is not. */
  fault({
    ...SHOP,
    service: 'mongo-api-service',
    id: 'items-times-as-text',
    class: 'schema-migration',
    culprit: deployed({
      service: 'mongo-api-service',
      file: 'src/item-repository.ts',
      marker: 'created_at: z.iso.datetime(),',
      messages: ['mongo-api: times are kept as they are shown', 'mongo-api: one form for times'],
      edits: {
        'src/item-repository.ts': [
          [
            '  created_at: z.date(),\n  updated_at: z.date(),\n',
            '  created_at: z.iso.datetime(),\n  updated_at: z.iso.datetime(),\n',
          ],
          ['      const createdAt = now();\n', '      const createdAt = now().toISOString();\n'],
          ['updated_at: now() } };', 'updated_at: now().toISOString() } };'],
          [
            '{ id: id.toHexString(), ...fields, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() }',
            '{ id: id.toHexString(), ...fields, created_at: createdAt, updated_at: updatedAt }',
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          index % 9 === 0
            ? [post(world.addresses['mongo-api-service'], '/items/', { name: `sample ${index}`, value: 1 })]
            : [],
      }),
  }),
];
