/** Changes of the TypeScript services that use up what they have, or make others wait. */
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { deployed, latent, TILL } from '../fresh/shared.ts';
import { checkout, get, shoppers, weatherCallers } from '../shoppers.ts';

const SHOP = { ...TILL, service: 'storefront', alerting: 'storefront', kind: 'code' } as const;
const FORECASTS = {
  services: ['weather-app1', 'storefront'],
  backends: ['open-meteo'],
  service: 'weather-app1',
  alerting: 'weather-app1',
  kind: 'code',
} as const satisfies Partial<FaultTemplate>;
type World = Parameters<FaultTemplate['traffic']>[0];

const CITIES = ['berlin', 'oslo', 'vienna', 'hamburg', 'madrid'];
const DELIVERY_EACH = 6;

/** Callers of the weather, and a few visitors of the shop that wait for it too. */
function forecastReaders(world: World, variant: Variant, places: number, perSecond: number): TrafficPlan {
  const own = weatherCallers(world, variant, places, perSecond).requests;
  const requests = own.flatMap((request, index) => {
    const city = CITIES[index % CITIES.length];
    return index % DELIVERY_EACH === 0 ? [request, get(world.addresses.storefront, `/delivery/${city}`)] : [request];
  });
  return { requests, requestsPerSecond: perSecond * (1 + 1 / DELIVERY_EACH) };
}

/** The same places again and again, each caller some metres from the one before. */
function walkers(world: World, variant: Variant, perSecond: number): TrafficPlan {
  const requests = Array.from({ length: 480 }, (_none, index) => {
    const nth = index % 40;
    const latitude = -55 + nth * 2.75 + variant.random() * 0.004;
    const longitude = -160 + nth * 7.5 + variant.random() * 0.004;
    return get(
      world.addresses['weather-app1'],
      `/weather/latitude=${latitude.toFixed(5)}&longitude=${longitude.toFixed(5)}`,
    );
  });
  return { requests, requestsPerSecond: perSecond };
}

/** Everybody wants the lamp. */
function lampBuyers({ addresses }: World, variant: Variant): TrafficPlan {
  const requests = Array.from({ length: 120 }, (_none, index) => [
    get(addresses.storefront, index % 2 === 0 ? '/' : '/products/lamp'),
    ...[0, 1, 2, 3].map((nth) => checkout(addresses.storefront, index * 4 + nth, { sku: 'lamp' })),
  ]).flat();
  return { requests, requestsPerSecond: byMagnitude(variant, { low: 18, middle: 20, high: 23 }) };
}

