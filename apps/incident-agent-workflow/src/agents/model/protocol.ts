/**
 * The one protocol for every model: one JSON object `{finding, requests}`. Any text becomes a reply or a problem that
 * can be quoted back; nothing in it is believed here.
 */
import { z } from 'zod';
import { Claim } from '../../domain/claim.ts';
import { FaultClass } from '../../domain/fault-class.ts';
import { ErrorType, Impact } from '../../domain/finding.ts';
import { Edit } from '../../domain/model-said.ts';
import { objectsIn } from '../../lib/spoken-json.ts';
import { plainSchema } from './plain-schema.ts';

/** More than these nobody reads. */
export const MAX_CLAIMS = 12;
const MAX_TEXT_CHARACTERS = 600;
const MAX_CITES = 8;
const MAX_EDITS = 10;
const MAX_EDIT_CHARACTERS = 4_000;
const MAX_PROBLEM_CHARACTERS = 500;

const Said = Claim.extend({
  text: z.string().min(1).max(MAX_TEXT_CHARACTERS),
  cites: Claim.shape.cites.max(MAX_CITES),
});

const Common = {
  /** The whole in one sentence. */
  summary: Said.nullish(),
  claims: z.array(Said).max(100).default([]),
  /** The listed hypothesis that the evidence fits best, where that is not the first. */
  prefers: z.object({ hypothesis: z.string().regex(/^H\d+$/), cites: Said.shape.cites }).nullish(),
  /** A cause that is not listed, to be looked into. */
  newHypotheses: z
    .array(
      z.object({
        class: FaultClass,
        service: z.string(),
        dependency: z.string().nullish(),
        confidence: z.number().min(0).max(1).nullish(),
        cites: Said.shape.cites,
      }),
    )
    .max(20)
    .default([]),
  openQuestions: z.array(Said).max(20).default([]),
};

const FINDINGS = {
  triage: z.object({
    ...Common,
    service: z.string().nullish(),
    errorType: ErrorType.nullish(),
    impact: Impact.nullish(),
  }),
  investigation: z.object(Common),
  code: z.object({
    ...Common,
    edits: z
      .array(
        Edit.extend({
          search: z.string().min(1).max(MAX_EDIT_CHARACTERS),
          replace: z.string().max(MAX_EDIT_CHARACTERS),
        }),
      )
      .max(MAX_EDITS)
      .default([]),
  }),
  quick: z.object({ claims: Common.claims }),
} as const;

export type AgentKey = keyof typeof FINDINGS;
/** One type for all agents: what an agent is not asked for is missing. */
export type ModelFinding = Partial<z.infer<typeof FINDINGS.triage>> &
  Partial<z.infer<typeof FINDINGS.code>> & { readonly claims: Claim[] };

export interface Reply {
  readonly finding: ModelFinding;
  /** As they came: each is looked at by itself. */
  readonly requests: readonly unknown[];
}
export type ReadReply =
  | { readonly ok: true; readonly reply: Reply }
  /** For the model to read, and for the report. */
  | { readonly ok: false; readonly problem: string };

function replySchema(agent: AgentKey) {
  return z.looseObject({ finding: FINDINGS[agent], requests: z.array(z.unknown()).nullish() });
}

/** For endpoints that can enforce it. `request` undefined: nothing can be asked. */
export function replyJsonSchema(agent: AgentKey, request: z.ZodType | undefined): Record<string, unknown> {
  const finding = FINDINGS[agent];
  const reply = request ? z.object({ finding, requests: z.array(request) }) : z.object({ finding });
  return plainSchema(z.toJSONSchema(reply, { io: 'input' }));
}

/** Takes the answer out of prose, fences and thoughts; of several objects that fit, the last one stands. */
export function readReply(text: string, agent: AgentKey, isCut: boolean): ReadReply {
  const { objects, isCutOff } = objectsIn(text);
  let problem: string | undefined;
  for (const object of objects.toReversed()) {
    const parsed = replySchema(agent).safeParse(withPlainCites(object));
    if (parsed.success)
      return { ok: true, reply: { finding: parsed.data.finding, requests: parsed.data.requests ?? [] } };
    problem ??= z.prettifyError(parsed.error).slice(0, MAX_PROBLEM_CHARACTERS);
  }
  if (isCut || isCutOff)
    return { ok: false, problem: 'the JSON is cut off before its end: answer shorter, with fewer claims' };
  return { ok: false, problem: problem ?? 'there is no JSON object in it' };
}

/** Deeper than any answer; keeps a hostile one from overflowing the stack. */
const MAX_DEPTH = 12;

/** `"E1, E2"` and `["[E1]"]` mean what they look like. */
function withPlainCites(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withPlainCites(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'cites' ? plainCites(inner) : withPlainCites(inner, depth + 1),
    ]),
  );
}

function plainCites(value: unknown): unknown {
  const items = typeof value === 'string' ? value.split(/[\s,;]+/).filter((id) => id !== '') : value;
  if (!Array.isArray(items)) return value;
  const plain = items.map((id: unknown) => (typeof id === 'string' ? id.replace(/^[[(]+|[\])]+$/g, '').trim() : id));
  return [...new Set(plain)];
}
