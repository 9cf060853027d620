/** What earlier incidents are remembered by, and what people said of their reports. */
import { z } from 'zod';
import type { Observed } from './evidence.ts';
import { FaultClass } from './fault-class.ts';
import { Cause } from './hypothesis.ts';

export const FeedbackVerdict = z.enum(['right', 'partly', 'wrong']);

/** What a person knows better; in words, or field by field so that it can be counted. */
export const FeedbackCause = z.union([
  z.string().min(1).max(2_000),
  z.strictObject({
    class: FaultClass.nullable().optional(),
    service: z.string().min(1).max(200).optional(),
    dependency: z.string().min(1).max(200).nullable().optional(),
    commit: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, 'is no hash of a commit')
      .nullable()
      .optional(),
    file: z.string().min(1).max(1_000).nullable().optional(),
    line: z.number().int().positive().nullable().optional(),
  }),
]);

/** Of one run's report, by a person. */
export const Feedback = z.object({
  pipelineId: z.string(),
  verdict: FeedbackVerdict,
  cause: FeedbackCause.optional(),
  note: z.string().optional(),
  at: z.string(),
});
export type Feedback = z.infer<typeof Feedback>;

export const EarlierIncident = z.object({
  id: z.string(),
  title: z.string(),
  openedAt: z.string(),
  resolvedAt: z.string().nullable(),
  /** The verdict's sentence; null where none was established. */
  statement: z.string().nullable(),
  cause: Cause.nullable(),
  /** How it ended, as the agent or the sender saw it. */
  ending: z.string().nullable(),
  /** The newest word on its report. */
  feedback: Feedback.nullable(),
  /** Of the signatures that were asked for, those that it has. */
  matched: z.array(z.string()),
});
export type EarlierIncident = z.infer<typeof EarlierIncident>;

const MAX_SIGNATURES = 24;
const MAX_TEMPLATE_CHARACTERS = 300;

/**
 * By what a failure is known again: its stack traces (their fingerprints hold no line numbers), its error texts without
 * values, its alerts. Most telling first, each once.
 */
export function signaturesOf(observed: readonly Observed[], service: string): string[] {
  const signatures: Record<'trace' | 'log' | 'alert', string[]> = { trace: [], log: [], alert: [] };
  for (const item of observed) {
    if (item.service !== service) continue;
    if (item.kind === 'stack-trace') signatures.trace.push(`trace ${item.data.fingerprint}`);
    if (item.kind === 'logs' && (item.data.level === 'error' || item.data.level === 'fatal'))
      signatures.log.push(`log ${service} ${item.data.template.slice(0, MAX_TEMPLATE_CHARACTERS)}`);
    if (item.kind === 'alert') signatures.alert.push(...item.data.alerts.map(({ name }) => `alert ${service} ${name}`));
  }
  return [...new Set([...signatures.trace, ...signatures.log, ...signatures.alert])].slice(0, MAX_SIGNATURES);
}
