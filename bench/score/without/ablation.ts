/** What an incident looks like to somebody who lacks one kind of knowledge: answers are changed before anybody sees them. */
import type { Observation } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';

export interface Ablation {
  /** As `--without` names it. */
  readonly name: string;
  readonly change: (observation: Observation) => Observation['answer'];
}
