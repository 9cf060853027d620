/** What happens to processes, disks, and by the number of visitors: nobody's commit is guilty. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault, storefrontData } from './fault.ts';
import { checkout, shoppers } from './shoppers.ts';
import { freeSpace, smallDisk, usedUp } from './small-disk.ts';

const SHOP = {
  kind: 'infrastructure',
  services: ['mongo-api-service', 'weather-app1', 'storefront'],
  backends: ['mongodb', 'open-meteo', 'payments'],
} as const;

const run = promisify(execFile);

export const machineFaults: readonly FaultTemplate[] = [
  fault({
    ...SHOP,
    id: 'weather-killed',
    class: 'process-down',
    service: 'weather-app1',
    alerting: 'weather-app1',
    inject: (world) => world.kill('weather-app1', 'SIGKILL'),
    recover: (world) => world.restart('weather-app1'),
  }),

  /** The storefront alerts; what it calls is gone. */
  fault({
    ...SHOP,
    id: 'items-killed-seen-from-storefront',
    class: 'process-down',
    service: 'mongo-api-service',
    alerting: 'storefront',
    inject: (world) => world.kill('mongo-api-service', 'SIGKILL'),
    recover: (world) => world.restart('mongo-api-service'),
  }),

  /** It is there and does nothing any more. */
  fault({
    ...SHOP,
    id: 'items-stopped',
    class: 'deadlock-stall',
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    inject: (world) => world.kill('mongo-api-service', 'SIGSTOP'),
    recover: (world) => world.kill('mongo-api-service', 'SIGCONT'),
  }),

  /** Services that have nothing to do with each other stand still together, and go on together. */
  fault({
    ...SHOP,
    id: 'host-stalled',
    class: 'host-network',
    service: 'weather-app1',
    alerting: 'weather-app1',
    async inject(world, variant) {
      await world.kill('weather-app1', 'SIGSTOP');
      await world.kill('mongo-api-service', 'SIGSTOP');
      await world.pause(byMagnitude(variant, { low: 8, middle: 14, high: 22 }));
      await world.kill('mongo-api-service', 'SIGCONT');
      await world.kill('weather-app1', 'SIGCONT');
    },
  }),

  /** Something else on the machine fills the disk that holds the storefront's files. */
  fault({
    ...SHOP,
    id: 'storefront-disk',
    class: 'disk-full',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    alerting: 'storefront',
    environment(_variant, scratch) {
      smallDisk(storefrontData(scratch));
      return {};
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          index % byMagnitude(variant, { low: 2, middle: 1, high: 1 }) === 0
            ? [{ method: 'GET', url: `${world.addresses.storefront ?? ''}/exports/orders.csv` }]
            : [],
      }),
    inject: (world) => usedUp(storefrontData(world.scratch)),
    recover: (world) => freeSpace(storefrontData(world.scratch)),
  }),

  /** Nobody fetches the mails any more: the file they are written to takes no more. */
  fault({
    ...SHOP,
    id: 'storefront-mails-not-fetched',
    class: 'queue-backlog',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    alerting: 'storefront',
    seconds: { baseline: 60, incident: 60, recovery: 10 },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        checkoutEach: 1,
        factor: 1.2,
        more: (index) => [checkout(world.addresses.storefront, index)],
      }),
    async inject(world) {
      const mails = join(storefrontData(world.scratch), 'outbox', 'mails.jsonl');
      await rm(mails, { force: true });
      await run('mkfifo', [mails]);
    },
    async recover(world) {
      const mails = join(storefrontData(world.scratch), 'outbox', 'mails.jsonl');
      await run('timeout', ['2', 'cat', mails]).catch(() => undefined);
      await rm(mails, { force: true });
      await writeFile(mails, '');
    },
  }),

  /** Many more visitors than usual, all of whom buy: mails are sent at the pace of the mail server. */
  fault({
    ...SHOP,
    id: 'storefront-sale',
    class: 'traffic-spike',
    services: ['mongo-api-service', 'storefront'],
    backends: ['mongodb', 'payments'],
    service: 'storefront',
    alerting: 'storefront',
    weight: 'cpu',
    async inject(world, variant) {
      const factor = byMagnitude(variant, { low: 5, middle: 6, high: 7 }) * (variant.traffic === 'high' ? 0.7 : 1);
      const more = (index: number) => [1, 2, 3].map((nth) => checkout(world.addresses.storefront, index * 3 + nth));
      world.setTraffic(shoppers(world, variant, { checkoutEach: 1, factor, more }));
    },
    async recover(world, variant) {
      world.setTraffic(shoppers(world, variant));
    },
  }),
];
