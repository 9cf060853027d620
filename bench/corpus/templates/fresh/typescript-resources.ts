/** Changes of the TypeScript services that use up what they have, or what others grant them. */
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude, fault, storefrontData } from '../fault.ts';
import { checkout, get, shoppers, weatherCallers } from '../shoppers.ts';
import { smallDisk } from '../small-disk.ts';
import { COUNTER, DELIVERY, deployed, TILL } from './shared.ts';

const SHOP = { ...TILL, service: 'storefront', alerting: 'storefront', kind: 'code' } as const;
const WEATHER = { ...DELIVERY, service: 'weather-app1', alerting: 'weather-app1', kind: 'code' } as const;

export const typescriptResources: readonly FaultTemplate[] = [
  /** Seconds where milliseconds are asked for: everybody is asked for their health without a rest. */
  fault({
    services: ['mongo-api-service', 'weather-app1', 'orders', 'ledger', 'storefront'],
    backends: ['mongodb', 'open-meteo', 'payments'],
    id: 'storefront-asks-without-rest',
    class: 'cpu-saturation',
    kind: 'code',
    service: 'storefront',
    alerting: 'storefront',
    weight: 'cpu',
    culprit: deployed({
      service: 'storefront',
      file: 'src/health.ts',
      marker: 'await wait(EVERY_SECONDS,',
      messages: ['health: seconds, as in the settings', 'health: one unit everywhere'],
      edits: {
        'src/health.ts': [
          ['const EVERY_MILLISECONDS = 2_000;', 'const EVERY_SECONDS = 1;'],
          ['await wait(EVERY_MILLISECONDS,', 'await wait(EVERY_SECONDS,'],
        ],
      },
    }),
  }),

  /** The mail server's pause, a hundred times as long. */
  fault({
    ...SHOP,
    id: 'storefront-pause-of-the-mail-server',
    class: 'queue-backlog',
    kind: 'config',
    seconds: { baseline: 60, incident: 60, recovery: 8 },
    culprit: deployed({
      service: 'storefront',
      file: 'config/storefront.json',
      marker: '"pause_ms": 3000',
      messages: ['storefront settings: what the new mail server asks for', 'storefront settings: mails as agreed'],
      edits: { 'config/storefront.json': [['"pause_ms": 30 ', '"pause_ms": 3000 ']] },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, { checkoutEach: 1, more: (index) => [checkout(world.addresses.storefront, index)] }),
  }),

  /** A picture in each mail, and a disk of a few megabytes. */
  fault({
    ...SHOP,
    id: 'storefront-mails-with-a-picture',
    class: 'disk-full',
    seconds: { baseline: 60, incident: 60, recovery: 8 },
    culprit: deployed({
      service: 'storefront',
      file: 'src/jobs/confirmation.ts',
      marker: "banner: Buffer.alloc(320 * 130 * 3, 0xe6).toString('base64'),",
      messages: ['mails: the banner comes with them', 'mails: no picture is fetched from elsewhere'],
      edits: {
        'src/jobs/confirmation.ts': [
          [
            '  readonly text: string;\n',
            '  readonly text: string;\n  /** A bitmap, so that nothing is fetched when the mail is opened. */\n  readonly banner: string;\n',
          ],
          [
            `    subject: \`Your order \${order.id}\`,\n`,
            `    subject: \`Your order \${order.id}\`,\n    banner: Buffer.alloc(320 * 130 * 3, 0xe6).toString('base64'),\n`,
          ],
        ],
      },
    }),
    environment(_variant, scratch) {
      smallDisk(storefrontData(scratch));
      return {};
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        checkoutEach: 1,
        more: (index) => [
          checkout(world.addresses.storefront, index),
          get(world.addresses.storefront, '/exports/orders.csv'),
        ],
      }),
  }),

  /** Whoever asks for an order that is not there keeps a connection while it is looked for again. */
  fault({
    ...COUNTER,
    id: 'storefront-looks-again',
    class: 'pool-exhaustion',
    kind: 'code',
    service: 'storefront',
    alerting: 'storefront',
    culprit: deployed({
      service: 'storefront',
      file: 'src/clients/orders.ts',
      marker: 'await wait(LOOK_AGAIN_MILLISECONDS);',
      messages: ['orders: one that was placed a moment ago is found', 'orders: patience with new ones'],
      edits: {
        'src/clients/orders.ts': [
          [
            "import { z } from 'zod';\n",
            "import { setTimeout as wait } from 'node:timers/promises';\nimport { z } from 'zod';\n",
          ],
          [
            'const NOT_FOUND = 404;\n',
            'const NOT_FOUND = 404;\nconst LOOKS = 4;\nconst LOOK_AGAIN_MILLISECONDS = 800;\n',
          ],
          [
            `return Order.parse(await service.json(\`/orders/\${encodeURIComponent(id)}\`));`,
            `return Order.parse(await sought(() => service.json(\`/orders/\${encodeURIComponent(id)}\`)));`,
          ],
          [
            'function missing(error: unknown): boolean {',
            'async function sought(look: () => Promise<unknown>): Promise<unknown> {\n  for (let looks = 1; looks < LOOKS; looks += 1) {\n    try {\n      return await look();\n    } catch (error) {\n      if (!missing(error)) throw error;\n      await wait(LOOK_AGAIN_MILLISECONDS);\n    }\n  }\n  return look();\n}\n\nfunction missing(error: unknown): boolean {',
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) => [1, 2].map((nth) => get(world.addresses.storefront, `/orders/${900_000 + index * 2 + nth}`)),
        factor: variant.traffic === 'low' ? 1.4 : 1,
      }),
  }),

  /** For each place its neighbours are asked for as well, from a provider that counts. */
  fault({
    ...WEATHER,
    id: 'weather-neighbours-ahead',
    class: 'rate-limit',
    dependency: 'open-meteo',
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/forecast-cache.ts',
      marker: 'for (const near of neighboursOf(coordinates)) void keep(near).catch(() => undefined);',
      messages: ['weather: who moves the map finds it ready', 'weather: the places around are known as well'],
      edits: {
        'src/forecast-cache.ts': [
          [
            '  return {\n    async forecast(coordinates) {\n      const place = placeOf(coordinates);\n      const kept = places.get(place);\n      if (kept !== undefined && kept.until > now()) return kept.forecast;\n      const forecast = await provider.forecast(coordinates);\n      places.delete(place);\n      for (const oldest of places.keys()) {\n        if (places.size < maxPlaces) break;\n        places.delete(oldest);\n      }\n      places.set(place, { until: now() + freshMilliseconds, forecast });\n      return forecast;\n    },\n  };\n',
            '  async function keep(coordinates: Coordinates): Promise<Forecast> {\n    const place = placeOf(coordinates);\n    const kept = places.get(place);\n    if (kept !== undefined && kept.until > now()) return kept.forecast;\n    const forecast = await provider.forecast(coordinates);\n    places.delete(place);\n    for (const oldest of places.keys()) {\n      if (places.size < maxPlaces) break;\n      places.delete(oldest);\n    }\n    places.set(place, { until: now() + freshMilliseconds, forecast });\n    return forecast;\n  }\n  return {\n    forecast(coordinates) {\n      for (const near of neighboursOf(coordinates)) void keep(near).catch(() => undefined);\n      return keep(coordinates);\n    },\n  };\n',
          ],
          [
            'function placeOf(',
            'const STEP_DEGREES = 0.25;\n\nfunction neighboursOf({ latitude, longitude }: Coordinates): Coordinates[] {\n  return [-1, 1].flatMap((way) => [\n    { latitude: latitude + way * STEP_DEGREES, longitude },\n    { latitude, longitude: longitude + way * STEP_DEGREES },\n  ]);\n}\n\nfunction placeOf(',
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      weatherCallers(world, variant, 60, byMagnitude(variant, { low: 5, middle: 6, high: 8 })),
  }),

  /** What was shown is kept for a comparison, and nothing ever leaves. */
  fault({
    ...WEATHER,
    id: 'weather-pages-kept',
    class: 'memory-leak',
    seconds: { baseline: 80, incident: 66, recovery: 6 },
    culprit: deployed({
      service: 'weather-app1',
      file: 'src/display.ts',
      marker: 'shownToday.push({ page: structuredClone(page)',
      messages: ['weather: how good yesterday was, first part', 'weather: pages are kept for the comparison'],
      edits: {
        'src/display.ts': [
          [
            "const WHOLE_UNITS = ['%', '°', 'wmo code'];\n",
            "const WHOLE_UNITS = ['%', '°', 'wmo code'];\n/** Compared with what came true in the evening. */\nconst shownToday: { page: Forecast; text: string }[] = [];\n",
          ],
          [
            '  return { ...forecast, current };\n',
            '  const page = { ...forecast, current };\n  shownToday.push({ page: structuredClone(page), text: JSON.stringify(page, undefined, 2) });\n  return page;\n',
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      weatherCallers(world, variant, 50, byMagnitude(variant, { low: 26, middle: 30, high: 36 })),
  }),
];
