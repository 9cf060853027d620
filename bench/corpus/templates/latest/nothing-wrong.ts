/** Alerts behind which nothing is wrong: it passed as it was meant to, or lies with those who ask. */
import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude, fault, storefrontData } from '../fault.ts';
import { BOOKS, booked, DELIVERY, TILL } from '../fresh/shared.ts';
import { checkout, shoppers } from '../shoppers.ts';
import { sentInParts } from './sent-in-parts.ts';

const run = promisify(execFile);
const CALM = { class: null, kind: 'none', seconds: { baseline: 60, incident: 50, recovery: 12 } } as const;
const SHOP = { ...CALM, service: 'storefront', alerting: 'storefront' } as const;
/** Until some eighty mails wait: how many are written depends on the pace. */
const SECONDS_OF_MAILS = { low: 22, middle: 18, high: 13 } as const;

export const nothingWrongLatest: readonly FaultTemplate[] = [
  /** The mail server is serviced; what waits for it goes out afterwards, in seconds. */
  fault({
    ...SHOP,
    ...TILL,
    id: 'calm-mails-go-out-later',
    traffic: (world, variant) =>
      shoppers(world, variant, {
        checkoutEach: 1,
        more: (index) => [checkout(world.addresses.storefront, index + 7)],
      }),
    async inject(world, variant) {
      const mails = join(storefrontData(world.scratch), 'outbox', 'mails.jsonl');
      rmSync(mails, { force: true });
      await run('mkfifo', [mails]);
      await world.pause(SECONDS_OF_MAILS[variant.traffic]);
      // Whoever waits to write is let in by a reader; those who come later find a plain file.
      const reader = openSync(mails, 'r+');
      rmSync(mails, { force: true });
      writeFileSync(mails, '');
      await world.pause(1);
      closeSync(reader);
    },
  }),

  /** The key of the books is changed as it is each spring: one side, and then the other. */
  booked({
    ...CALM,
    ...BOOKS,
    id: 'calm-key-of-both-sides',
    service: 'ledger',
    alerting: 'orders',
    async inject(world, variant) {
      const key = 'books-2026-summer';
      await world.restart('ledger', { TOKEN_KEY: key });
      await world.pause(byMagnitude(variant, { low: 2, middle: 3, high: 4 }));
      await world.restart('orders', { LEDGER_TOKEN_KEY: key });
    },
  }),

  /** A match is on: hardly anybody comes, and who comes is served. */
  fault({
    ...SHOP,
    ...DELIVERY,
    id: 'calm-everybody-watches-the-match',
    async inject(world, variant) {
      const factor = byMagnitude(variant, { low: 0.14, middle: 0.1, high: 0.07 });
      world.setTraffic(shoppers(world, variant, { factor }));
    },
  }),

  /** Buyers on a train: their baskets arrive bit by bit, and are paid at once when they are there. */
  fault({
    ...SHOP,
    ...TILL,
    id: 'calm-buyers-on-a-train',
    async inject(world, variant) {
      const pace = byMagnitude(variant, { low: 2, middle: 2.5, high: 3 });
      const ends = performance.now() + TRAIN_SECONDS * 1_000;
      for (let index = 0; performance.now() < ends && !world.signal.aborted; index += 1) {
        sentInParts(checkout(world.addresses.storefront, index), 1.6 + (index % 4) * 0.4, world.signal);
        await world.pause(1 / pace);
      }
    },
  }),
];

const TRAIN_SECONDS = 16;
