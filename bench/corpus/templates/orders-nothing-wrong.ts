/** Alerts behind which nothing is wrong: it was over before anybody could look, or never there. */
import type { FaultTemplate } from '../template.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, oneOf, SECONDS, SHOP } from './shop-template.ts';

export const ordersNothingWrongTemplates: readonly FaultTemplate[] = [
  {
    ...SHOP,
    id: 'orders-short-rush',
    class: null,
    kind: 'none',
    service: 'orders',
    alerting: 'orders',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      world.setTraffic(ordersTraffic(world.addresses, variant, { times: byMagnitude(variant, 5, 7, 9) }));
      await world.pause(byMagnitude(variant, 4, 5, 6));
      world.setTraffic(ordersTraffic(world.addresses, variant));
    },
  },
  {
    ...SHOP,
    id: 'ledger-restart-for-a-deploy',
    class: null,
    kind: 'none',
    service: 'ledger',
    alerting: 'orders',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      await world.stop('ledger');
      await world.pause(byMagnitude(variant, 1, 2, 3));
      await world.restart('ledger');
    },
  },
  {
    ...SHOP,
    id: 'orders-nothing-to-see',
    class: null,
    kind: 'none',
    service: 'orders',
    alerting: 'orders',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      await world.pause(oneOf(variant, 1, 2, 3));
    },
  },
];
