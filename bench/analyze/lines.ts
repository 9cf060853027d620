/** Log lines as services write them, by a fixed sequence: the same at each run. */

import { seededRandom } from '../score/statistics/seeded.ts';

type Sequence = () => number;

const START = Date.UTC(2026, 9, 3, 2, 11, 7, 41);
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'] as const;

type Say = (random: Sequence) => string;
const number = (random: Sequence, below: number) => Math.floor(random() * below);
const hex = (random: Sequence) => number(random, 0xffffffff).toString(16).padStart(8, '0');
const name = (random: Sequence) => NAMES[number(random, NAMES.length)] ?? '';

/** What a shop says all day; the numbers vary, and here and there a word. */
const SAYINGS: readonly Say[] = [
  (r) => `INFO orders.handlers GET /orders/${number(r, 99_999)} -> 200 (${number(r, 90)} ms)`,
  (r) => `INFO orders.handlers POST /orders -> 201 (${number(r, 190)} ms)`,
  (r) => `INFO orders.store saved order ${number(r, 99_999)} for ${name(r)} in ${number(r, 40)} ms`,
  (r) => `WARN orders.client ledger answered slowly: ${number(r, 3_000)} ms`,
  (r) => `DEBUG cache hit for key user:${number(r, 9_999)} ttl=${number(r, 300)}`,
  (r) =>
    `INFO [exec-${number(r, 20)}] com.example.shop.OrderService - Order placed id=${number(r, 99_999)} total=${number(r, 500)}.${number(r, 99)}`,
  (r) => `INFO com.example.Worker: batch ${number(r, 1_000)} of ${number(r, 500)} items, ${number(r, 5)} skipped`,
  (r) => `INFO session ${hex(r)} of ${name(r)} opened from 10.0.${number(r, 255)}.${number(r, 255)}`,
  (r) => `INFO pool: ${number(r, 20)} in use, ${number(r, 20)} idle, ${number(r, 3)} waiting`,
  (r) => `INFO gc pause ${number(r, 40)}.${number(r, 99)} ms, heap ${number(r, 512)} MB of 512 MB`,
  (r) => `INFO price list ${hex(r)} loaded, ${number(r, 4_000)} entries`,
  (r) => `INFO kafka: partition ${number(r, 12)} at offset ${number(r, 9_999_999)}, lag ${number(r, 40)}`,
];

/** `2026-10-03T02:11:07.041Z INFO …`, mean about 90 characters. */
export function plainLines(count: number): string[] {
  const random = seededRandom(7);
  let at = START;
  return Array.from({ length: count }, () => {
    at += number(random, 60);
    const say = SAYINGS[number(random, SAYINGS.length)];
    return `${new Date(at).toISOString()} ${say?.(random) ?? ''}`;
  });
}

/** The same as one JSON object a line, with the fields of our own services. */
export function jsonLines(count: number): string[] {
  const random = seededRandom(11);
  return plainLines(count).map((line) => {
    const [time = '', level = '', ...words] = line.split(' ');
    return JSON.stringify({ time, level, service: 'orders', message: words.join(' '), requestId: hex(random) });
  });
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Every line is unlike every other, in words and in their number: nothing that was learnt helps. */
export function unlikeLines(count: number): string[] {
  const random = seededRandom(13);
  const word = () =>
    Array.from({ length: 3 + number(random, 8) }, () => LETTERS[number(random, LETTERS.length)] ?? '').join('');
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 5 + number(random, 14) }, word);
    return `ERROR ${words.join(' ')}`;
  });
}