export const typescriptLaterResources: readonly FaultTemplate[] = [
  /** One call after the other, and a rest in between: too little for all who ask. */
  fault({
    ...FORECASTS,
    id: 'weather-one-call-at-a-time',
    class: 'timeout-latency',
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/open-meteo.ts',
      marker: 'last = mine.catch(() => undefined).then(() => wait(REST_MILLISECONDS));',
      messages: ['weather: kinder to the provider', 'weather: calls as the provider likes them'],
      edits: {
        'src/open-meteo.ts': [
          [
            "import { z } from 'zod';\n",
            "import { setTimeout as wait } from 'node:timers/promises';\nimport { z } from 'zod';\n",
          ],
          [
            'const DEFAULT_TIMEOUT_MILLISECONDS = 10_000;\n',
            'const DEFAULT_TIMEOUT_MILLISECONDS = 10_000;\nconst REST_MILLISECONDS = 120;\n',
          ],
          [
            '  return {\n    async forecast(coordinates) {\n',
            '  const inTurn = turns();\n  return {\n    async forecast(coordinates) {\n',
          ],
          [
            'await getText(forecastUrl(baseUrl, coordinates), signal)',
            'await inTurn(() => getText(forecastUrl(baseUrl, coordinates), signal))',
          ],
          [
            'function forecastUrl(',
            `function turns(): (run: () => Promise<string>) => Promise<string> {
  let last: Promise<void> = Promise.resolve();
  return (run) => {
    const mine = last.then(run);
    last = mine.catch(() => undefined).then(() => wait(REST_MILLISECONDS));
    return mine;
  };
}

function forecastUrl(`,
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      forecastReaders(world, variant, byMagnitude(variant, { low: 46, middle: 48, high: 50 }), 10),
  }),

  /** Whoever looks at a product leaves someone who waits for the end of the process, and holds the pages. */
  fault({
    ...SHOP,
    id: 'storefront-told-at-the-end',
    class: 'memory-leak',
    seconds: { baseline: 80, incident: 66, recovery: 6 },
    culprit: deployed({
      service: 'storefront',
      file: 'src/routes.ts',
      marker: "process.once('SIGTERM', () => keepSeen(session, config.dataDir));",
      messages: ['sessions: what was seen outlives a deploy, first half', 'sessions: seen pages are written at a stop'],
      edits: {
        'src/routes.ts': [
          [
            "import { z } from 'zod';\n",
            "import { appendFileSync } from 'node:fs';\nimport { join } from 'node:path';\nimport { z } from 'zod';\n",
          ],
          [
            "import { search } from './search.ts';\n",
            "import { search } from './search.ts';\nimport type { Session } from './sessions.ts';\n",
          ],
          [
            '      sessions.remember(session, sku, products);\n',
            "      sessions.remember(session, sku, products);\n      process.once('SIGTERM', () => keepSeen(session, config.dataDir));\n",
          ],
          [
            'function probes(',
            `function keepSeen({ id, seen }: Session, dataDir: string): void {
  appendFileSync(join(dataDir, 'seen.jsonl'), \`\${JSON.stringify({ id, seen: seen.map(({ sku }) => sku) })}\\n\`);
}

function probes(`,
          ],
        ],
      },
    }),
    traffic(world, variant) {
      const { requests } = shoppers(world, variant, {
        more: () => ['bowl', 'clock'].map((sku) => get(world.addresses.storefront, `/products/${sku}`)),
      });
      return { requests, requestsPerSecond: byMagnitude(variant, { low: 13, middle: 14, high: 15 }) };
    },
  }),

  /** A client for each query, and none of them is ever closed. */
  fault({
    ...TILL,
    id: 'items-client-for-each-query',
    class: 'file-descriptor-limit',
    kind: 'code',
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    culprit: deployed({
      service: 'mongo-api-service',
      file: 'src/database.ts',
      marker: 'const own = new MongoClient(uri, settings);',
      messages: ['mongo-api: no query waits for what another one holds', 'mongo-api: each query looks anew'],
      edits: {
        'src/database.ts': [
          ['  const client = new MongoClient(uri, {\n', '  const settings = {\n'],
          [
            '  });\n  const connections = ',
            '  };\n  const client = new MongoClient(uri, settings);\n  const connections = ',
          ],
          [
            '    await client.connect();\n    return client.db(databaseName);\n',
            '    const own = new MongoClient(uri, settings);\n    await own.connect();\n    return own.db(databaseName);\n',
          ],
        ],
      },
    }),
    traffic: (world, variant) => shoppers(world, variant, { factor: 0.7 }),
  }),

  /** Waits for room where there is room, so for ever. */
  fault({
    ...SHOP,
    id: 'storefront-waits-for-the-drain',
    class: 'queue-backlog',
    culprit: deployed({
      service: 'storefront',
      file: 'src/jobs/worker.ts',
      marker: "await once(outbox, 'drain');",
      messages: ['mails: one open outbox', 'mails: the outbox is a stream'],
      edits: {
        'src/jobs/worker.ts': [
          [
            "import { appendFile, mkdir } from 'node:fs/promises';\n",
            "import { once } from 'node:events';\nimport { createWriteStream, type WriteStream } from 'node:fs';\nimport { mkdir } from 'node:fs/promises';\n",
          ],
          [
            '  while (!signal.aborted) {\n    const job = queue.next();\n    if (job) await work(job, options);\n',
            "  const outbox = createWriteStream(join(options.dataDir, 'outbox', 'mails.jsonl'), { flags: 'a' });\n  while (!signal.aborted) {\n    const job = queue.next();\n    if (job) await work(job, outbox, options);\n",
          ],
          [
            'async function work(job: Job, options: WorkerOptions)',
            'async function work(job: Job, outbox: WriteStream, options: WorkerOptions)',
          ],
          ['const { queue, dataDir, currency,', 'const { queue, currency,'],
          [
            `    await appendFile(join(dataDir, 'outbox', 'mails.jsonl'), \`\${JSON.stringify(mail)}\\n\`);\n`,
            `    outbox.write(\`\${JSON.stringify(mail)}\\n\`);\n    await once(outbox, 'drain');\n`,
          ],
        ],
      },
    }),
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
  }),

  /** All digits of a place make it another one for each step. */
  fault({
    ...FORECASTS,
    services: ['weather-app1'],
    id: 'weather-every-step-a-place',
    class: 'rate-limit',
    dependency: 'open-meteo',
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/forecast-cache.ts',
      marker: `return \`\${latitude},\${longitude}\`;`,
      messages: ['weather: valleys are not hills', 'weather: the exact place, as it was asked for'],
      edits: {
        'src/forecast-cache.ts': [
          [`return \`\${latitude.toFixed(2)},\${longitude.toFixed(2)}\`;`, `return \`\${latitude},\${longitude}\`;`],
        ],
      },
    }),
    traffic: (world, variant) => walkers(world, variant, byMagnitude(variant, { low: 8, middle: 10, high: 13 })),
  }),

  /** A product is kept from all others while a bank thinks. */
  fault({
    ...SHOP,
    id: 'storefront-product-held-while-paying',
    class: 'timeout-latency',
    culprit: deployed({
      service: 'storefront',
      file: 'src/checkout.ts',
      marker: 'const charge_id = await holding(lines, parts.stock, () => pay(order_id, basket, sum, parts));',
      messages: ['checkout: nobody pays for what another one just bought', 'checkout: the last vase is sold once'],
      edits: {
        'src/checkout.ts': [
          [
            'const charge_id = await pay(order_id, basket, sum, parts);',
            'const charge_id = await holding(lines, parts.stock, () => pay(order_id, basket, sum, parts));',
          ],
          [
            '/** undefined: this shop has no provider',
            `/** Nobody else gets at these products until \`run\` is over. */
function holding<T>([line, ...others]: readonly OrderLine[], stock: Stock, run: () => Promise<T>): Promise<T> {
  return line === undefined ? run() : stock.withProduct(line.sku, () => holding(others, stock, run));
}

/** undefined: this shop has no provider`,
          ],
        ],
      },
    }),
    traffic: lampBuyers,
  }),

  /** The callee knows no such parameter: its first page comes again and again, once there is a full one. */
  fault({
    ...SHOP,
    id: 'storefront-first-page-again',
    class: 'timeout-latency',
    weight: 'cpu',
    culprit: latent({
      service: 'storefront',
      file: 'src/clients/catalog.ts',
      marker: `const next = Items.parse(await items.json(after === undefined ? PAGE : \`\${PAGE}&after=\${after}\`));`,
      messages: ['catalog: ready for a larger assortment', 'catalog: one page after the other'],
      edits: {
        'src/clients/catalog.ts': [
          [
            "const PAGE = '/items/?limit=100';\n",
            `const PAGE_SIZE = 100;\nconst PAGE = \`/items/?limit=\${PAGE_SIZE}\`;\nconst MOST_PAGES = 25;\n`,
          ],
          [
            '    return Items.parse(await items.json(PAGE)).map(toProduct);\n',
            `    const products: Product[] = [];
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const after = products.at(-1)?.id;
      const next = Items.parse(await items.json(after === undefined ? PAGE : \`\${PAGE}&after=\${after}\`));
      products.push(...next.map(toProduct));
      if (next.length < PAGE_SIZE) break;
    }
    return products;
`,
          ],
        ],
      },
    }),
    traffic: fewVisitors,
    async inject(world) {
      const items = world.addresses['mongo-api-service'];
      const headers = { 'content-type': 'application/json' };
      for (let nth = 1; nth <= NEW_ITEMS; nth += 1) {
        const body = JSON.stringify({ name: `tile-${nth}`, description: 'a tile', value: 4 });
        await fetch(`${items}/items/`, { method: 'POST', headers, body, signal: world.signal });
      }
    },
  }),
];

/** A supplier's whole list, so that a page is full. */
const NEW_ITEMS = 85;

function fewVisitors(world: World, variant: Variant): TrafficPlan {
  const { requests } = shoppers(world, variant);
  return { requests, requestsPerSecond: byMagnitude(variant, { low: 3, middle: 3.5, high: 4 }) };
}
