/** Faults that no commit made: hosts, networks, clocks, disks, settings of the environment, what others run. */
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { itemCallers, shoppers } from '../shoppers.ts';
import { freeSpace, smallDisk, usedUp } from '../small-disk.ts';
import { BOOKS, booked, COUNTER, DELIVERY, mixed, TILL } from './shared.ts';

const run = promisify(execFile);
const OFFSET_FILE = 'time-offset';
const ORDERS = { ...BOOKS, service: 'orders', alerting: 'orders' } as const;
const CLOCK = { ...BOOKS, service: 'ledger', alerting: 'orders', class: 'clock-skew', kind: 'infrastructure' } as const;
const DATABASE_SCRIPT =
  'import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=5); db.execute(sys.argv[2]); db.commit()';

export const surroundings: readonly FaultTemplate[] = [
  /** Somebody renames a column by hand. */
  booked({
    ...ORDERS,
    id: 'orders-column-renamed-by-hand',
    class: 'schema-migration',
    kind: 'infrastructure',
    environment: (_variant, scratch) => ({ orders: { DATA_DIR: join(scratch, 'orders') } }),
    inject: (world) => statement(join(world.scratch, 'orders'), 'ALTER TABLE customers RENAME COLUMN tier TO level'),
    recover: (world) => statement(join(world.scratch, 'orders'), 'ALTER TABLE customers RENAME COLUMN level TO tier'),
  }),

  /** Something else fills the disk that the journal is on. */
  booked(
    {
      ...BOOKS,
      id: 'ledger-journal-disk',
      class: 'disk-full',
      kind: 'infrastructure',
      service: 'ledger',
      alerting: 'ledger',
      environment(_variant, scratch) {
        smallDisk(join(scratch, 'ledger'));
        return { ledger: { DATA_DIR: join(scratch, 'ledger') } };
      },
      inject: (world) => usedUp(join(world.scratch, 'ledger')),
      recover: (world) => freeSpace(join(world.scratch, 'ledger')),
    },
    { weights: { place: 10 } },
  ),

  /** The clock of one host is ahead: tokens have ended before they arrive. */
  booked({
    ...CLOCK,
    id: 'ledger-clock-ahead',
    environment: (_variant, scratch) => ({ ledger: { TIME_OFFSET_FILE: join(scratch, OFFSET_FILE) } }),
    async inject(world, variant) {
      writeFileSync(
        join(world.scratch, OFFSET_FILE),
        `${byMagnitude(variant, { low: 90, middle: 240, high: 3_600 })}\n`,
      );
    },
    async recover(world) {
      rmSync(join(world.scratch, OFFSET_FILE), { force: true });
    },
  }),

  /** It falls behind bit by bit, until it is too much. */
  booked({
    ...CLOCK,
    id: 'ledger-clock-drifts',
    environment: (_variant, scratch) => ({ ledger: { TIME_OFFSET_FILE: join(scratch, OFFSET_FILE) } }),
    async inject(world, variant) {
      const step = byMagnitude(variant, { low: 1, middle: 2, high: 3 });
      for (let behind = step; behind < 90 && !world.signal.aborted; behind += step) {
        writeFileSync(join(world.scratch, OFFSET_FILE), `-${behind}\n`);
        await world.pause(1);
      }
    },
  }),

  /** A name that only the old network knew. */
  booked({
    ...ORDERS,
    id: 'orders-address-of-the-books',
    class: 'dns',
    kind: 'config',
    dependency: 'ledger',
    async inject(world, variant) {
      const name = byMagnitude(variant, { low: 'ledger-blue', middle: 'ledger.shop', high: 'books' });
      await world.restart('orders', { LEDGER_URL: `http://${name}.invalid:8080` });
    },
  }),

  fault({
    ...TILL,
    id: 'items-address-of-the-database',
    class: 'dns',
    kind: 'config',
    service: 'mongo-api-service',
    dependency: 'mongodb',
    alerting: 'storefront',
    async inject(world, variant) {
      const name = byMagnitude(variant, { low: 'mongodb-0.mongodb', middle: 'mongodb-primary', high: 'db.shop' });
      await world.restart('mongo-api-service', { MONGO_URI: `mongodb://${name}.invalid:27017` });
    },
  }),

  /** The file with the provider's authority is no longer named in the environment. */
  fault({
    ...TILL,
    id: 'storefront-authority-not-named',
    class: 'tls-certificate',
    kind: 'config',
    service: 'storefront',
    dependency: 'payments',
    alerting: 'storefront',
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    inject: (world) => world.restart('storefront', { NODE_EXTRA_CA_CERTS: undefined }),
  }),

  /** The provider listens no more. */
  booked(
    {
      ...ORDERS,
      id: 'payments-port-closed',
      class: 'dependency-refused',
      kind: 'dependency',
      dependency: 'payments',
      inject: (world) => world.backend('payments').stop(),
      recover: (world) => world.backend('payments').start(),
    },
    { weights: { place: 9 } },
  ),

  /** The provider's gateway answers in its place; what was kept of the weather ends one by one. */
  fault({
    ...DELIVERY,
    id: 'open-meteo-gateway-seen-from-storefront',
    class: 'external-api-down',
    kind: 'dependency',
    service: 'weather-app1',
    dependency: 'open-meteo',
    alerting: 'storefront',
    seconds: { baseline: 60, incident: 55, recovery: 10 },
    inject: (world, variant) =>
      world
        .backend('open-meteo')
        .set({ mode: 'status', status: byMagnitude(variant, { low: 502, middle: 503, high: 500 }), share: 1 }),
    recover: (world) => world.backend('open-meteo').set({ mode: 'well' }),
  }),

  /** The provider has closed our account. */
  booked(
    {
      ...ORDERS,
      id: 'payments-account-closed',
      class: 'auth-secret',
      kind: 'dependency',
      dependency: 'payments',
      inject: (world) => world.backend('payments').set({ mode: 'status', status: 403, share: 1 }),
      recover: (world) => world.backend('payments').set({ mode: 'well' }),
    },
    { weights: { place: 9 } },
  ),

  /** A colleague's script writes a catalogue of thousands, as fast as it can. */
  fault({
    ...TILL,
    id: 'items-written-by-a-script',
    class: 'traffic-spike',
    kind: 'infrastructure',
    service: 'mongo-api-service',
    alerting: 'mongo-api-service',
    weight: 'cpu',
    traffic: (world, variant) => itemCallers(world, variant),
    async inject(world, variant) {
      world.setTraffic(itemCallers(world, variant, byMagnitude(variant, { low: 22, middle: 25, high: 28 })));
    },
    async recover(world, variant) {
      world.setTraffic(itemCallers(world, variant));
    },
  }),

  /** The host of three services stands still for a while. */
  {
    ...fault({
      ...COUNTER,
      id: 'host-of-three-stands',
      class: 'host-network',
      kind: 'infrastructure',
      service: 'storefront',
      alerting: 'storefront',
      async inject(world, variant) {
        for (const name of COUNTER.services) await world.kill(name, 'SIGSTOP');
        await world.pause(byMagnitude(variant, { low: 9, middle: 15, high: 24 }));
        for (const name of COUNTER.services) await world.kill(name, 'SIGCONT');
      },
    }),
    traffic: (world, variant) => mixed(world, variant),
  },

  /** Restarted with a heap that holds little more than the accounts. */
  booked(
    {
      ...BOOKS,
      id: 'ledger-smaller-heap',
      class: 'out-of-memory',
      kind: 'config',
      service: 'ledger',
      alerting: 'ledger',
      inject: (world) => world.restart('ledger', { _JAVA_OPTIONS: '-Xms12m -Xmx12m' }),
      recover: (world) => world.restart('ledger', { _JAVA_OPTIONS: undefined }),
    },
    { weights: { revenue: 3 } },
  ),
];

async function statement(folder: string, sql: string): Promise<void> {
  await run('python3', ['-c', DATABASE_SCRIPT, join(folder, 'orders.db'), sql]);
}
