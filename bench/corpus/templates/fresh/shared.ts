/** What the later templates have in common. */
import type { Culprit, FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { type Fault, fault, type Guilty, guilty } from '../fault.ts';
import { addedTo } from '../guilty-files.ts';
import { ordersTraffic, type TrafficOptions } from '../orders-traffic.ts';
import { shoppers } from '../shoppers.ts';

/** Account customers' orders and the books, with their own callers. */
export const BOOKS = {
  services: ['orders', 'ledger'],
  backends: ['payments'],
  weight: 'jvm',
} as const satisfies Partial<FaultTemplate>;

/** The same, and the shop's pages in front of them. */
export const COUNTER = { ...BOOKS, services: ['storefront', 'orders', 'ledger'] } as const;

/** Assortment, till and pages. */
export const TILL = {
  services: ['mongo-api-service', 'storefront'],
  backends: ['mongodb', 'payments'],
} as const satisfies Partial<FaultTemplate>;

export const DELIVERY = {
  services: ['mongo-api-service', 'weather-app1', 'storefront'],
  backends: ['mongodb', 'open-meteo', 'payments'],
} as const satisfies Partial<FaultTemplate>;

export const LEDGER_SOURCES = 'src/main/java/shop/ledger';

/** Callers of orders, as `options` say. */
export function booked(own: Fault, options: TrafficOptions = {}): FaultTemplate {
  return fault({
    ...own,
    traffic: own.traffic ?? (({ addresses }, variant) => ordersTraffic(addresses, variant, options)),
  });
}

/** Both at once: callers of orders and visitors of the shop. */
export function mixed(
  world: Parameters<FaultTemplate['traffic']>[0],
  variant: Variant,
  options: TrafficOptions = {},
): TrafficPlan {
  const own = ordersTraffic(world.addresses, variant, options);
  const visits = shoppers(world, variant);
  const requests = own.requests.flatMap((request, index) => {
    const visit = visits.requests[index % visits.requests.length];
    return visit ? [request, visit] : [request];
  });
  return { requests, requestsPerSecond: own.requestsPerSecond + visits.requestsPerSecond };
}

/** A release that is guilty and shows as soon as it runs. */
export function deployed(what: Guilty): NonNullable<FaultTemplate['culprit']> {
  return { when: 'deploy', change: (variant) => guilty(what, variant) };
}

/** One that waits for what its users do later. */
export function latent(what: Guilty): NonNullable<FaultTemplate['culprit']> {
  return { when: 'latent', change: (variant) => guilty(what, variant) };
}

/** It also brings a file, beneath its service's folder. */
export function withNewFile(what: Guilty, path: string, text: string): NonNullable<FaultTemplate['culprit']> {
  return {
    when: 'deploy',
    change(variant): Culprit {
      const change = guilty(what, variant);
      return { ...change, ...addedTo(change, `services/${what.service}/${path}`, text) };
    },
  };
}

/** The same requests with other words in them. */
export function reworded(plan: TrafficPlan, from: string, to: string): TrafficPlan {
  const requests = plan.requests.map((request) =>
    typeof request.body === 'string' ? { ...request, body: request.body.replaceAll(from, to) } : request,
  );
  return { ...plan, requests };
}
