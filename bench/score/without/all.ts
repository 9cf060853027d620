import { COMMIT_EVIDENCE } from '../../../apps/incident-agent-workflow/src/domain/commit-evidence.ts';
import type { Ablation } from './ablation.ts';
import { logs } from './logs.ts';
import { words } from './words.ts';

const ABLATIONS: readonly Ablation[] = [
  logs,
  words,
  ...COMMIT_EVIDENCE.map((kind): Ablation => ({ name: kind, leavesOut: kind })),
];

/** Throws one sentence for the person who typed it. */
export function ablationNamed(name: string): Ablation {
  const found = ABLATIONS.find((ablation) => ablation.name === name);
  if (found) return found;
  throw new Error(`--without takes ${ABLATIONS.map((ablation) => ablation.name).join(' or ')}, not ${name}`);
}
