/** What the team does not own fails: nobody's commit is guilty. */
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault } from './fault.ts';
import { itemCallers, shoppers, weatherCallers } from './shoppers.ts';

const ITEMS = {
  kind: 'dependency',
  services: ['mongo-api-service', 'storefront'],
  backends: ['mongodb', 'payments'],
  service: 'mongo-api-service',
  dependency: 'mongodb',
} as const;
const WEATHER = {
  kind: 'dependency',
  services: ['weather-app1', 'storefront'],
  backends: ['open-meteo'],
  service: 'weather-app1',
  dependency: 'open-meteo',
} as const;
const TILL = {
  kind: 'dependency',
  services: ['mongo-api-service', 'storefront'],
  backends: ['mongodb', 'payments'],
  service: 'storefront',
  dependency: 'payments',
  alerting: 'storefront',
} as const;

export const backendFaults: readonly FaultTemplate[] = [
  fault({
    ...ITEMS,
    id: 'mongodb-gone',
    class: 'dependency-refused',
    services: ['mongo-api-service'],
    backends: ['mongodb'],
    alerting: 'mongo-api-service',
    traffic: (world, variant) => itemCallers(world, variant),
    inject: (world) => world.backend('mongodb').stop(),
    recover: (world) => world.backend('mongodb').start(),
  }),

  /** Two services alert for one cause, and the alert of the one that only suffers is answered. */
  fault({
    ...ITEMS,
    id: 'mongodb-gone-seen-from-storefront',
    class: 'dependency-refused',
    alerting: 'storefront',
    inject: (world) => world.backend('mongodb').stop(),
    recover: (world) => world.backend('mongodb').start(),
  }),

  fault({
    ...ITEMS,
    id: 'mongodb-slow',
    class: 'timeout-latency',
    alerting: 'mongo-api-service',
    inject: (world, variant) =>
      world
        .backend('mongodb')
        .set({ mode: 'slow', milliseconds: byMagnitude(variant, { low: 600, middle: 900, high: 1_500 }) }),
    recover: (world) => world.backend('mongodb').set({ mode: 'well' }),
  }),

  /** The storefront gives up first and alerts; mongo-api-service waits for its database. */
  fault({
    ...ITEMS,
    id: 'mongodb-silent-seen-from-storefront',
    class: 'timeout-latency',
    alerting: 'storefront',
    inject: (world) => world.backend('mongodb').set({ mode: 'hang' }),
    recover: (world) => world.backend('mongodb').set({ mode: 'well' }),
  }),

  fault({
    ...WEATHER,
    id: 'open-meteo-failing',
    class: 'external-api-down',
    alerting: 'weather-app1',
    inject: (world, variant) =>
      world.backend('open-meteo').set({
        mode: 'status',
        status: byMagnitude(variant, { low: 500, middle: 503, high: 502 }),
        share: byMagnitude(variant, { low: 0.7, middle: 0.9, high: 1 }),
      }),
    recover: (world) => world.backend('open-meteo').set({ mode: 'well' }),
  }),

  fault({
    ...WEATHER,
    id: 'open-meteo-silent-seen-from-storefront',
    class: 'external-api-down',
    alerting: 'storefront',
    inject: (world) => world.backend('open-meteo').set({ mode: 'hang' }),
    recover: (world) => world.backend('open-meteo').set({ mode: 'well' }),
  }),

  fault({
    ...WEATHER,
    id: 'open-meteo-quota',
    class: 'rate-limit',
    services: ['weather-app1'],
    alerting: 'weather-app1',
    traffic: (world, variant) =>
      weatherCallers(world, variant, 60, byMagnitude(variant, { low: 5, middle: 6, high: 8 })),
    inject: (world, variant) =>
      world.backend('open-meteo').set({
        mode: 'status',
        status: 429,
        share: byMagnitude(variant, { low: 0.6, middle: 0.85, high: 1 }),
        retryAfterSeconds: 60,
      }),
    recover: (world) => world.backend('open-meteo').set({ mode: 'well' }),
  }),

  fault({
    ...TILL,
    id: 'payments-failing',
    class: 'external-api-down',
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    inject: (world, variant) =>
      world
        .backend('payments')
        .set({ mode: 'status', status: 503, share: byMagnitude(variant, { low: 0.6, middle: 0.8, high: 1 }) }),
    recover: (world) => world.backend('payments').set({ mode: 'well' }),
  }),

  fault({
    ...TILL,
    id: 'payments-certificate',
    class: 'tls-certificate',
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    inject: (world) => world.backend('payments').set({ mode: 'certificate' }),
    recover: (world) => world.backend('payments').set({ mode: 'well' }),
  }),

  fault({
    ...TILL,
    id: 'payments-slow',
    class: 'timeout-latency',
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    inject: (world, variant) =>
      world
        .backend('payments')
        .set({ mode: 'slow', milliseconds: byMagnitude(variant, { low: 1_600, middle: 2_400, high: 3_400 }) }),
    recover: (world) => world.backend('payments').set({ mode: 'well' }),
  }),
];
