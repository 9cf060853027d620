/** A fix that a person may take: what it changes, how it was tried, and the draft that was planned for it. */
import { z } from 'zod';

/** An exact piece of a file and what stands there instead. It must be found exactly once. */
export const FileEdit = z.object({ path: z.string(), search: z.string().min(1), replace: z.string() });
export type FileEdit = z.infer<typeof FileEdit>;

/** How the fix is made again from the repository, so that no content of files has to be kept. */
export const FixRecipe = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('revert'), commit: z.string() }),
  z.object({ kind: z.literal('edits'), edits: z.array(FileEdit).min(1) }),
]);
export type FixRecipe = z.infer<typeof FixRecipe>;

export const ProposalKind = z.enum(['revert', 'config-roll-back', 'patch']);
export type ProposalKind = z.infer<typeof ProposalKind>;

/**
 * `proven`: failed as in the incident before, does not after, fails again without the fix, and nothing else broke.
 * `passes`: the service's own tests pass, the failure itself was not made to happen. `disproven` is not proposed.
 */
export const ProofState = z.enum(['proven', 'passes', 'unproven', 'disproven']);
export type ProofState = z.infer<typeof ProofState>;

/** One thing that was run at each of the three states of the code. */
export const ProofCheck = z.object({
  name: z.string(),
  command: z.string(),
  before: z.string(),
  after: z.string(),
  /** With the fix taken out again; null: not asked of this check. */
  without: z.string().nullable(),
  milliseconds: z.number(),
});
export type ProofCheck = z.infer<typeof ProofCheck>;

export const Proof = z.object({
  state: ProofState,
  /** One sentence: what was shown, or why nothing could be. */
  reason: z.string(),
  revision: z.string(),
  revisionFrom: z.enum(['registry', 'metric', 'alert', 'tag', 'head']),
  checks: z.array(ProofCheck),
  /** The failing call as a test in the project's own style. */
  reproduction: z.object({ style: z.string(), path: z.string(), text: z.string() }).nullable(),
  milliseconds: z.number(),
});
export type Proof = z.infer<typeof Proof>;

export const ProposedFile = z.object({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted']),
  addedLines: z.number().int(),
  removedLines: z.number().int(),
  /** Redacted, bounded. */
  patch: z.string(),
});

export const Proposal = z.object({
  kind: ProposalKind,
  title: z.string(),
  /** What the change does, in a sentence or two. */
  story: z.string(),
  recipe: FixRecipe,
  files: z.array(ProposedFile),
  proof: Proof,
  risks: z.array(z.string()),
  undo: z.string(),
});
export type Proposal = z.infer<typeof Proposal>;

/** What a draft will be, but for the content of its files. */
export const PlannedDraft = z.object({
  forge: z.string(),
  repository: z.string(),
  base: z.string(),
  branch: z.string(),
  title: z.string(),
  body: z.string(),
  marker: z.string(),
  labels: z.array(z.string()),
});
export type PlannedDraft = z.infer<typeof PlannedDraft>;

export const Remediation = z.object({
  /** `draft`: it is planned; `shown`: there is a fix, but no draft (then `reason` says why); `none`: there is no fix. */
  status: z.enum(['draft', 'shown', 'none']),
  reason: z.string(),
  proposal: Proposal.nullable(),
  draft: PlannedDraft.nullable(),
  /** Other fixes that were thought of, and why they were not taken. */
  refused: z.array(z.object({ what: z.string(), because: z.string() })),
  /** What a person can do instead, where no fix is proposed. */
  operatorAction: z.string().nullable(),
  runbook: z.string().nullable(),
});
export type Remediation = z.infer<typeof Remediation>;

const PROOF_WORDS = {
  proven: 'proven',
  passes: 'existing tests pass, not proven',
  unproven: 'not proven',
  disproven: 'disproven',
} as const satisfies Record<ProofState, string>;

/** As people read it; only `proven` is ever called so. */
export function proofWord(state: ProofState): string {
  return PROOF_WORDS[state];
}
