/** Alerts behind which nothing is wrong any more, or never was. */
import { join } from 'node:path';
import type { FaultTemplate, TrafficPlan } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { BOOKS, booked, DELIVERY, TILL } from '../fresh/shared.ts';
import { ordersTraffic } from '../orders-traffic.ts';
import { get, shoppers, weatherCallers } from '../shoppers.ts';
import { openTransaction } from './by-hand.ts';

const CALM = { class: null, kind: 'none', seconds: { baseline: 60, incident: 50, recovery: 12 } } as const;
const ORDERS = { ...CALM, ...BOOKS, service: 'orders', alerting: 'orders' } as const;
const DECLINED_CARD = '4000000000000002';
/** Of an hour in which nearly everybody sleeps. */
const NIGHT = { times: 0.14 } as const;

export const nothingWrong: readonly FaultTemplate[] = [
  /** One customer's card is declined, and the customer tries again a few times; nobody else is awake. */
  booked(
    {
      ...ORDERS,
      id: 'calm-card-declined-at-night',
      async inject(world, variant) {
        const usual = ordersTraffic(world.addresses, variant, NIGHT);
        world.setTraffic(withDeclinedCard(usual, world.addresses.orders ?? ''));
        await world.pause(byMagnitude(variant, { low: 5, middle: 6, high: 7 }));
        world.setTraffic(usual);
      },
    },
    NIGHT,
  ),

  /** The nightly copy of the database keeps writers waiting for some seconds. */
  booked(
    {
      ...ORDERS,
      id: 'calm-copy-of-the-database',
      environment: (_variant, scratch) => ({ orders: { DATA_DIR: join(scratch, 'orders') } }),
      inject: (world, variant) =>
        openTransaction(
          world,
          join(world.scratch, 'orders', 'orders.db'),
          byMagnitude(variant, { low: 3.4, middle: 4, high: 4.6 }),
        ),
    },
    { weights: { place: 8 } },
  ),

  /** Restarted as announced; the forecasts that it kept are asked for anew, and then it has them. */
  fault({
    ...CALM,
    ...DELIVERY,
    id: 'calm-forecasts-asked-anew',
    service: 'weather-app1',
    alerting: 'weather-app1',
    traffic: (world, variant) => weatherCallers(world, variant, 45, 8),
    async inject(world, variant) {
      await world.pause(byMagnitude(variant, { low: 0, middle: 1, high: 2 }));
      await world.restart('weather-app1');
    },
  }),

  /** A letter to all customers was sent: they come, look around, and are served. */
  fault({
    ...CALM,
    ...TILL,
    id: 'calm-letter-to-customers',
    service: 'storefront',
    alerting: 'storefront',
    async inject(world, variant) {
      const { storefront } = world.addresses;
      const more = (index: number) => [get(storefront, index % 2 === 0 ? '/products/hammock' : '/products/planter')];
      const factor = byMagnitude(variant, { low: 1.4, middle: 1.6, high: 1.8 });
      world.setTraffic(shoppers(world, variant, { more, factor }));
    },
  }),
];

/** Every second request is the same order with the same card. */
function withDeclinedCard(plan: TrafficPlan, orders: string): TrafficPlan {
  const body = JSON.stringify({ customer: 17, items: [{ sku: 'SKU-017', quantity: 1 }], source: DECLINED_CARD });
  const headers = { 'content-type': 'application/json' };
  const declined = { method: 'POST' as const, url: `${orders}/orders`, headers, body };
  return { ...plan, requests: plan.requests.flatMap((request) => [request, declined]) };
}
