/** The assortment, kept as items by mongo-api-service. */
import { z } from 'zod';
import type { AssortmentEntry } from '../config.ts';
import { HttpError } from '../web/errors.ts';
import type { Upstream } from './upstream.ts';

const Item = z.object({ id: z.string(), name: z.string(), description: z.string().nullish(), value: z.number() });
const Items = z.array(Item.loose());

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly description: string;
  readonly priceCents: number;
}

export interface Catalog {
  all(): Promise<Product[]>;
  /** Throws a 404 for what we do not sell. */
  find(sku: string): Promise<Product>;
  add(entry: Pick<AssortmentEntry, 'sku' | 'description' | 'price'>): Promise<void>;
}

const PAGE = '/items/?limit=100';

export function catalog(items: Upstream): Catalog {
  async function all(): Promise<Product[]> {
    return Items.parse(await items.json(PAGE)).map(toProduct);
  }
  return {
    all,
    async find(sku) {
      return soldAs(await all(), sku);
    },
    async add({ sku, description, price }) {
      await items.json('/items/', { method: 'POST', body: { name: sku, description, value: price } });
    },
  };
}

/** Throws a 404 for what we do not sell. */
export function soldAs(products: readonly Product[], sku: string): Product {
  const product = products.find((each) => each.sku === sku);
  if (!product) throw new HttpError(404, `no product ${sku}`);
  return product;
}

function toProduct({ id, name, description, value }: z.infer<typeof Item>): Product {
  return { id, sku: name, description: description ?? '', priceCents: Math.round(value * 100) };
}
