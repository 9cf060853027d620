/** One message or object at one destination, with its receipt. */
import { z } from 'zod';

export const DeliveryState = z.enum(['planned', 'sending', 'sent', 'failed', 'unknown']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** `draft` opens a draft or brings it up to date, `draft-closed` says why it is not wanted any more. */
export const DeliveryKind = z.enum(['opened', 'updated', 'resolved', 'draft', 'draft-closed']);
export type DeliveryKind = z.infer<typeof DeliveryKind>;
export type DraftKind = Extract<DeliveryKind, 'draft' | 'draft-closed'>;
/** Of what people are told. */
export type MessageKind = Exclude<DeliveryKind, DraftKind>;

export function isDraftKind(kind: DeliveryKind): kind is DraftKind {
  return kind === 'draft' || kind === 'draft-closed';
}

/** One row per (incident, destination, kind, version): planned in the transaction that ends a stage, executed by the outbox. */
export const Delivery = z.object({
  id: z.string(),
  incidentId: z.string(),
  runId: z.string(),
  /** `email`, or the forge of a draft (`local`, `github`, `gitlab`). */
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

/** What a forge answers with. */
export const DraftReceipt = z.object({
  state: z.string(),
  branch: z.string(),
  repository: z.string().optional(),
  url: z.string().optional(),
});

/** Where the draft is that was opened last, for a person; undefined: there is none, or it was closed since. */
export function openDraft(deliveries: readonly Delivery[]): string | undefined {
  const last = deliveries.findLast(({ kind, state }) => isDraftKind(kind) && state === 'sent');
  const receipt = last?.kind === 'draft' ? DraftReceipt.safeParse(last.receipt).data : undefined;
  if (!receipt) return undefined;
  const { url, branch, repository } = receipt;
  return url !== undefined && /^https?:\/\//.test(url)
    ? url
    : `${branch}${repository === undefined ? '' : ` on ${repository}`}`;
}
