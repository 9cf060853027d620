/** What is left of each product, and a lock per product so that the last one is sold once. */
import { HttpError } from './web/errors.ts';

export interface Stock {
  /** Runs with the product to itself; what it throws passes through. */
  withProduct<T>(sku: string, run: () => Promise<T>): Promise<T>;
  /** Throws a 409 when there are too few. */
  take(sku: string, quantity: number): void;
  putBack(sku: string, quantity: number): void;
  left(sku: string): number;
}

const DELIVERED_PIECES = 100_000;
/** The potter makes only a few. */
const DELIVERED: Readonly<Record<string, number>> = { vase: 5 };

export function createStock(): Stock {
  const pieces = new Map<string, number>();
  const lastInLine = new Map<string, Promise<void>>();
  const left = (sku: string) => pieces.get(sku) ?? DELIVERED[sku] ?? DELIVERED_PIECES;
  return {
    left,
    async withProduct(sku, run) {
      const before = lastInLine.get(sku) ?? Promise.resolve();
      const turn = Promise.withResolvers<void>();
      lastInLine.set(sku, turn.promise);
      await before;
      try {
        return await run();
      } finally {
        turn.resolve();
      }
    },
    take(sku, quantity) {
      if (left(sku) < quantity) throw new HttpError(409, `only ${left(sku)} of ${sku} left`);
      pieces.set(sku, left(sku) - quantity);
    },
    putBack(sku, quantity) {
      pieces.set(sku, left(sku) + quantity);
    },
  };
}
