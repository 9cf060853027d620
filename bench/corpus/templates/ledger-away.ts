/** Ledger or its host is to blame, and no change; orders is what people see fail. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultTemplate } from '../template.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, oneOf, SECONDS, SHOP } from './shop-template.ts';

const VICTIM = { ...SHOP, service: 'ledger', alerting: 'orders', seconds: SECONDS } as const;
const OFFSET_FILE = 'clock-offset';

export const ledgerAwayTemplates: readonly FaultTemplate[] = [
  {
    ...VICTIM,
    id: 'ledger-stopped',
    class: 'dependency-refused',
    kind: 'dependency',
    dependency: 'ledger',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world) => world.stop('ledger'),
    recover: (world) => world.restart('ledger'),
  },
  {
    ...VICTIM,
    id: 'ledger-killed',
    class: 'process-down',
    kind: 'infrastructure',
    alerting: 'ledger',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world) => world.kill('ledger', 'SIGKILL'),
    recover: (world) => world.restart('ledger'),
  },
  {
    ...VICTIM,
    id: 'orders-killed',
    class: 'process-down',
    kind: 'infrastructure',
    service: 'orders',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world) => world.kill('orders', 'SIGKILL'),
    recover: (world) => world.restart('orders'),
  },
  {
    ...VICTIM,
    id: 'ledger-clock-behind',
    class: 'clock-skew',
    kind: 'infrastructure',
    environment: (_variant, scratch) => ({ ledger: { TIME_OFFSET_FILE: join(scratch, OFFSET_FILE) } }),
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      writeFileSync(join(world.scratch, OFFSET_FILE), `-${byMagnitude(variant, 45, 90, 300)}\n`);
    },
    async recover(world) {
      writeFileSync(join(world.scratch, OFFSET_FILE), '0\n');
    },
  },
  {
    ...VICTIM,
    id: 'ledger-other-key',
    class: 'auth-secret',
    kind: 'config',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world, variant) =>
      world.restart('ledger', { TOKEN_KEY: oneOf(variant, 'books-2026-autumn', 'books-2027-spring', 'books-b') }),
  },
  {
    ...VICTIM,
    id: 'host-stalls-both',
    class: 'host-network',
    kind: 'infrastructure',
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      const stalled = byMagnitude(variant, 1.6, 2.2, 2.8);
      for (let round = 0; round < ROUNDS && !world.signal.aborted; round += 1) {
        for (const service of BOTH) await world.kill(service, 'SIGSTOP');
        await world.pause(stalled);
        for (const service of BOTH) await world.kill(service, 'SIGCONT');
        await world.pause(AWAKE_SECONDS);
      }
    },
  },
];

const BOTH = ['orders', 'ledger'] as const;
const ROUNDS = 14;
const AWAKE_SECONDS = 0.4;
