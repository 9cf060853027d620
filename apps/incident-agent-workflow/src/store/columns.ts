/** How columns become domain values. */
import { z } from 'zod';

/** timestamptz comes as Date. */
export const instant = z.date().transform((date) => date.toISOString());
export const optionalInstant = z
  .date()
  .nullable()
  .transform((date) => date?.toISOString());
/** bigint comes as text. */
export const incidentId = z.string().transform((number) => `INC-${number}`);
export const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

/** `INC-147` → 147; undefined: no such id can exist. */
export function numberOf(id: string): number | undefined {
  const [, digits] = /^INC-(\d{1,15})$/.exec(id) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Postgres refuses to compare a uuid with anything else; no row can have such an id. */
export function isUuid(id: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id);
}
