/** Kinds of evidence on commits. */
export const COMMIT_EVIDENCE = [
  /** Where it fails: stack traces, origins of texts, who wrote the lines. */
  'places',
  /** What a change does, as far as tables of deeds, effects and symptoms know it. */
  'changes',
  /** What is said of the failure and stands in the change as well. */
  'names',
  /** When it came into service. */
  'time',
] as const;
export type CommitEvidence = (typeof COMMIT_EVIDENCE)[number];

export interface LeftOut {
  /** A bench has the analysis leave kinds of evidence out, to see what they are worth; the product never does. */
  readonly without?: ReadonlySet<CommitEvidence> | undefined;
}
