/** Changes in mongo-api-service and weather-app1: they fail themselves, or whoever calls them does. */
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault, guilty } from './fault.ts';
import { get, itemCallers, shoppers, weatherCallers } from './shoppers.ts';

export const calleeCode: readonly FaultTemplate[] = [
  /** Items without a description were read before. */
  fault({
    id: 'items-description-trimmed',
    class: 'code-error',
    kind: 'code',
    services: ['mongo-api-service'],
    backends: ['mongodb'],
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'mongo-api-service',
            file: 'src/item-repository.ts',
            marker: 'description: fields.description.trim(),',
            messages: ['items: descriptions without blanks around them', 'items: what was pasted is trimmed'],
            edits: {
              'src/item-repository.ts': [
                [
                  'return { id: id.toHexString(), ...fields, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };',
                  'return {\n    id: id.toHexString(),\n    ...fields,\n    description: fields.description.trim(),\n    created_at: createdAt.toISOString(),\n    updated_at: updatedAt.toISOString(),\n  };',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) => itemCallers(world, variant),
  }),

  /** The price moves into a field of its own; the storefront still reads the old one, and it is the one that alerts. */
  fault({
    id: 'items-amount-moved',
    class: 'code-error',
    kind: 'code',
    services: ['mongo-api-service', 'weather-app1', 'storefront'],
    backends: ['mongodb', 'open-meteo', 'payments'],
    service: 'mongo-api-service',
    alerting: 'storefront',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'mongo-api-service',
            file: 'src/item-repository.ts',
            marker: "amount: { value, currency: 'EUR' },",
            messages: ['items: an amount has a currency', 'items: amounts as the accountants want them'],
            edits: {
              'src/item-repository.ts': [
                ['updated_at: updatedAt, ...fields }', 'updated_at: updatedAt, value, ...fields }'],
                [
                  'return { id: id.toHexString(), ...fields, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };',
                  "return {\n    id: id.toHexString(),\n    ...fields,\n    amount: { value, currency: 'EUR' },\n    created_at: createdAt.toISOString(),\n    updated_at: updatedAt.toISOString(),\n  };",
                ],
              ],
              'src/item.ts': [
                [
                  '  readonly value: number;\n  /** ISO 8601, UTC. */',
                  '  readonly amount: { readonly value: number; readonly currency: string };\n  /** ISO 8601, UTC. */',
                ],
              ],
            },
          },
          variant,
        ),
    },
  }),

  /** The largest page becomes smaller than the one that the storefront asks for: 422 here, 502 there. */
  fault({
    id: 'items-page-limit',
    class: 'code-error',
    kind: 'code',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'mongo-api-service',
    alerting: 'storefront',
    culprit: {
      when: 'deploy',
      change(variant) {
        const limit = byMagnitude(variant, { low: 60, middle: 50, high: 40 });
        return guilty(
          {
            service: 'mongo-api-service',
            file: 'src/item.ts',
            marker: `const MAX_LIMIT = ${limit};`,
            messages: ['items: smaller pages', 'items: a page fits on a screen'],
            edits: { 'src/item.ts': [['const MAX_LIMIT = 100;', `const MAX_LIMIT = ${limit};`]] },
          },
          variant,
        );
      },
    },
  }),

  /** Each item of a page is fetched for itself. */
  fault({
    id: 'items-one-by-one',
    class: 'timeout-latency',
    kind: 'code',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'mongo-api-service',
            file: 'src/item-repository.ts',
            marker: 'const item = await database.query((db) => itemsOf(db).findOne({ _id }));',
            messages: ['items: one way to read an item', 'items: lists and single items are read alike'],
            edits: {
              'src/item-repository.ts': [
                [
                  '      const found = await database.query((db) => itemsOf(db).find().sort({ _id: 1 }).skip(skip).limit(limit).toArray());\n      return found.map(toItem);',
                  '      const found = await database.query((db) => itemsOf(db).find().sort({ _id: 1 }).skip(skip).limit(limit).toArray());\n      const items: Item[] = [];\n      for (const { _id } of found) {\n        const item = await database.query((db) => itemsOf(db).findOne({ _id }));\n        if (item) items.push(toItem(item));\n      }\n      return items;',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, { factor: byMagnitude(variant, { low: 0.5, middle: 0.6, high: 0.7 }) }),
  }),

  /** Seconds are taken for milliseconds: nothing is kept, and the provider's quota is used up. */
  fault({
    id: 'weather-kept-too-short',
    class: 'rate-limit',
    kind: 'code',
    services: ['weather-app1'],
    backends: ['open-meteo'],
    service: 'weather-app1',
    dependency: 'open-meteo',
    alerting: 'weather-app1',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'weather-app1',
            file: 'src/forecast-cache.ts',
            marker: 'places.set(place, { until: until(freshSeconds), forecast });',
            messages: [
              'weather: how long a forecast is fresh is said in seconds',
              'weather: times of the cache in one place',
            ],
            edits: {
              'src/forecast-cache.ts': [
                ['  readonly freshMilliseconds: number;', '  readonly freshSeconds: number;'],
                [
                  'const { freshMilliseconds, maxPlaces, now } = options;',
                  'const { freshSeconds, maxPlaces, now } = options;\n  const until = (seconds: number): number => now() + seconds;',
                ],
                [
                  'places.set(place, { until: now() + freshMilliseconds, forecast });',
                  'places.set(place, { until: until(freshSeconds), forecast });',
                ],
              ],
              'src/main.ts': [
                ['freshMilliseconds: forecasts.fresh_seconds * 1_000', 'freshSeconds: forecasts.fresh_seconds'],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      weatherCallers(world, variant, 40, byMagnitude(variant, { low: 9, middle: 12, high: 16 })),
  }),

  /** The weather of now gets another name; the storefront, which alerts, still reads the old one. */
  fault({
    id: 'weather-current-renamed',
    class: 'code-error',
    kind: 'code',
    services: ['mongo-api-service', 'weather-app1', 'storefront'],
    backends: ['mongodb', 'open-meteo', 'payments'],
    service: 'weather-app1',
    alerting: 'storefront',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'weather-app1',
            file: 'src/display.ts',
            marker: 'return { ...others, now: current };',
            messages: ['weather: plain words for what is shown', 'weather: now, hourly, daily'],
            edits: {
              'src/display.ts': [
                [
                  'export function shown(forecast: Forecast): Forecast {',
                  "export type Shown = Omit<Forecast, 'current'> & { readonly now: Forecast['current'] };\n\nexport function shown(forecast: Forecast): Shown {",
                ],
                [
                  '  return { ...forecast, current };',
                  '  const { current: _raw, ...others } = forecast;\n  return { ...others, now: current };',
                ],
              ],
              'src/routes.ts': [
                ["import { shown } from './display.ts';", "import { type Shown, shown } from './display.ts';"],
                ['import type { Forecast, WeatherProvider }', 'import type { WeatherProvider }'],
                ['Promise<Forecast> {', 'Promise<Shown> {'],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) => [get(world.addresses.storefront, `/delivery/${index % 2 === 0 ? 'berlin' : 'vienna'}`)],
      }),
  }),

  /** Released a while before a place is asked for of which the provider does not know everything. */
  fault({
    id: 'weather-digits-by-unit',
    class: 'code-error',
    kind: 'code',
    services: ['weather-app1'],
    backends: ['open-meteo'],
    service: 'weather-app1',
    alerting: 'weather-app1',
    culprit: {
      when: 'latent',
      change: (variant) =>
        guilty(
          {
            service: 'weather-app1',
            file: 'src/display.ts',
            marker: 'return Number(value.toFixed(WHOLE_UNITS.includes(unit) ? 0 : 1));',
            messages: ['weather: digits by unit in one line', 'weather: a shorter way to show a value'],
            edits: {
              'src/display.ts': [
                [
                  "  if (typeof value !== 'number') return value;\n  return WHOLE_UNITS.includes(unit) ? Math.round(value) : Math.round(value * 10) / 10;",
                  "  if (typeof value === 'string') return value;\n  return Number(value.toFixed(WHOLE_UNITS.includes(unit) ? 0 : 1));",
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) => weatherCallers(world, variant, 40, 8),
    async inject(world, variant) {
      const { requests } = weatherCallers(world, variant, 40, 8);
      const share = byMagnitude(variant, { low: 8, middle: 4, high: 2 });
      const north = requests.map((request, index) =>
        index % share === 0
          ? get(world.addresses['weather-app1'], `/weather/latitude=${71 + (index % 9)}.1&longitude=25.7`)
          : request,
      );
      world.setTraffic({ requests: north, requestsPerSecond: 8 });
    },
  }),
];
