/** What one run has seen, and what the evidence alone allows to conclude. The result of the stage `look`. */
import { z } from 'zod';
import { Claim } from './claim.ts';
import { Evidence } from './evidence.ts';
import { NumberedGap } from './gap.ts';
import { Hypothesis, RuledOut } from './hypothesis.ts';
import { RepositoryState } from './telemetry.ts';

export const TimelineEntry = z.object({
  at: z.string(),
  kind: z.enum(['alert', 'onset', 'log', 'deploy', 'commit', 'metric', 'probe', 'agent']),
  text: z.string(),
  cites: z.array(z.string()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Facts = z.object({
  service: z.string(),
  /** False: the service is not in the registry, so neither logs nor code could be looked at by name. */
  registered: z.boolean(),
  /** Registered services that depend on the one in which the cause lies, so may suffer with it. */
  dependents: z.array(z.string()).optional(),
  /** An alert is a claim too. `not-confirmed`: what it says is contradicted by what was seen. */
  alertConfirmed: z.enum(['confirmed', 'not-confirmed', 'unknown']),
  alertCheck: Claim,
  window: z.object({ from: z.string(), to: z.string() }),
  /** When the failure began, where that could be dated. */
  onset: z.string().nullable(),
  repository: RepositoryState.nullable(),
  evidence: z.array(Evidence),
  gaps: z.array(NumberedGap),
  /** Best first. The first is the verdict if its confidence reaches the abstain level. */
  hypotheses: z.array(Hypothesis),
  ruledOut: z.array(RuledOut),
  notChecked: z.array(z.object({ what: z.string(), because: z.string(), cites: z.array(z.string()) })),
  timeline: z.array(TimelineEntry),
});
export type Facts = z.infer<typeof Facts>;
