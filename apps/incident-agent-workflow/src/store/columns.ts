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
