/** What further questions are derived from, and the places they are about. */
import type { Observed } from '../domain/evidence.ts';
import type { Observation, RepositoryState } from '../domain/telemetry.ts';
import type { AnalysisContext } from './context.ts';

export interface Place {
  readonly path: string;
  readonly line: number;
}
export interface Lead {
  readonly observations: readonly Observation[];
  readonly context: AnalysisContext;
  readonly telemetry: readonly Observed[];
  readonly repository: RepositoryState;
}
