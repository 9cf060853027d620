/** Changes of weather-app1. */
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { deployed, latent, withNewFile } from '../fresh/shared.ts';
import { get, weatherCallers } from '../shoppers.ts';

const FORECASTS = {
  services: ['weather-app1'],
  backends: ['open-meteo'],
  service: 'weather-app1',
  alerting: 'weather-app1',
} as const satisfies Partial<FaultTemplate>;
const DELIVERED = { ...FORECASTS, services: ['weather-app1', 'storefront'] } as const;
type World = Parameters<FaultTemplate['traffic']>[0];

const SETTINGS_END = '"timeout_milliseconds": 6000 }\n';
const READER_END = '  provider: z.object({ timeout_milliseconds: z.number().int().positive() }),\n';
const CITIES = ['berlin', 'oslo', 'vienna', 'hamburg', 'madrid'];

/** Callers of the weather, and people who ask when a parcel comes. */
function withParcels(world: World, variant: Variant): TrafficPlan {
  const own = weatherCallers(world, variant, 40, 9);
  const requests = own.requests.flatMap((request, index) =>
    index % 3 === 0
      ? [request, get(world.addresses.storefront, `/delivery/${CITIES[index % CITIES.length]}`)]
      : [request],
  );
  return { ...own, requests };
}

/** The same places, as it happens. */
function inNoOrder(world: World, variant: Variant): TrafficPlan {
  const { requests: places, requestsPerSecond } = weatherCallers(world, variant, 50, 5);
  const requests = Array.from({ length: 600 }, () => places[Math.floor(variant.random() * places.length)]);
  return { requests: requests.filter((request) => request !== undefined), requestsPerSecond };
}

