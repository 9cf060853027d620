/** Alerts behind which nothing is wrong any more, or never was. */
import type { FaultTemplate, TrafficPlan } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { ordersTraffic } from '../orders-traffic.ts';
import { weatherCallers } from '../shoppers.ts';
import { BOOKS, booked, COUNTER, DELIVERY, mixed } from './shared.ts';

const CALM = { class: null, kind: 'none', seconds: { baseline: 60, incident: 50, recovery: 12 } } as const;
const ORDERS = { ...CALM, ...BOOKS, service: 'orders', alerting: 'orders' } as const;
const WEATHER = { ...CALM, ...DELIVERY, service: 'weather-app1', alerting: 'weather-app1' } as const;

export const nothingWrong: readonly FaultTemplate[] = [
  /** Some seconds in which the machine was busy with itself. */
  fault({
    ...WEATHER,
    id: 'calm-short-halt',
    traffic: (world, variant) => weatherCallers(world, variant, 40, 7),
    async inject(world, variant) {
      await world.kill('weather-app1', 'SIGSTOP');
      await world.pause(byMagnitude(variant, { low: 4.5, middle: 5.5, high: 6.5 }));
      await world.kill('weather-app1', 'SIGCONT');
    },
  }),

  /** A partner with last year's catalogue: refused, as it should be. */
  booked({
    ...ORDERS,
    id: 'calm-old-catalogue',
    async inject(world, variant) {
      const usual = ordersTraffic(world.addresses, variant, {
        weights: { place: 10, quote: 8, unknownOrder: 12 },
        times: byMagnitude(variant, { low: 1.1, middle: 1.2, high: 1.4 }),
      });
      world.setTraffic(withOldArticles(usual));
    },
  }),

  /** More and more places are asked for; they are kept as intended, and then there are no new ones. */
  fault({
    ...WEATHER,
    id: 'calm-more-places',
    traffic: (world, variant) => weatherCallers(world, variant, 12, 6),
    async inject(world, variant) {
      world.setTraffic(weatherCallers(world, variant, byMagnitude(variant, { low: 50, middle: 60, high: 70 }), 6));
    },
  }),

  /** Both are started anew, one after the other, for a change of the host. */
  {
    ...fault({
      ...CALM,
      ...COUNTER,
      id: 'calm-host-serviced',
      service: 'orders',
      alerting: 'orders',
      async inject(world, variant) {
        for (const name of ['orders', 'ledger'] as const) {
          await world.stop(name);
          await world.pause(byMagnitude(variant, { low: 3, middle: 4, high: 5 }));
          await world.restart(name);
        }
      },
    }),
    traffic: (world, variant) => mixed(world, variant),
  },

  /** A report is drawn up, and is done after some seconds. */
  booked({
    ...ORDERS,
    id: 'calm-report-drawn-up',
    async inject(world, variant) {
      const weights = { bestSellers: 25, revenueStatement: 8 };
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights, times: 1.5 }));
      await world.pause(byMagnitude(variant, { low: 5, middle: 6, high: 8 }));
      world.setTraffic(ordersTraffic(world.addresses, variant));
    },
  }),
];

/** Every second order or quote names an article that is sold no more. */
function withOldArticles(plan: TrafficPlan): TrafficPlan {
  const requests = plan.requests.map((request, index) =>
    typeof request.body === 'string' && index % 2 === 0
      ? { ...request, body: request.body.replaceAll('"SKU-', '"OLD-') }
      : request,
  );
  return { ...plan, requests };
}
