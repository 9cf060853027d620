/** What the agent asks of the notifier (`POST /notify`) and what it answers. Shared, so that the two cannot drift apart. */
import { z } from 'zod';

/** Gmail and Exchange Online refuse mails near 25 MB, and base64 adds a third. What is larger is linked, not attached. */
export const MAX_ATTACHMENT_BYTES = 15 * 1024 * 1024;

export const ChannelName = z.enum(['email', 'slack', 'pagerduty', 'webhook']);
export type ChannelName = z.infer<typeof ChannelName>;

/** Where an earlier message went: enough for the channel to thread or edit it. Opaque to the agent. */
export const Receipt = z.looseObject({
  channel: ChannelName,
  idempotency_key: z.string(),
  sent_at: z.string(),
  message_id: z.string().optional(),
  /** Kept so that every mail of an incident has the same subject and the whole thread in its References. */
  subject: z.string().optional(),
  references: z.array(z.string()).optional(),
  pdf_attached: z.boolean().optional(),
  /** An earlier try under the same key may have arrived too; mail clients join the two by their equal Message-ID. */
  resent: z.boolean().optional(),
  /** Recipients that the server turned away while it took the message for the others. */
  refused: z.array(z.string()).optional(),
});
export type Receipt = z.infer<typeof Receipt>;

const IncidentSummary = z.object({
  id: z.string(),
  url: z.string().optional(),
  title: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  status: z.string(),
  /** 0–1; null: the cause is not established. */
  confidence: z.number().min(0).max(1).nullable().optional(),
  started_at: z.string(),
  resolved_at: z.string().nullable().optional(),
});

/** A figure over time, to be drawn in a message without an image. The title may cite evidence as `[E4]`. */
export const ReportCourse = z.object({
  title: z.string().min(1),
  /** What the picture shows, for who cannot see it. */
  sentence: z.string().min(1),
  /** `state`: 1 is up, 0 is down. `quantity`: nothing below 0 is drawn. */
  kind: z.enum(['quantity', 'state']).default('quantity'),
  from: z.string(),
  to: z.string(),
  /** Equal steps of the time between; null: nothing was measured in it. */
  values: z.array(z.number().nullable()).min(2).max(600),
  /** When what is wrong begins; null or absent: nothing in it is. */
  onset: z.string().nullable().optional(),
  /** The highest value and the last one with their unit, as people read them. */
  highest: z.string().optional(),
  last: z.string().optional(),
});
export type ReportCourse = z.infer<typeof ReportCourse>;

/** The part of the report that a message shows; the whole of it is in the attached PDF. */
export const ReportSummary = z.object({
  verdict: z.object({ word: z.string(), sentence: z.string(), confidence: z.number().min(0).max(1).nullable() }),
  /** `detail`: a second, smaller line under the value. Any text may cite evidence as `[E4]`, `[E4, G1]`, and code as `x`. */
  facts: z.array(z.object({ label: z.string(), value: z.string(), detail: z.string().optional() })).default([]),
  support: z.array(z.string()).default([]),
  actions: z.array(z.string()).default([]),
  ruled_out: z.array(z.string()).default([]),
  not_seen: z.array(z.string()).default([]),
  /** What decided, as pictures; a mail shows the first two. */
  courses: z.array(ReportCourse).max(12).optional(),
});
export type ReportSummary = z.infer<typeof ReportSummary>;

export const NotifyRequest = z.object({
  service: z.string().min(1),
  alertname: z.string().min(1),
  summary: z.string().min(1),
  analysis: z.string().min(1),
  pdf_base64: z.string().optional(),
  pdf_filename: z.string().optional(),
  /** Where the PDF can be had: shown where it is not attached. */
  pdf_url: z.string().optional(),
  channel: ChannelName.default('email'),
  kind: z.enum(['opened', 'updated', 'resolved']).default('opened'),
  idempotency_key: z.string().min(1).max(200).optional(),
  incident: IncidentSummary.optional(),
  report: ReportSummary.optional(),
  receipt: Receipt.optional(),
});
export type NotifyRequest = z.infer<typeof NotifyRequest>;

export const NotifySent = z.object({
  status: z.literal('sent'),
  channel: ChannelName,
  pdf_attached: z.boolean(),
  receipt: Receipt,
});
export type NotifySent = z.infer<typeof NotifySent>;

/** `unknown`: the message may have arrived, so nobody repeats it by himself; a second POST with the key is a wish to. */
export const NotifyFailureCode = z.enum([
  'unknown',
  'unreachable',
  'temporary',
  'refused',
  'too-large',
  'not-configured',
  'invalid-input',
  'unauthorized',
  'busy',
  'internal',
]);
export type NotifyFailureCode = z.infer<typeof NotifyFailureCode>;

export const NotifyFailed = z.object({
  status: z.literal('failed'),
  error: z.string(),
  retryable: z.boolean(),
  code: NotifyFailureCode.optional(),
});
export type NotifyFailed = z.infer<typeof NotifyFailed>;
