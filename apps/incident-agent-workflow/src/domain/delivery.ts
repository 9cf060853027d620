/** One message or object at one destination, with its receipt. */
import { z } from 'zod';

export const DeliveryState = z.enum(['planned', 'sending', 'sent', 'failed', 'unknown']);
export type DeliveryState = z.infer<typeof DeliveryState>;

export const DeliveryKind = z.enum(['opened', 'updated', 'resolved']);
export type DeliveryKind = z.infer<typeof DeliveryKind>;

/** One row per (incident, destination, kind, version): planned in the transaction that ends a stage, executed by the outbox. */
export const Delivery = z.object({
  id: z.string(),
  incidentId: z.string(),
  runId: z.string(),
  /** `email`; later slack, pagerduty, webhook, a tracker, a forge. */
  destination: z.string(),
  kind: DeliveryKind,
  reportVersion: z.number().int().positive(),
  idempotencyKey: z.string(),
  state: DeliveryState,
  attempts: z.number().int().nonnegative(),
  plannedAt: z.string(),
  /** Not before this. */
  nextAttemptAt: z.string(),
  sentAt: z.string().nullable(),
  receipt: z.unknown().nullable(),
  /** What went wrong last, for a person. */
  lastError: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;
