/** Changes of the storefront that use something up, or make visitors wait. */
import type { FaultTemplate, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { deployed, latent, TILL, withNewFile } from '../fresh/shared.ts';
import { checkout, get, post, shoppers } from '../shoppers.ts';

const SHOP = { ...TILL, service: 'storefront', alerting: 'storefront', kind: 'code' } as const;

/** What goes together, written down in either order. */
const PAIRS = [
  ['table', 'chair'],
  ['chair', 'table'],
];

const ITERATIONS: Readonly<Record<Variant['traffic'], string>> = { low: '210_000', middle: '150_000', high: '100_000' };

function signatures(iterations: string): string {
  return `/** What shows that an id was given out by us. */
import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** A restart forgets all visitors, so it may forget this too. */
const SECRET = randomBytes(32).toString('base64');
const ITERATIONS = ${iterations};
const KEY_BYTES = 32;

export function signed(id: string): string {
  return \`\${id}.\${signatureOf(id)}\`;
}

/** undefined: it is none of ours. */
export function idIn(written: string): string | undefined {
  const [id = '', signature] = written.split('.');
  return signature === signatureOf(id) ? id : undefined;
}

function signatureOf(id: string): string {
  return createHmac('sha256', key()).update(id).digest('base64url');
}

function key(): Buffer {
  return pbkdf2Sync(SECRET, 'storefront sessions', ITERATIONS, KEY_BYTES, 'sha512');
}
`;
}

/** The more visitors, the less rest there must be between two of them. */
const QUIET_MILLISECONDS: Readonly<Record<Variant['traffic'], number>> = { low: 210, middle: 170, high: 125 };

function together(quietMilliseconds: number): string {
  return `/** Questions that come close together are one question. */
const QUIET_MILLISECONDS = ${quietMilliseconds};

export function together<T>(ask: () => Promise<T>): () => Promise<T> {
  let waiting: PromiseWithResolvers<T>[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function answerAll(): Promise<void> {
    const served = waiting;
    waiting = [];
    try {
      const answer = await ask();
      for (const { resolve } of served) resolve(answer);
    } catch (error) {
      for (const { reject } of served) reject(error);
    }
  }
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => void answerAll(), QUIET_MILLISECONDS);
    const mine = Promise.withResolvers<T>();
    waiting.push(mine);
    return mine.promise;
  };
}
`;
}

export const storefrontLatestResources: readonly FaultTemplate[] = [
  /** A key that is costly to make on purpose, made for each cookie. */
  fault({
    ...SHOP,
    id: 'storefront-cookies-signed',
    class: 'cpu-saturation',
    weight: 'cpu',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        withNewFile(
          {
            service: 'storefront',
            file: 'src/web/signature.ts',
            marker: "return pbkdf2Sync(SECRET, 'storefront sessions',",
            messages: ['sessions: nobody makes up an id', 'sessions: ids are signed'],
            edits: {
              'src/routes.ts': [
                [
                  "import type { Answer, Request, Route } from './web/server.ts';\n",
                  "import type { Answer, Request, Route } from './web/server.ts';\nimport { idIn, signed } from './web/signature.ts';\n",
                ],
                [
                  "  return /(?:^|;\\s*)sid=([\\w-]+)/.exec(headers.cookie ?? '')?.[1];\n",
                  "  const written = /(?:^|;\\s*)sid=([\\w.-]+)/.exec(headers.cookie ?? '')?.[1];\n  return written === undefined ? undefined : idIn(written);\n",
                ],
                [`\`sid=\${id}; Path=/;`, `\`sid=\${signed(id)}; Path=/;`],
              ],
            },
          },
          'src/web/signature.ts',
          signatures(ITERATIONS[variant.traffic]),
        ).change(variant),
    },
  }),

  /** Each question puts off all those before it: an answer comes when nobody has asked for a while. */
  fault({
    ...SHOP,
    id: 'storefront-asked-together',
    class: 'timeout-latency',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        withNewFile(
          {
            service: 'storefront',
            file: 'src/clients/together.ts',
            marker: 'clearTimeout(timer);',
            messages: ['assortment: one call for visitors who come together', 'catalog: fewer calls to the items'],
            edits: {
              'src/shop.ts': [
                [
                  "import { type Payments, payments } from './clients/payments.ts';\n",
                  "import { type Payments, payments } from './clients/payments.ts';\nimport { together } from './clients/together.ts';\n",
                ],
                [
                  "  const mails = createQueue('mails', queue.limit);\n",
                  "  const mails = createQueue('mails', queue.limit);\n  const assortment = together(async () => catalog(connected(items, 'the assortment')).all());\n",
                ],
                [
                  "    catalog: () => catalog(connected(items, 'the assortment')),\n",
                  "    catalog: () => ({ ...catalog(connected(items, 'the assortment')), all: assortment }),\n",
                ],
              ],
            },
          },
          'src/clients/together.ts',
          together(QUIET_MILLISECONDS[variant.traffic]),
        ).change(variant),
    },
  }),

  /** Who leaves is held by a timer until the hour is over. */
  fault({
    ...SHOP,
    id: 'storefront-forgotten-after-an-hour',
    class: 'memory-leak',
    seconds: { baseline: 85, incident: 66, recovery: 6 },
    culprit: deployed({
      service: 'storefront',
      file: 'src/sessions.ts',
      marker: 'setTimeout(() => forget(session), FORGET_MILLISECONDS)',
      messages: ['sessions: forgotten after an hour, as the privacy page says', 'sessions: nobody is known for long'],
      edits: {
        'src/sessions.ts': [
          ['const SEEN_PAGES = 5;\n', 'const SEEN_PAGES = 5;\nconst FORGET_MILLISECONDS = 60 * 60_000;\n'],
          [
            '  return {\n    open(id) {\n',
            '\n  function forget({ id }: Session): void {\n    sessions.delete(id);\n  }\n  return {\n    open(id) {\n',
          ],
          [
            '      sessions.set(session.id, session);\n',
            '      sessions.set(session.id, session);\n      setTimeout(() => forget(session), FORGET_MILLISECONDS).unref();\n',
          ],
        ],
      },
    }),
    traffic(world, variant) {
      const more = () => ['planter', 'tray'].map((sku) => get(world.addresses.storefront, `/products/${sku}`));
      const { requests } = shoppers(world, variant, { more });
      return { requests, requestsPerSecond: byMagnitude(variant, { low: 14, middle: 16, high: 18 }) };
    },
  }),

  /** Products are taken in the order in which baskets name them, each held while the next is waited for. */
  fault({
    ...SHOP,
    id: 'storefront-basket-as-a-whole',
    class: 'deadlock-stall',
    culprit: deployed({
      service: 'storefront',
      file: 'src/checkout.ts',
      marker: 'return withAll(others, parts, run);',
      messages: [
        'checkout: a basket is taken as a whole or not at all',
        'checkout: all of a basket at the price of today',
      ],
      edits: {
        'src/checkout.ts': [
          [
            '  for (const { sku, quantity } of lines) {\n    await parts.stock.withProduct(sku, async () => parts.stock.take(sku, quantity));\n  }\n',
            '  await withAll(lines, parts, async () => {\n    for (const { sku, quantity } of lines) parts.stock.take(sku, quantity);\n  });\n',
          ],
          [
            '/** undefined: this shop has no provider',
            `/** Runs when all products of the basket are held, each at the price that it had. */
async function withAll(
  lines: readonly OrderLine[],
  parts: CheckoutParts,
  run: () => Promise<void>,
): Promise<void> {
  const [line, ...others] = lines;
  if (!line) return run();
  return parts.stock.withProduct(line.sku, async () => {
    const { priceCents } = await parts.catalog.find(line.sku);
    if (priceCents !== line.unitCents) throw new HttpError(409, \`the price of \${line.sku} has changed\`);
    return withAll(others, parts, run);
  });
}

/** undefined: this shop has no provider`,
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          Array.from({ length: byMagnitude(variant, { low: 4, middle: 5, high: 6 }) }, (_none, nth) =>
            post(world.addresses.storefront, '/checkout', {
              customer: { name: `Customer ${index}`, email: `customer${index}@example.com` },
              lines: (PAIRS[nth % PAIRS.length] ?? []).map((sku) => ({ sku, quantity: 1 })),
              card: '4242424242424242',
            }),
          ),
      }),
  }),

  /** The first address that is none ends the one who sends mails; requests are still answered. */
  fault({
    ...SHOP,
    id: 'storefront-mails-written-first',
    class: 'queue-backlog',
    seconds: { baseline: 60, incident: 60, recovery: 8 },
    culprit: latent({
      service: 'storefront',
      file: 'src/jobs/worker.ts',
      marker: 'const mail = confirmationOf(job, options.currency);',
      messages: ['jobs: a mail is written once, then handed over', 'worker: only what may be tried again is tried'],
      edits: {
        'src/jobs/worker.ts': [
          [
            '  const { queue, dataDir, currency, maxAttempts,',
            '  const mail = confirmationOf(job, options.currency);\n  const { queue, dataDir, maxAttempts,',
          ],
          ['    const mail = confirmationOf(job, currency);\n', ''],
        ],
        'src/main.ts': [
          [
            '  void runWorker(worker, stopping.signal);\n',
            "  runWorker(worker, stopping.signal).catch((error: unknown) => log.error('worker ended', error));\n",
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, { checkoutEach: 1, more: (index) => [checkout(world.addresses.storefront, index)] }),
    async inject(world, variant) {
      const { storefront } = world.addresses;
      const each = byMagnitude(variant, { low: 12, middle: 8, high: 5 });
      const more = (index: number) => [
        checkout(storefront, index, index % each === 0 ? { email: `customer${index}@example` } : {}),
      ];
      world.setTraffic(shoppers(world, variant, { checkoutEach: 1, more }));
    },
  }),
];
