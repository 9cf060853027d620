/** Faults that no change of code made, and alarms behind which nothing is wrong. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude, fault, storefrontData } from '../fault.ts';
import { BOOKS, booked, DELIVERY, TILL } from '../fresh/shared.ts';
import { holdConnections } from '../hold-connections.ts';
import { get, shoppers } from '../shoppers.ts';
import { openTransaction, removeItems, statement, writeItems } from './by-hand.ts';
import { diskOfFewFiles, emptyFiles, removeEmptyFiles } from './few-files.ts';
import { nothingWrong } from './nothing-wrong.ts';
import { othersFail } from './others-fail.ts';
import { settingsByHand } from './settings-by-hand.ts';

const ORDERS = { ...BOOKS, kind: 'infrastructure', service: 'orders', alerting: 'orders' } as const;
const SHOP = { ...TILL, kind: 'infrastructure', service: 'storefront', alerting: 'storefront' } as const;

export const surroundingsLater: readonly FaultTemplate[] = [
  ...othersFail,
  ...settingsByHand,
  ...nothingWrong,

  /** Somebody began to write in a console and went to lunch. */
  booked(
    {
      ...ORDERS,
      id: 'orders-transaction-left-open',
      class: 'deadlock-stall',
      environment: (_variant, scratch) => ({ orders: { DATA_DIR: join(scratch, 'orders') } }),
      inject: (world) => openTransaction(world, join(world.scratch, 'orders', 'orders.db'), 300),
    },
    { weights: { place: 9 } },
  ),

  /** A correction that the books do not take, at the head of what waits for them. */
  booked(
    {
      ...ORDERS,
      id: 'orders-posting-entered-by-hand',
      class: 'queue-backlog',
      seconds: { baseline: 60, incident: 55, recovery: 10 },
      environment: (_variant, scratch) => ({ orders: { DATA_DIR: join(scratch, 'orders') } }),
      async inject(world, variant) {
        const cents = byMagnitude(variant, { low: -1_250, middle: -48_990, high: 0 });
        const posting = { account: 'customer-212', reference: 'correction-2', cents, currency: 'EUR' };
        const sql = `INSERT INTO outbox (payload) VALUES ('${JSON.stringify(posting)}')`;
        await statement(join(world.scratch, 'orders', 'orders.db'), sql);
      },
    },
    { weights: { place: 16 }, times: 1.3 },
  ),

  /** A line was added to the journal with an editor; it is read when the host has been serviced. */
  booked({
    ...BOOKS,
    id: 'ledger-journal-line-by-hand',
    class: 'process-down',
    kind: 'infrastructure',
    service: 'ledger',
    alerting: 'ledger',
    environment: (_variant, scratch) => ({ ledger: { DATA_DIR: join(scratch, 'ledger') } }),
    async inject(world, variant) {
      const cents = byMagnitude(variant, { low: '12,50', middle: '1.250', high: 'EUR 12' });
      appendFileSync(journal(world.scratch), `customer-88\tgoodwill-88\t${cents}\tEUR\t2026-01-12T09:30:00Z\n`);
      await world.restart('ledger');
      world.keepRestarting('ledger', 3);
    },
    async recover(world) {
      const lines = readFileSync(journal(world.scratch), 'utf8').split('\n');
      writeFileSync(journal(world.scratch), lines.filter((line) => !line.includes('\tgoodwill-88\t')).join('\n'));
      await world.restart('ledger');
    },
  }),

  /** Another program makes small files on the same disk: there is space, and no file more can be made. */
  fault({
    ...SHOP,
    id: 'storefront-small-files-of-others',
    class: 'disk-full',
    environment(_variant, scratch) {
      diskOfFewFiles(storefrontData(scratch));
      return {};
    },
    traffic: (world, variant) =>
      shoppers(world, variant, { more: () => [get(world.addresses.storefront, '/exports/orders.csv')] }),
    async inject(world) {
      for (const ends = endOfIncident(); performance.now() < ends; await world.pause(0.7)) {
        emptyFiles(storefrontData(world.scratch), 1_000);
      }
    },
    async recover(world) {
      removeEmptyFiles(storefrontData(world.scratch));
    },
  }),

  /** Documents as another program has them, put into the collection at night. */
  fault({
    ...TILL,
    id: 'items-imported-past-the-service',
    class: 'schema-migration',
    kind: 'infrastructure',
    service: 'mongo-api-service',
    alerting: 'storefront',
    async inject(world, variant) {
      const count = byMagnitude(variant, { low: 1, middle: 3, high: 12 });
      const documents = Array.from({ length: count }, (_none, index) => ({
        name: `garden-${index + 1}`,
        description: 'from the list of the garden shop',
        price: 19.9 + index,
        createdAt: new Date(),
      }));
      await writeItems(world, documents);
    },
    recover: (world) => removeItems(world, { description: 'from the list of the garden shop' }),
  }),

  /** What guards the host takes the process for a stray one. */
  fault({
    ...DELIVERY,
    id: 'weather-ended-again-and-again',
    class: 'process-down',
    kind: 'infrastructure',
    service: 'weather-app1',
    alerting: 'storefront',
    async inject(world, variant) {
      world.keepRestarting('weather-app1', 3);
      const pause = byMagnitude(variant, { low: 7, middle: 6, high: 5 });
      for (const ends = endOfIncident(); performance.now() < ends; await world.pause(pause)) {
        await world.kill('weather-app1', 'SIGKILL');
      }
    },
    recover: (world) => world.restart('weather-app1'),
  }),

  /** A scanner of the security people connects to every port and says nothing. */
  fault({
    ...SHOP,
    id: 'storefront-silent-connections',
    class: 'file-descriptor-limit',
    traffic: (world, variant) =>
      shoppers(world, variant, { more: () => [get(world.addresses.storefront, '/exports/orders.csv')] }),
    inject: (world, variant) =>
      holdConnections(world, 'storefront', byMagnitude(variant, { low: 2, middle: 1, high: 1 })),
  }),
];

function journal(scratch: string): string {
  return join(scratch, 'ledger', 'ledger.journal');
}

/** What goes on and on must not go on while the case recovers. */
function endOfIncident(): number {
  return performance.now() + (INCIDENT_SECONDS - 1) * 1_000;
}
const INCIDENT_SECONDS = 45;
