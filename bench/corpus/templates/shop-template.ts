/** What the templates of orders and ledger have in common. */
import type { FaultTemplate, Variant } from '../template.ts';

/** Both services and the provider always: what is there must not tell what will break. */
export const SHOP = {
  services: ['orders', 'ledger'],
  backends: ['payments'],
  weight: 'jvm',
} as const satisfies Partial<FaultTemplate>;

export const SECONDS = { baseline: 60, incident: 45, recovery: 15 } as const;

export const ORDERS = 'services/orders';
export const LEDGER = 'services/ledger';
export const LEDGER_CODE = `${LEDGER}/src/main/java/shop/ledger`;

export function byMagnitude<T>({ magnitude }: Variant, low: T, middle: T, high: T): T {
  return { low, middle, high }[magnitude];
}

export function oneOf<T>(variant: Variant, first: T, ...others: readonly T[]): T {
  return [first, ...others][Math.floor(variant.random() * (others.length + 1))] ?? first;
}

/** For a fault that is all in the commit. */
export async function nothingMore(): Promise<void> {}
