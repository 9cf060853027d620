/** Whether what was said is true: at each level the rank of the right answer, and who was blamed without guilt. */
import type { BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import { LIKELY_FROM } from '../../apps/incident-agent-workflow/src/domain/hypothesis.ts';
import type { Candidate, Prediction } from './prediction.ts';

export const LEVELS = ['class', 'service', 'commit', 'file', 'line'] as const;
export type Level = (typeof LEVELS)[number];

/** METHODS §10. */
const LINE_TOLERANCE = 5;

export interface Blamed {
  readonly commit: string;
  readonly confidence: number;
}

export interface CaseScore {
  /** From 1; null: the right answer is not there. A level that the label says nothing of is left out. */
  readonly ranks: Readonly<Partial<Record<Level, number | null>>>;
  /** Of the first answer; 0 where there is none. */
  readonly confidence: number;
  /** Whether everything is true that the first answer names: class, service, and the commit if it names one. */
  readonly isRight: boolean;
  readonly abstained: boolean;
  /** The verdict names no commit. */
  readonly namesNoCommit: boolean;
  /** A commit that is called at least likely and is not guilty. */
  readonly falselyBlamed: Blamed | null;
}

export function scoreCase(prediction: Prediction, label: BundleLabel): CaseScore {
  const { candidates, status } = prediction;
  const [first] = candidates;
  const ranks = LEVELS.filter((level) => isScored(level, label)).map((level) => [
    level,
    rankOf(level, candidates, label),
  ]);
  return {
    ranks: Object.fromEntries(ranks),
    confidence: first?.confidence ?? 0,
    isRight: first !== undefined && isTrue(first, label),
    abstained: status === 'unknown',
    namesNoCommit: status !== 'established' || first === undefined || first.commit === null,
    falselyBlamed: blamedBeside(label.commit, prediction),
  };
}

/** Of a world in which `guilty` is the only guilty commit; null: none is. */
export function blamedBeside(guilty: string | null, { candidates }: Prediction): Blamed | null {
  for (const { commit, confidence } of candidates)
    if (commit !== null && commit !== guilty && confidence >= LIKELY_FROM) return { commit, confidence };
  return null;
}

/** A class is always known, if only that nothing is wrong, which is nowhere; commit, file and line only of guilty code. */
function isScored(level: Level, label: BundleLabel): boolean {
  if (level === 'class') return label.class !== null || label.kind === 'none';
  if (level === 'service') return label.kind !== 'none';
  if (level === 'line') return label.file !== null && label.line !== null;
  return label[level] !== null;
}

/** Answers that say the same at this level count once: the third commit of one service is no third service. */
function rankOf(level: Level, candidates: readonly Candidate[], label: BundleLabel): number | null {
  const said = new Set<string>();
  for (const candidate of candidates) {
    said.add(valueAt(level, candidate));
    if (matches(level, candidate, label)) return said.size;
  }
  return null;
}

function valueAt(level: Level, candidate: Candidate): string {
  if (level === 'class') return candidate.kind === 'none' ? 'none' : (candidate.class ?? 'not named');
  if (level === 'line') return `${candidate.file}:${candidate.line}`;
  return candidate[level] ?? 'not named';
}

function matches(level: Level, candidate: Candidate, label: BundleLabel): boolean {
  switch (level) {
    case 'class':
      if (label.kind === 'none' || candidate.kind === 'none') return label.kind === candidate.kind;
      return candidate.class === label.class;
    case 'line':
      return (
        candidate.file === label.file &&
        candidate.line !== null &&
        label.line !== null &&
        Math.abs(candidate.line - label.line) <= LINE_TOLERANCE
      );
    default:
      return candidate[level] === label[level];
  }
}

/** Everything that it names: class, service, and the commit if it names one. */
export function isTrue(candidate: Candidate, label: BundleLabel): boolean {
  if (!matches('class', candidate, label)) return false;
  if (label.kind !== 'none' && !matches('service', candidate, label)) return false;
  return candidate.commit === null || candidate.commit === label.commit;
}
