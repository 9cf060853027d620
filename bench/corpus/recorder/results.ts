/** What became of one case. */
import { z } from 'zod';

const Seen = { lateShare: z.number(), missedScrapes: z.number(), scrapes: z.number() };

export const CaseResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('recorded'), ...Seen, bytes: z.number(), alerts: z.array(z.string()) }),
  /** Nothing that anybody would be called for. */
  z.object({ outcome: z.literal('no-alert'), ...Seen }),
  z.object({ outcome: z.literal('failed'), detail: z.string() }),
]);
export type CaseResult = z.infer<typeof CaseResult>;
