import type { ModelPrompt } from '../../domain/model.ts';

/** Shows whether a model answers and what its endpoint refuses; it also loads a model that sleeps. */
export const SMALLEST_PROMPT: ModelPrompt = {
  system: 'Answer with one JSON object.',
  user: 'Answer {"ok":true}.',
  maxReplyTokens: 64,
  schema: {
    type: 'object',
    properties: { ok: { type: 'boolean' } },
    required: ['ok'],
    additionalProperties: false,
  },
};
