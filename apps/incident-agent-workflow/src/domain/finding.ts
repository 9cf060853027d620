/** What each agent concludes: claims plus structured fields, handed on to the next. */
import { z } from 'zod';
import { Claim } from './claim.ts';
import { TimelineEntry } from './facts.ts';
import { FaultClass } from './fault-class.ts';
import { RuledOut } from './hypothesis.ts';
import { Route } from './incident.ts';
import { ModelCost, ModelSaid } from './model-said.ts';
import { FileEdit } from './proposal.ts';

export const ErrorType = z.enum(['service_error', 'api_error']);
export const Impact = z.enum(['critical', 'high', 'medium', 'low']);
export type Impact = z.infer<typeof Impact>;

export const QuickFinding = z.object({
  /** What went wrong, likely cause, what to check first. Exists even if everything after it fails. */
  claims: z.array(Claim),
  checkFirst: z.array(z.string()),
  /** The claims in a model's words, one for one; each says no more than the claim in its place. */
  polished: z.array(Claim).optional(),
});
export type QuickFinding = z.infer<typeof QuickFinding>;

export const RouteChoice = z.object({ route: Route, reason: z.string() });
export type RouteChoice = z.infer<typeof RouteChoice>;

export const TriageFinding = z.object({
  service: z.string(),
  registered: z.boolean(),
  errorType: ErrorType,
  faultClass: FaultClass.nullable(),
  impact: Impact,
  keyIndicators: z.array(Claim),
  /** Services that depend on this one, so may suffer with it. */
  blastRadius: z.array(z.string()),
  /** What the next agent should look at. */
  lookAt: z.array(z.string()),
  said: ModelSaid.optional(),
});
export type TriageFinding = z.infer<typeof TriageFinding>;

export const LogExcerpt = z.object({
  stream: z.string(),
  line: z.number().int().nullable(),
  text: z.string(),
  context: z.array(z.string()),
  cite: z.string(),
});

export const InvestigationFinding = z.object({
  /** What happened, in order. */
  order: z.array(TimelineEntry),
  health: Claim.nullable(),
  stackTrace: z.string().nullable(),
  request: z
    .object({ method: z.string(), path: z.string(), status: z.number().int().nullable(), cite: z.string() })
    .nullable(),
  logEvidence: z.array(LogExcerpt),
  affected: z.array(z.string()),
  hypothesis: z.string().nullable(),
  confidence: z.number().min(0).max(1),
  ruledOut: z.array(RuledOut),
  filesToCheck: z.array(z.string()),
  claims: z.array(Claim),
  said: ModelSaid.optional(),
});
export type InvestigationFinding = z.infer<typeof InvestigationFinding>;

export const RootCause = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('located'),
    path: z.string(),
    line: z.number().int().nullable(),
    commit: z.string().nullable(),
    why: Claim,
  }),
  z.object({ status: z.literal('outside-code'), why: Claim }),
  /** The cause spans too much, or too little was seen: concrete alternatives instead. */
  z.object({ status: z.literal('undetermined'), alternatives: z.array(Claim) }),
]);
export type RootCause = z.infer<typeof RootCause>;

export const FixSuggestion = z.object({
  kind: z.enum(['revert', 'roll-back', 'config-change', 'operator-action', 'none']),
  commit: z.string().nullable(),
  text: z.string(),
  /** Shell lines to copy; quoted for a shell. Never run by us. */
  commands: z.array(z.string()),
  risk: z.string(),
});
export type FixSuggestion = z.infer<typeof FixSuggestion>;

export const CodeFinding = z.object({
  locations: z.array(
    z.object({ path: z.string(), line: z.number().int(), function: z.string().nullable(), cite: z.string() }),
  ),
  rootCause: RootCause,
  affectedCode: z.array(z.object({ path: z.string(), line: z.number().int(), why: z.string(), cite: z.string() })),
  fix: FixSuggestion,
  nextSteps: z.array(z.string()),
  said: ModelSaid.optional(),
  /** Written by a model: exact pieces of the service's own files and what is to stand there. Tried before they are shown. */
  edits: z.array(FileEdit).max(20).optional(),
});
export type CodeFinding = z.infer<typeof CodeFinding>;

/** Everything concluded so far. A field that is missing: that stage has not run, or failed (then a note says so). */
export const Findings = z.object({
  quick: QuickFinding.optional(),
  route: RouteChoice.optional(),
  triage: TriageFinding.optional(),
  investigation: InvestigationFinding.optional(),
  code: CodeFinding.optional(),
  /** Of all agents together; missing: no model was asked. */
  modelCost: ModelCost.optional(),
});
export type Findings = z.infer<typeof Findings>;

/** A stage that failed; its deterministic fallback went on. Never silence. */
export const StageNote = z.object({ stage: z.string(), note: z.string() });
export type StageNote = z.infer<typeof StageNote>;
