/** The list of recent orders as a file, for bookkeeping; written anew for each download. */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from './checkout.ts';

export interface OrderBook {
  add(receipt: Receipt): void;
  /** CSV, newest first. */
  file(): string;
}

const HEADER = 'order;goods;discount;delivery;total\n';

export function createOrderBook(dataDir: string, rows: number): OrderBook {
  const recent: Receipt[] = [];
  const folder = join(dataDir, 'exports');
  mkdirSync(folder, { recursive: true });
  return {
    add(receipt) {
      recent.unshift(receipt);
      recent.length = Math.min(recent.length, rows);
    },
    file() {
      const path = join(folder, 'orders.csv');
      const part = `${path}.part`; // whoever downloads never sees half a file
      const file = openSync(part, 'w');
      try {
        writeSync(file, HEADER);
        for (const receipt of recent) writeSync(file, row(receipt));
      } finally {
        closeSync(file);
      }
      renameSync(part, path);
      return readFileSync(path, 'utf8');
    },
  };
}

function row({ order_id, goodsCents, discountCents, deliveryCents, totalCents }: Receipt): string {
  return `${[order_id, goodsCents, discountCents, deliveryCents, totalCents].join(';')}\n`;
}
