/** Settings of the environment that somebody changed on the host: no commit holds them. */
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { BOOKS, booked, DELIVERY } from '../fresh/shared.ts';

export const settingsByHand: readonly FaultTemplate[] = [
  /** An agent is to be loaded that is not installed there. */
  fault({
    ...DELIVERY,
    id: 'storefront-agent-not-installed',
    class: 'bad-config',
    kind: 'config',
    service: 'storefront',
    alerting: 'storefront',
    async inject(world, variant) {
      const agent = byMagnitude(variant, {
        low: '/opt/tracing/agent.js',
        middle: 'dd-trace/init',
        high: '@opentelemetry/auto-instrumentations-node/register',
      });
      await world.restart('storefront', { NODE_OPTIONS: `--require ${agent}` });
      world.keepRestarting('storefront', 3);
    },
    recover: (world) => world.restart('storefront', { NODE_OPTIONS: undefined }),
  }),

  /** Another port for it was asked for on this host, and nobody told its callers. */
  booked({
    ...BOOKS,
    id: 'ledger-on-another-port',
    class: 'bad-config',
    kind: 'config',
    service: 'ledger',
    alerting: 'orders',
    inject: (world, variant) =>
      world.restart('ledger', { PORT: byMagnitude(variant, { low: '8012', middle: '8022', high: '8102' }) }),
    recover: (world) => world.restart('ledger', { PORT: new URL(world.addresses.ledger ?? '').port }),
  }),

  /** Two addresses were mixed up on the sheet. */
  booked({
    ...BOOKS,
    id: 'orders-books-at-the-till',
    class: 'bad-config',
    kind: 'config',
    service: 'orders',
    alerting: 'orders',
    inject: (world) => world.restart('orders', { LEDGER_URL: world.addresses.payments }),
    recover: (world) => world.restart('orders', { LEDGER_URL: world.addresses.ledger }),
  }),
];
