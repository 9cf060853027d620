/** What a model added to an agent's finding, as far as code could bear it out. It stands beside the finding, never in its place. */
import { z } from 'zod';
import { CheckedClaim, Claim } from './claim.ts';

/** What a model makes up by itself is a question, however sure it sounds. */
export const MODEL_CONFIDENCE_CAP = 0.6;

/** The engine stays with its verdict; who reads it sees that the model would not. Both sides in the engine's words. */
export const Disagreement = z.object({
  engine: z.string(),
  model: z.string(),
  /** Evidence that speaks for one side only, `E7`; null: none was named. */
  decides: z.string().nullable(),
  cites: z.array(z.string()),
});
export type Disagreement = z.infer<typeof Disagreement>;

export const OpenQuestion = Claim.extend({
  /** Of a cause that the engine does not list: as sure as the model says it is, under the cap. */
  confidence: z.number().min(0).max(MODEL_CONFIDENCE_CAP).nullable(),
});
export type OpenQuestion = z.infer<typeof OpenQuestion>;

/** `search` stands in that file exactly once; what replaces it is a proposal. Applied by nobody yet. */
export const Edit = z.object({ path: z.string(), search: z.string(), replace: z.string() });
export type Edit = z.infer<typeof Edit>;

export const ModelSaid = z.object({
  /** One sentence. */
  summary: Claim.nullable(),
  claims: z.array(Claim),
  disagreements: z.array(Disagreement),
  openQuestions: z.array(OpenQuestion),
  /** Of the code only. */
  edits: z.array(Edit),
  /** Sentences that did not survive the check. */
  dropped: z.array(CheckedClaim),
  /** Questions that it had asked of the sources, and how many it asked for that it may not. */
  asked: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
});
export type ModelSaid = z.infer<typeof ModelSaid>;

/** What the calls of one run took. */
export const ModelCost = z.object({
  calls: z.number().int().nonnegative(),
  promptTokens: z.number().nonnegative(),
  replyTokens: z.number().nonnegative(),
  /** null: its price is not known. 0: it runs here. */
  usd: z.number().nonnegative().nullable(),
});
export type ModelCost = z.infer<typeof ModelCost>;

/** Of several agents together; a price that is not known for one is not known for all. */
export function totalCost(costs: readonly ModelCost[]): ModelCost {
  const total = { calls: 0, promptTokens: 0, replyTokens: 0 };
  let usd: number | null = 0;
  for (const cost of costs) {
    total.calls += cost.calls;
    total.promptTokens += cost.promptTokens;
    total.replyTokens += cost.replyTokens;
    usd = usd === null || cost.usd === null ? null : usd + cost.usd;
  }
  return { ...total, usd };
}

interface Said {
  readonly said?: ModelSaid | undefined;
}

/** Of each agent that asked a model, in the order in which they did. */
export function saidBy(agents: {
  readonly triage?: Said | null | undefined;
  readonly investigation?: Said | null | undefined;
  readonly code?: Said | null | undefined;
}): ModelSaid[] {
  return [agents.triage?.said, agents.investigation?.said, agents.code?.said].filter((said) => said !== undefined);
}

/** Whether anything of it is to be shown. */
export function saysSomething({ summary, claims, disagreements, openQuestions, edits }: ModelSaid): boolean {
  return summary !== null || claims.length + disagreements.length + openQuestions.length + edits.length > 0;
}

/** As every format says it. */
export function disagreementClaim({ engine, model, decides, cites }: Disagreement, words: QuestionWords): Claim {
  const both = words.bothSay(withoutStop(engine), withoutStop(model));
  const text = decides === null ? both : `${both} ${words.decides(decides)}`;
  return { text, cites: [...new Set([...(decides === null ? [] : [decides]), ...cites])] };
}

export function questionClaim({ text, cites, confidence }: OpenQuestion, words: QuestionWords): Claim {
  const sure = confidence === null ? '' : ` ${words.sure(`${Math.round(confidence * 100)} %`)}`;
  return { text: `${text}${sure}`, cites: [...cites] };
}

/** The sentences around what engine and model say. */
export interface QuestionWords {
  bothSay(engine: string, model: string): string;
  decides(evidence: string): string;
  sure(percent: string): string;
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}
