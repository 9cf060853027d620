/** How long a prompt and its reply may be: what the model reads, as far as that is known, and never more than helps. */
import { LEAST_CHARACTERS_PER_TOKEN, WHOLE_CONTEXT_TOKENS } from '../../domain/model.ts';

export interface Room {
  /** Of system and user part together. */
  readonly promptCharacters: number;
  readonly replyTokens: number;
}

export const MAX_REPLY_TOKENS = 1_500;
/** A short context is shared: three parts for the prompt, one for the reply. */
const REPLY_SHARE = 0.25;
/** What a chat template puts around both parts. */
const TEMPLATE_TOKENS = 64;
/** Protocol and task alone take half of it: with less nothing is left to reason about. */
const LEAST_PROMPT_CHARACTERS = 4_500;
const SHRINK = 0.6;

/** `contextTokens` undefined: nobody says, so what nearly all models read. */
export function roomIn(contextTokens: number | undefined): Room {
  const tokens = Math.min(contextTokens ?? WHOLE_CONTEXT_TOKENS, WHOLE_CONTEXT_TOKENS);
  const replyTokens = Math.min(MAX_REPLY_TOKENS, Math.floor(tokens * REPLY_SHARE));
  const promptTokens = tokens - replyTokens - TEMPLATE_TOKENS;
  return { replyTokens, promptCharacters: Math.floor(promptTokens * LEAST_CHARACTERS_PER_TOKEN) };
}

/** After a prompt was refused for its length. undefined: it could not be said in less. */
export function lessThan({ promptCharacters, replyTokens }: Room): Room | undefined {
  if (promptCharacters <= LEAST_PROMPT_CHARACTERS) return undefined;
  return {
    promptCharacters: Math.max(LEAST_PROMPT_CHARACTERS, Math.floor(promptCharacters * SHRINK)),
    replyTokens: Math.floor(replyTokens * SHRINK),
  };
}
