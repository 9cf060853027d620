/** Settings: what the shop decides stands in config/, addresses and secrets come from the environment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const milliseconds = z.number().int().positive();
const ShopSettings = z.object({
  currency: z.string().length(3),
  pools: z.object({
    orders: z.object({ size: z.number().int().positive(), acquire_timeout_ms: milliseconds }),
  }),
  timeouts_ms: z.object({
    orders: milliseconds,
    catalog: milliseconds,
    weather: milliseconds,
    payments: milliseconds,
  }),
  queue: z.object({
    limit: z.number().int().positive(),
    max_attempts: z.number().int().positive(),
    pause_ms: z.number().int().nonnegative(),
  }),
  sessions: z.object({ limit: z.number().int().positive() }),
  exports: z.object({ rows: z.number().int().positive() }),
  delivery: z.object({
    free_from_cents: z.number().int().nonnegative(),
    price_cents: z.number().int().nonnegative(),
    wind_limit_kmh: z.number().positive(),
  }),
});
export type ShopSettings = z.infer<typeof ShopSettings>;

const Product = z.object({ sku: z.string(), description: z.string(), price: z.number(), tags: z.array(z.string()) });
export type AssortmentEntry = z.infer<typeof Product>;
const City = z.object({ latitude: z.number(), longitude: z.number(), days: z.number().int() });
export type City = z.infer<typeof City>;

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly revision: string;
  readonly dataDir: string;
  readonly catalogUrl: string | undefined;
  readonly ordersUrl: string | undefined;
  readonly weatherUrl: string | undefined;
  readonly payments: { readonly url: string; readonly token: string } | undefined;
  readonly shop: ShopSettings;
  readonly assortment: readonly AssortmentEntry[];
  readonly cities: Readonly<Record<string, City>>;
}

export function loadConfig(folder: string, env: NodeJS.ProcessEnv): Config {
  return {
    port: Number(env.PORT ?? 7000),
    host: env.HOST ?? '127.0.0.1',
    revision: env.REVISION ?? 'unknown',
    dataDir: env.DATA_DIR ?? join(folder, 'data'),
    catalogUrl: env.CATALOG_URL,
    ordersUrl: env.ORDERS_URL,
    weatherUrl: env.WEATHER_URL,
    payments: env.PAYMENTS_URL ? { url: env.PAYMENTS_URL, token: required(env, 'PAYMENTS_TOKEN') } : undefined,
    shop: read(folder, 'storefront.json', ShopSettings),
    assortment: read(folder, 'assortment.json', z.array(Product)),
    cities: read(folder, 'cities.json', z.record(z.string(), City)),
  };
}

function read<S extends z.ZodType>(folder: string, name: string, schema: S): z.infer<S> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(join(folder, 'config', name), 'utf8')));
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`Invalid configuration config/${name}: ${reasons.join('; ')}`);
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`Missing required environment variable ${name}`);
  return value;
}
