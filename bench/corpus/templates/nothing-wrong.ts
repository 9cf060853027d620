/** An alert is answered, and nothing is wrong, or not any more. */
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault } from './fault.ts';
import { get, itemCallers, post, shoppers, weatherCallers } from './shoppers.ts';

const CALM = { class: null, kind: 'none', seconds: { baseline: 60, incident: 45, recovery: 10 } } as const;
const SHOP = {
  ...CALM,
  services: ['mongo-api-service', 'weather-app1', 'storefront'],
  backends: ['mongodb', 'open-meteo', 'payments'],
} as const;

export const nothingWrong: readonly FaultTemplate[] = [
  /** A planned restart takes a moment longer than the alert waits. */
  fault({
    ...SHOP,
    id: 'calm-restart',
    service: 'storefront',
    alerting: 'storefront',
    async inject(world, variant) {
      await world.stop('storefront');
      await world.pause(byMagnitude(variant, { low: 3.5, middle: 4.5, high: 6 }));
      await world.restart('storefront');
    },
  }),

  /** The same, of a service that others call. */
  fault({
    ...SHOP,
    id: 'calm-restart-of-callee',
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    async inject(world, variant) {
      await world.stop('mongo-api-service');
      await world.pause(byMagnitude(variant, { low: 3.5, middle: 4.5, high: 6 }));
      await world.restart('mongo-api-service');
    },
  }),

  /** The provider has a weak minute; all is well again when somebody looks. */
  fault({
    ...CALM,
    id: 'calm-provider-hiccup',
    services: ['weather-app1'],
    backends: ['open-meteo'],
    service: 'weather-app1',
    alerting: 'weather-app1',
    traffic: (world, variant) =>
      weatherCallers(world, variant, 60, byMagnitude(variant, { low: 5, middle: 6, high: 7 })),
    async inject(world, variant) {
      await world.backend('open-meteo').set({ mode: 'status', status: 503, share: 1 });
      await world.pause(byMagnitude(variant, { low: 4, middle: 5, high: 7 }));
      await world.backend('open-meteo').set({ mode: 'well' });
    },
  }),

  /** The database is away for as long as a failover takes. */
  fault({
    ...CALM,
    id: 'calm-database-failover',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    async inject(world, variant) {
      await world.backend('mongodb').stop();
      await world.pause(byMagnitude(variant, { low: 4, middle: 5, high: 6 }));
      await world.backend('mongodb').start();
    },
  }),

  /** Whoever posted the alert had a bad connection. */
  fault({ ...SHOP, id: 'calm-alert-by-mistake', service: 'storefront', alerting: 'storefront' }),

  /** A robot asks for what never was: many 4xx, as it should be. */
  fault({
    ...SHOP,
    id: 'calm-robot',
    service: 'storefront',
    alerting: 'storefront',
    async inject(world, variant) {
      const { storefront } = world.addresses;
      const more = (index: number) => [
        get(storefront, `/wp-login-${index % 7}.php`),
        get(storefront, `/products/article-${index}`),
        get(storefront, `/delivery/atlantis-${index % 5}`),
        post(storefront, '/checkout', { lines: [] }),
      ];
      world.setTraffic(
        shoppers(world, variant, { more, factor: byMagnitude(variant, { low: 1.3, middle: 1.6, high: 2 }) }),
      );
    },
  }),

  /** More callers than in the hour before, and all of them are served. */
  fault({
    ...CALM,
    id: 'calm-busy-hour',
    services: ['mongo-api-service'],
    backends: ['mongodb'],
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    traffic: (world, variant) => itemCallers(world, variant),
    async inject(world, variant) {
      world.setTraffic(itemCallers(world, variant, byMagnitude(variant, { low: 1.4, middle: 1.7, high: 2 })));
    },
  }),
];
