/** Changes of the storefront's team after which requests fail. */
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault, guilty } from './fault.ts';
import { checkout, get, shoppers } from './shoppers.ts';

const SHOP = {
  kind: 'code',
  services: ['mongo-api-service', 'weather-app1', 'storefront'],
  backends: ['mongodb', 'open-meteo', 'payments'],
  service: 'storefront',
  alerting: 'storefront',
} as const;

export const storefrontCode: readonly FaultTemplate[] = [
  /** A code that is not known any more ends the request, where it gave no discount before. */
  fault({
    ...SHOP,
    id: 'storefront-discount-lookup',
    class: 'code-error',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/pricing.ts',
            marker: 'const { percent, fromCents } = discountFor(code);',
            messages: [
              'pricing: discounts by their code',
              'pricing: one look-up per basket',
              'discounts are a table now',
            ],
            edits: {
              'src/pricing.ts': [
                [
                  '  const discount = discountFor(code);\n  if (discount === undefined || goodsCents < discount.fromCents) return 0;\n  return Math.round((goodsCents * discount.percent) / 100);',
                  '  if (code === undefined) return 0;\n  const { percent, fromCents } = discountFor(code);\n  return goodsCents < fromCents ? 0 : Math.round((goodsCents * percent) / 100);',
                ],
                [
                  'function discountFor(code: string | undefined): Discount | undefined {\n  return DISCOUNTS.find((each) => each.code === code?.trim().toUpperCase());\n}',
                  'const BY_CODE: Readonly<Record<string, Discount>> = Object.fromEntries(DISCOUNTS.map((each) => [each.code, each]));\n\nfunction discountFor(code: string): Discount {\n  return BY_CODE[code.trim().toUpperCase()];\n}',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        checkoutEach: 1,
        discounts: byMagnitude(variant, {
          low: [undefined, 'WELCOME5', undefined, 'SUMMER20'],
          middle: [undefined, 'WELCOME5', 'SUMMER20'],
          high: ['WELCOME5', 'SUMMER20', 'summer20'],
        }),
      }),
  }),

  /** The field is renamed where it is kept, not where the front page reads it. */
  fault({
    ...SHOP,
    id: 'storefront-session-rename',
    class: 'code-error',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/sessions.ts',
            marker: 'const session: Session = { id: randomUUID(), pages: [] };',
            messages: ['sessions: pages are called pages', 'sessions: names as in the wording guide'],
            edits: {
              'src/sessions.ts': [
                ['  readonly seen: SeenPage[];', '  readonly pages: SeenPage[];'],
                ['{ id: randomUUID(), seen: [] }', '{ id: randomUUID(), pages: [] }'],
                ['session.seen.unshift(', 'session.pages.unshift('],
                [
                  'session.seen.length = Math.min(session.seen.length, SEEN_PAGES)',
                  'session.pages.length = Math.min(session.pages.length, SEEN_PAGES)',
                ],
              ],
            },
          },
          variant,
        ),
    },
  }),

  /** Released a while before anybody asks for a place of which the provider knows no gusts. */
  fault({
    ...SHOP,
    id: 'storefront-gusts-unknown',
    class: 'code-error',
    culprit: {
      when: 'latent',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/delivery.ts',
            marker: 'gustsKmh: there.gustsKmh.toFixed(0),',
            messages: ['delivery: show gusts, the carrier asks for them', 'delivery: gusts beside the note'],
            edits: {
              'src/delivery.ts': [
                ['  readonly note: string;\n', '  readonly note: string;\n  readonly gustsKmh: string;\n'],
                [
                  '  return { city: name, days: city.days + (isStormy ? STORM_DAYS : 0), note: noteFor(there, isStormy) };',
                  '  return {\n    city: name,\n    days: city.days + (isStormy ? STORM_DAYS : 0),\n    note: noteFor(there, isStormy),\n    gustsKmh: there.gustsKmh.toFixed(0),\n  };',
                ],
              ],
            },
          },
          variant,
        ),
    },
    async inject(world, variant) {
      const cities = byMagnitude(variant, {
        low: ['berlin', 'oslo', 'longyearbyen'],
        middle: ['longyearbyen', 'oslo'],
        high: ['longyearbyen'],
      });
      world.setTraffic(shoppers(world, variant, { cities }));
    },
  }),

  /** The charge is not waited for; a card that is declined then ends the process. */
  fault({
    ...SHOP,
    id: 'storefront-charge-not-awaited',
    class: 'code-error',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/checkout.ts',
            marker: 'const charge_id = pay(order_id, basket, sum, parts);',
            messages: ['checkout: nobody waits for the bank', 'checkout: mail first, charge beside it'],
            edits: {
              'src/checkout.ts': [
                [
                  'const charge_id = await pay(order_id, basket, sum, parts);',
                  'const charge_id = pay(order_id, basket, sum, parts);',
                ],
                ['  readonly charge_id: string | undefined;', '  readonly charge_id: Promise<string | undefined>;'],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          index % byMagnitude(variant, { low: 6, middle: 4, high: 2 }) === 0
            ? [checkout(world.addresses.storefront, index, { card: '4000000000000002' })]
            : [],
      }),
    async inject(world) {
      world.keepRestarting('storefront', 4);
    },
  }),

  /** A product that is sold out keeps its lock: who asks for it next waits for ever. */
  fault({
    ...SHOP,
    id: 'storefront-lock-kept',
    class: 'deadlock-stall',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/stock.ts',
            marker: 'const done = await run();',
            messages: ['stock: the turn is told when the work is done', 'stock: a shorter way through the line'],
            edits: {
              'src/stock.ts': [
                [
                  '      try {\n        return await run();\n      } finally {\n        turn.resolve();\n      }',
                  '      const done = await run();\n      turn.resolve();\n      return done;',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          index % byMagnitude(variant, { low: 3, middle: 2, high: 1 }) === 0
            ? [checkout(world.addresses.storefront, index, { sku: 'vase' })]
            : [],
      }),
  }),

  /** One call for each product of the front page, where one call brought them all. */
  fault({
    ...SHOP,
    id: 'storefront-call-per-product',
    class: 'timeout-latency',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/routes.ts',
            marker: 'rows.push({ ...(await shop.catalog().find(sku)), left: shop.stock.left(sku) });',
            messages: ['front page: what is left of each product', 'front page: prices and stock of this minute'],
            edits: {
              'src/routes.ts': [
                [
                  '      const products = await shop.catalog().all();\n      const seen',
                  '      const products = await shop.catalog().all();\n      const rows = [];\n      for (const { sku } of products) {\n        rows.push({ ...(await shop.catalog().find(sku)), left: shop.stock.left(sku) });\n      }\n      const seen',
                ],
                ['products: products.slice(0, 8), seen', 'products: rows.slice(0, 8), seen'],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        factor: 0.6,
        more: () =>
          Array.from({ length: byMagnitude(variant, { low: 1, middle: 2, high: 3 }) }, () =>
            get(world.addresses.storefront, '/'),
          ),
      }),
  }),
];
