/** Changes to settings that stand in the repository. */
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault, guilty } from './fault.ts';
import { itemCallers, shoppers, weatherCallers } from './shoppers.ts';

export const settingsChanges: readonly FaultTemplate[] = [
  /** A key is renamed in the file, not where it is read: the service does not start any more. */
  fault({
    id: 'storefront-key-renamed',
    class: 'bad-config',
    kind: 'config',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    alerting: 'storefront',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          byMagnitude(variant, {
            low: {
              service: 'storefront',
              file: 'config/storefront.json',
              marker: '"attempts": 4',
              messages: [
                'storefront settings: shorter names',
                'storefront settings: attempts, as the mail server calls them',
              ],
              edits: { 'config/storefront.json': [['"max_attempts": 4', '"attempts": 4']] },
            },
            middle: {
              service: 'storefront',
              file: 'config/storefront.json',
              marker: '"acquire_timeout": 1000',
              messages: ['storefront settings: units belong into the readme', 'storefront settings: tidied'],
              edits: { 'config/storefront.json': [['"acquire_timeout_ms": 1000', '"acquire_timeout": 1000']] },
            },
            high: {
              service: 'storefront',
              file: 'config/storefront.json',
              marker: '"wind_limit_kmh": "60"',
              messages: ['storefront settings: the carrier writes limits as text', 'delivery: the limit as it came'],
              edits: { 'config/storefront.json': [['"wind_limit_kmh": 60', '"wind_limit_kmh": "60"']] },
            },
          }),
          variant,
        ),
    },
    async inject(world) {
      world.keepRestarting('storefront', 5);
    },
  }),

  /** Less time for a charge than a bank takes. */
  fault({
    id: 'storefront-charge-time',
    class: 'timeout-latency',
    kind: 'config',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    alerting: 'storefront',
    culprit: {
      when: 'deploy',
      change(variant) {
        const limit = byMagnitude(variant, { low: 80, middle: 70, high: 45 });
        return guilty(
          {
            service: 'storefront',
            file: 'config/storefront.json',
            marker: `"payments": ${limit}`,
            messages: [
              'storefront settings: the till does not keep people waiting',
              'storefront settings: limits reviewed',
            ],
            edits: { 'config/storefront.json': [['"payments": 3000', `"payments": ${limit}`]] },
          },
          variant,
        );
      },
    },
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
  }),

  /** Less time for a forecast than the provider takes. */
  fault({
    id: 'weather-forecast-time',
    class: 'timeout-latency',
    kind: 'config',
    services: ['weather-app1'],
    backends: ['open-meteo'],
    service: 'weather-app1',
    alerting: 'weather-app1',
    culprit: {
      when: 'deploy',
      change(variant) {
        const limit = byMagnitude(variant, { low: 95, middle: 80, high: 50 });
        return guilty(
          {
            service: 'weather-app1',
            file: 'config/settings.json',
            marker: `"timeout_milliseconds": ${limit}`,
            messages: ['weather settings: a page is built in a tenth of a second', 'weather settings: limits reviewed'],
            edits: { 'config/settings.json': [['"timeout_milliseconds": 6000', `"timeout_milliseconds": ${limit}`]] },
          },
          variant,
        );
      },
    },
    traffic: (world, variant) =>
      weatherCallers(world, variant, 50, byMagnitude(variant, { low: 5, middle: 7, high: 9 })),
  }),

  /** One connection to the database for everybody. */
  fault({
    id: 'items-pool-size',
    class: 'pool-exhaustion',
    kind: 'config',
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
            file: 'config/settings.json',
            marker: '"size": 1,',
            messages: ['mongo-api settings: connections cost memory', 'mongo-api settings: as on the test machine'],
            edits: { 'config/settings.json': [['"size": 20,', '"size": 1,']] },
          },
          variant,
        ),
    },
    traffic(world, variant) {
      const { requests } = itemCallers(world, variant);
      return { requests, requestsPerSecond: byMagnitude(variant, { low: 80, middle: 95, high: 110 }) };
    },
  }),

  /** A token of the environment is gone after a restart: the service does not start any more. */
  fault({
    id: 'storefront-token-missing',
    class: 'bad-config',
    kind: 'config',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    alerting: 'storefront',
    async inject(world) {
      await world.restart('storefront', { PAYMENTS_TOKEN: undefined });
      world.keepRestarting('storefront', 5);
    },
  }),

  /** A token of the environment was changed on one side only. */
  fault({
    id: 'storefront-token-rotated',
    class: 'auth-secret',
    kind: 'config',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    dependency: 'payments',
    alerting: 'storefront',
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    async inject(world) {
      await world.restart('storefront', { PAYMENTS_TOKEN: 'shop-live-77b0' });
    },
  }),

  /** The provider's name in the environment does not exist. */
  fault({
    id: 'weather-provider-name',
    class: 'dns',
    kind: 'config',
    services: ['weather-app1', 'storefront'],
    backends: ['open-meteo'],
    service: 'weather-app1',
    alerting: 'weather-app1',
    async inject(world, variant) {
      const name = byMagnitude(variant, { low: 'api.open-meteo', middle: 'weather-proxy', high: 'forecast.services' });
      await world.restart('weather-app1', { OPEN_METEO_URL: `http://${name}.invalid` });
    },
  }),
];