export const forecastsLatest: readonly FaultTemplate[] = [
  /** Who comes second shares the call of the first, also when it is long over and brought nothing. */
  fault({
    ...FORECASTS,
    id: 'weather-call-shared',
    class: 'code-error',
    kind: 'code',
    culprit: latent({
      service: 'weather-app1',
      file: 'src/forecast-cache.ts',
      marker: 'underWay.delete(place);',
      messages: ['weather: two who ask at once share a call', 'weather: one call for a place at a time'],
      edits: {
        'src/forecast-cache.ts': [
          [
            '  const places = new Map<string, Kept>();\n  return {\n',
            `  const places = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Forecast>>();

  async function shared(place: string, ask: () => Promise<Forecast>): Promise<Forecast> {
    const others = underWay.get(place);
    if (others !== undefined) return others;
    const own = ask();
    underWay.set(place, own);
    const forecast = await own;
    underWay.delete(place);
    return forecast;
  }
  return {
`,
          ],
          [
            'const forecast = await provider.forecast(coordinates);',
            'const forecast = await shared(place, () => provider.forecast(coordinates));',
          ],
        ],
      },
    }),
    traffic: inNoOrder,
    async inject(world, variant) {
      await world.backend('open-meteo').set({ mode: 'status', status: 503, share: 1 });
      await world.pause(byMagnitude(variant, { low: 4, middle: 4.5, high: 5 }));
      await world.backend('open-meteo').set({ mode: 'well' });
    },
  }),

  /** Room for a few places, where callers ask for many in turn. */
  fault({
    ...FORECASTS,
    id: 'weather-room-in-kilobytes',
    class: 'rate-limit',
    kind: 'config',
    dependency: 'open-meteo',
    culprit: {
      when: 'deploy',
      change: (variant) => {
        const kilobytes = byMagnitude(variant, { low: 512, middle: 384, high: 256 });
        return deployed({
          service: 'weather-app1',
          file: 'config/settings.json',
          marker: `"kilobytes": ${kilobytes}`,
          messages: ['weather settings: memory in kilobytes', 'weather: what is kept has a size'],
          edits: {
            'config/settings.json': [
              [SETTINGS_END, `"timeout_milliseconds": 6000 },\n  "memory": { "kilobytes": ${kilobytes} }\n`],
            ],
            'src/settings.ts': [
              [READER_END, `${READER_END}  memory: z.object({ kilobytes: z.number().positive() }),\n`],
            ],
            'src/main.ts': [
              [
                'const { forecasts, provider: limits } = readSettings(',
                'const { forecasts, memory, provider: limits } = readSettings(',
              ],
              [
                'maxPlaces: forecasts.places,',
                'maxPlaces: Math.min(forecasts.places, Math.floor(memory.kilobytes / FORECAST_KILOBYTES)),',
              ],
              [
                'await runConfigured(\n',
                '/** One with all its days. */\nconst FORECAST_KILOBYTES = 25;\n\nawait runConfigured(\n',
              ],
            ],
          },
        }).change(variant);
      },
    },
    traffic: (world, variant) =>
      weatherCallers(world, variant, 45, byMagnitude(variant, { low: 9, middle: 10, high: 11 })),
  }),

  /** A process that is larger than a figure is ended and started anew; it has never been smaller. */
  fault({
    ...DELIVERED,
    id: 'weather-recycled-by-size',
    class: 'process-down',
    kind: 'config',
    culprit: withNewFile(
      {
        service: 'weather-app1',
        file: 'config/settings.json',
        marker: '"resident_megabytes": 64',
        messages: ['weather: a fresh process before the memory gets scarce', 'weather settings: how large it may get'],
        edits: {
          'config/settings.json': [
            [SETTINGS_END, '"timeout_milliseconds": 6000 },\n  "recycle": { "resident_megabytes": 64 }\n'],
          ],
          'src/settings.ts': [
            [READER_END, `${READER_END}  recycle: z.object({ resident_megabytes: z.number().int().positive() }),\n`],
          ],
          'src/main.ts': [
            [
              "import { readSettings } from './settings.ts';\n",
              "import { recycleAbove } from './recycle.ts';\nimport { readSettings } from './settings.ts';\n",
            ],
            [
              'const { forecasts, provider: limits } = readSettings(',
              'const { forecasts, recycle, provider: limits } = readSettings(',
            ],
            [
              '    await server.listen({ host, port });\n',
              '    await server.listen({ host, port });\n    recycleAbove(recycle.resident_megabytes, logger);\n',
            ],
          ],
        },
      },
      'src/recycle.ts',
      `/** Ends the process when it has grown; whoever guards it starts a fresh one. */
import type { Logger } from '@incident-agent/service-kit/logging';

const LOOK_MILLISECONDS = 9_000;
const MEGABYTE = 1024 * 1024;

export function recycleAbove(megabytes: number, logger: Logger): void {
  setInterval(() => {
    const resident = Math.round(process.memoryUsage.rss() / MEGABYTE);
    if (resident <= megabytes) return;
    logger.info({ resident_megabytes: resident }, 'Makes room for a fresh process');
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MILLISECONDS).unref();
}
`,
    ),
    traffic: withParcels,
    async inject(world) {
      world.keepRestarting('weather-app1', 7);
    },
  }),

  /** Short names lead to files that the package does not give out. */
  fault({
    ...DELIVERED,
    id: 'weather-short-names-of-files',
    class: 'bad-config',
    kind: 'config',
    culprit: deployed({
      service: 'weather-app1',
      file: 'package.json',
      marker: '"#kit/*": "@incident-agent/service-kit/src/*.ts"',
      messages: ['weather: short names for what others wrote', 'weather: imports as in the new guidelines'],
      edits: {
        'package.json': [
          [
            '  "type": "module",\n',
            '  "type": "module",\n  "imports": {\n    "#kit/*": "@incident-agent/service-kit/src/*.ts"\n  },\n',
          ],
        ],
        'src/server.ts': [
          [" from '@incident-agent/service-kit/logging';", " from '#kit/logging';"],
          [" from '@incident-agent/service-kit/metrics';", " from '#kit/metrics';"],
        ],
        'src/main.ts': [["'@incident-agent/service-kit/logging'", "'#kit/logging'"]],
        'src/configuration.ts': [["'@incident-agent/service-kit/configuration'", "'#kit/configuration'"]],
      },
    }),
    traffic: withParcels,
    async inject(world) {
      world.keepRestarting('weather-app1', 5);
    },
  }),
];
