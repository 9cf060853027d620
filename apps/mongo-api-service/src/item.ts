/** An item as callers see it, and what they may send. */
import { z } from 'zod';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly description?: string | null;
  readonly value: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

const Name = z.string().trim().min(1).max(200);
const Description = z.string().max(2_000).nullable();

export const NewItem = z.object({
  name: Name,
  description: Description.exactOptional(),
  value: z.number().default(0),
});
export type NewItem = z.infer<typeof NewItem>;

/** Only what is given changes. */
export const ItemChange = z.object({
  name: Name.exactOptional(),
  description: Description.exactOptional(),
  value: z.number().exactOptional(),
});
export type ItemChange = z.infer<typeof ItemChange>;

const MAX_SKIP = 1_000_000;
const MAX_LIMIT = 100;

export const Page = z.object({
  skip: wholeNumber(0, MAX_SKIP, 0),
  limit: wholeNumber(1, MAX_LIMIT, 20),
});
export type Page = z.infer<typeof Page>;

/** In a query string every number is text. */
function wholeNumber(min: number, max: number, fallback: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `Must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);
}
