/** One case as it was scored: what was said, what is true, what was right. Kept as JSON, one entry a case. */
import type { BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Claimed } from '../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import type { Blamed, CaseScore } from './levels.ts';
import type { Prediction } from './prediction.ts';

/** In the order in which tables show them. */
export const SPLIT_PARTS = ['test', 'tune', 'fresh', 'later', 'latest'] as const;
type SplitPart = (typeof SPLIT_PARTS)[number];
export type Part = SplitPart | 'all';

export function isSplitPart(name: string): name is SplitPart {
  return SPLIT_PARTS.some((part) => part === name);
}

/** What became of the replay without the guilty commit; any blame is false. */
export type RemovalResult =
  | { readonly prediction: Prediction; readonly falselyBlamed: Blamed | null }
  | { readonly failure: string };

export interface Scored {
  readonly prediction: Prediction;
  /** null: the case has no label. */
  readonly score: CaseScore | null;
  /** null: no commit is guilty, so there is none to remove. */
  readonly removal: RemovalResult | null;
}

export interface CaseResult {
  /** The file's name without its ending. */
  readonly id: string;
  /** `all`: the folder has no split. */
  readonly part: Part;
  readonly label: BundleLabel | null;
  /** Cases of one template are not independent: compared and resampled together. */
  readonly template: string;
  /** Of the guilty service, as the registry says. */
  readonly language: string;
  readonly engine: Scored;
  /** The engine's top answers of each kind with the probability before calibration, for `calibrate`. */
  readonly raw: readonly RawAnswer[];
  readonly dummies: Readonly<Record<string, Scored>>;
  /** From the first question to the report, git included; of the fastest replay. */
  readonly milliseconds: number;
  /** Of these, those in which no answer was waited for. */
  readonly analysisMilliseconds: number;
  /** SHA-256 of the report. */
  readonly digest: string;
  /** A second replay gave the same bytes. */
  readonly isRepeatable: boolean;
}

export interface RawAnswer {
  readonly claimed: Claimed;
  readonly raw: number;
  readonly cap: number;
  readonly isRight: boolean;
}

export interface Unreadable {
  readonly file: string;
  readonly reason: string;
}
