/** A candidate root cause. Confidence comes from scoring code, never from a model. */
import { z } from 'zod';
import { CALIBRATION } from './calibration.ts';
import { Claim } from './claim.ts';
import { CauseKind, FaultClass } from './fault-class.ts';

export const Cause = z.object({
  kind: CauseKind,
  class: FaultClass.nullable(),
  service: z.string(),
  dependency: z.string().nullable(),
  commit: z.string().nullable(),
  file: z.string().nullable(),
  line: z.number().int().nullable(),
});
export type Cause = z.infer<typeof Cause>;

export const Hypothesis = z.object({
  id: z.string().regex(/^H\d+$/),
  cause: Cause,
  /** Thing, hedge of its band, what it broke, mechanism: one sentence. */
  statement: Claim,
  /** 0–1, after the caps. */
  confidence: z.number().min(0).max(1),
  /** What the confidence was made of, for fitting it anew: the probability before calibration, and the cap. */
  score: z.object({ raw: z.number().min(0).max(1), cap: z.number().min(0).max(1) }).optional(),
  /** Which independent kinds of evidence speak for it: metrics, logs, traces, topology, change, direct state. */
  groups: z.array(z.string()),
  supporting: z.array(Claim),
  contradicting: z.array(Claim),
  /** What would raise or lower the confidence. */
  wouldChange: z.array(z.string()),
  /** What an operator can do now, fastest safe step first. */
  actions: z.array(z.string()),
});
export type Hypothesis = z.infer<typeof Hypothesis>;

export const RuledOut = z.object({ what: z.string(), because: Claim });
export type RuledOut = z.infer<typeof RuledOut>;

export const Band = z.enum(['very-likely', 'likely', 'possible', 'not-established']);
export type Band = z.infer<typeof Band>;

/** Where "possible" begins. */
const POSSIBLE_FROM = 0.4;
/** Below it the report says that the cause is not known. */
export const ABSTAIN_BELOW = Math.max(POSSIBLE_FROM, CALIBRATION.abstainBelow);
/** From here on a commit is blamed by name, a draft is offered, and the verb "caused" is allowed. */
export const LIKELY_FROM = 0.66;
export const VERY_LIKELY_FROM = 0.9;

export function bandOf(confidence: number): Band {
  if (confidence >= VERY_LIKELY_FROM) return 'very-likely';
  if (confidence >= LIKELY_FROM) return 'likely';
  return confidence >= ABSTAIN_BELOW ? 'possible' : 'not-established';
}

const BAND_WORDS = {
  'very-likely': 'very likely',
  likely: 'likely',
  possible: 'possible',
  'not-established': 'not established',
} as const satisfies Record<Band, string>;

export function bandWord(band: Band): string {
  return BAND_WORDS[band];
}
