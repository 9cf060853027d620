/** Anthropic by its own protocol: `LLM_BASE_URL=https://api.anthropic.com/v1`. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { APICallError } from '@ai-sdk/provider';
import type { ModelPrompt } from '../../domain/model.ts';
import type { Model } from '../../ports.ts';
import { failureOf, saidBy } from './failures.ts';
import { type ModelOptions, pricedReply } from './priced-reply.ts';
import { priceOf } from './prices.ts';
import { providerPieces } from './provider-pieces.ts';
import { SMALLEST_PROMPT } from './smallest-prompt.ts';

export interface AnthropicOptions extends ModelOptions {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

/** All models that are offered read at least that much. */
const CONTEXT_TOKENS = 200_000;

export function anthropic({ baseUrl, apiKey, ...options }: AnthropicOptions): Model {
  const { modelName, prices } = options;
  const address = baseUrl.replace(/\/$/, '');
  const asked = { address, modelName, ifModelIsMissing: 'check LLM_MODEL' };
  const provider = createAnthropic({ baseURL: address, apiKey: apiKey ?? '' });

  let takesTemperature = true;

  async function reply(prompt: ModelPrompt, signal: AbortSignal) {
    for (;;) {
      // The schema is told in words: as a tool it would cost a second round.
      const settings = { json: 'text', takesTemperature } as const;
      const open = (own: AbortSignal) => providerPieces(provider.chat(modelName), prompt, settings, own);
      try {
        return await pricedReply(open, prompt, { ...options, address }, signal);
      } catch (error) {
        if (!takesTemperature || signal.aborted || !isAboutTemperature(error)) throw failureOf(error, asked, signal);
        takesTemperature = false;
      }
    }
  }

  return {
    name: `${modelName} at ${address}`,
    price: priceOf(prices, modelName, address),
    reply,
    contextTokens: async () => CONTEXT_TOKENS,
    async capabilities(signal) {
      await reply(SMALLEST_PROMPT, signal);
      return { json: 'text', contextTokens: CONTEXT_TOKENS };
    },
  };
}

/** Some models allow their own only. */
function isAboutTemperature(error: unknown): boolean {
  return APICallError.isInstance(error) && error.statusCode === 400 && /temperature/.test(saidBy(error));
}
