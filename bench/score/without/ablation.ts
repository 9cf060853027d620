/** What an incident looks like to somebody who lacks one kind of knowledge. */
import type { CommitEvidence } from '../../../apps/incident-agent-workflow/src/domain/commit-evidence.ts';
import type { Observation } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';

export interface Ablation {
  /** As `--without` names it. */
  readonly name: string;
  /** Answers are changed before anybody sees them. */
  readonly change?: (observation: Observation) => Observation['answer'];
  /** The engine weighs commits without it. */
  readonly leavesOut?: CommitEvidence;
}
