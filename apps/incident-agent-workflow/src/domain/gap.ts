/** What was asked for and could not be seen. An empty list means "we looked, there was none"; a gap means "we do not know". */
import { z } from 'zod';
import { ErrorCode, isAgentError } from './error.ts';

export const Gap = z.object({
  source: z.string(),
  /** As it was asked: can be pasted where the source lives. Empty where nothing could be asked. */
  query: z.string(),
  reason: ErrorCode,
  /** For a person: what came back and what to do. */
  detail: z.string(),
  /** What nobody can say because of it. */
  unknown: z.string(),
  /** Another source that answered the same question, so that nothing is lost by this gap. */
  coveredBy: z.string().optional(),
});
export type Gap = z.infer<typeof Gap>;

/** A gap with its place in the report: `G2`. Numbered in the order of the questions. */
export const NumberedGap = Gap.extend({ id: z.string().regex(/^G\d+$/) });
export type NumberedGap = z.infer<typeof NumberedGap>;

export type Seen<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly gap: Gap };

/** Looks, and turns an expected failure into a gap. A bug of ours is not a gap: it is thrown on. */
export async function see<T>(
  asked: Pick<Gap, 'source' | 'query' | 'unknown'>,
  look: () => Promise<T>,
): Promise<Seen<T>> {
  try {
    return { ok: true, value: await look() };
  } catch (error) {
    if (!isAgentError(error)) throw error;
    return { ok: false, gap: { ...asked, reason: error.code, detail: error.message } };
  }
}
