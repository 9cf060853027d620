/** The payment provider fails orders, or the way to it does; no change of ours. */
import type { FaultTemplate } from '../template.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, oneOf, SECONDS, SHOP } from './shop-template.ts';

const PROVIDER = {
  ...SHOP,
  kind: 'dependency',
  service: 'orders',
  dependency: 'payments',
  alerting: 'orders',
  seconds: SECONDS,
} as const;

export const paymentsAwayTemplates: readonly FaultTemplate[] = [
  {
    ...PROVIDER,
    id: 'payments-too-many-requests',
    class: 'rate-limit',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world, variant) =>
      world
        .backend('payments')
        .set({ mode: 'status', status: 429, share: byMagnitude(variant, 0.4, 0.7, 1), retryAfterSeconds: 30 }),
    recover: (world) => world.backend('payments').set({ mode: 'well' }),
  },
  {
    ...PROVIDER,
    id: 'payments-internal-errors',
    class: 'external-api-down',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world, variant) =>
      world
        .backend('payments')
        .set({ mode: 'status', status: oneOf(variant, 500, 502, 503), share: byMagnitude(variant, 0.5, 0.8, 1) }),
    recover: (world) => world.backend('payments').set({ mode: 'well' }),
  },
  {
    ...PROVIDER,
    id: 'payments-token-not-accepted',
    class: 'auth-secret',
    kind: 'config',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world) => world.backend('payments').set({ mode: 'status', status: 401, share: 1 }),
  },
  {
    ...PROVIDER,
    id: 'payments-certificate-ended',
    class: 'tls-certificate',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world) => world.backend('payments').set({ mode: 'certificate' }),
  },
  {
    ...PROVIDER,
    id: 'orders-payments-slow',
    class: 'timeout-latency',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world, variant) =>
      world.backend('payments').set({ mode: 'slow', milliseconds: byMagnitude(variant, 1_900, 2_400, 4_000) }),
    recover: (world) => world.backend('payments').set({ mode: 'well' }),
  },
  {
    ...PROVIDER,
    id: 'payments-name-unknown',
    class: 'dns',
    kind: 'config',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      const host = oneOf(variant, 'payments.shop.internal', 'pay.shop.internal', 'payments-eu.shop.internal');
      await world.restart('orders', { PAYMENTS_URL: `https://${host}:8443` });
    },
  },
];
