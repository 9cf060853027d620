/** What anything that is scored says about one incident: the engine or a dummy, in one shape. */
import type { Hypothesis } from '../../apps/incident-agent-workflow/src/domain/hypothesis.ts';
import type { Report, Verdict } from '../../apps/incident-agent-workflow/src/domain/report.ts';

export interface Candidate {
  readonly kind: Hypothesis['cause']['kind'];
  readonly class: Hypothesis['cause']['class'];
  readonly service: string;
  readonly dependency: string | null;
  readonly commit: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly confidence: number;
}

export interface Prediction {
  /** `unknown`: it says that the cause is not known, whatever it ranks. */
  readonly status: Verdict['status'];
  /** Best first. Empty: it has nothing to say. */
  readonly candidates: readonly Candidate[];
}

/** What the report says: the verdict first, then the other hypotheses in their order. */
export function predictionOf({ verdict, hypotheses }: Pick<Report, 'verdict' | 'hypotheses'>): Prediction {
  const ranked = hypotheses.map(candidateOf);
  if (verdict.status !== 'not-confirmed') return { status: verdict.status, candidates: ranked };
  // A contradicted alert is the verdict even where a fault ranks before it, not sure enough to be told instead.
  const calm = ranked.filter(({ kind }) => kind === 'none');
  return { status: verdict.status, candidates: [...calm, ...ranked.filter(({ kind }) => kind !== 'none')] };
}

export function candidateOf({ cause, confidence }: Hypothesis): Candidate {
  const { kind, class: faultClass, service, dependency, commit, file, line } = cause;
  return { kind, class: faultClass, service, dependency, commit, file, line, confidence };
}
