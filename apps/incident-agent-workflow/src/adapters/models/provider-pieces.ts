/** A stream of one of the AI SDK's providers, as pieces. */
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelPrompt } from '../../domain/model.ts';
import type { Piece } from './stream-reply.ts';

export interface ProviderOptions {
  /** How the object is asked for, beyond words. */
  readonly json: 'schema' | 'object' | 'text';
  /** Some models allow their own temperature only. */
  readonly takesTemperature: boolean;
}

/** Throws what the provider throws, also in the middle. */
export async function* providerPieces(
  model: LanguageModelV4,
  prompt: ModelPrompt,
  { json, takesTemperature }: ProviderOptions,
  abortSignal: AbortSignal,
): AsyncGenerator<Piece> {
  const { stream } = await model.doStream({
    prompt: [
      { role: 'system', content: prompt.system },
      { role: 'user', content: [{ type: 'text', text: prompt.user }] },
    ],
    maxOutputTokens: prompt.maxReplyTokens,
    ...(takesTemperature ? { temperature: 0 } : {}),
    ...responseFormat(prompt, json),
    abortSignal,
  });
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (value.type === 'error') throw value.error;
    if (value.type === 'text-delta') yield { text: value.delta };
    if (value.type === 'reasoning-delta') yield { thought: value.delta };
    if (value.type === 'finish')
      yield {
        usage: { promptTokens: value.usage.inputTokens.total, replyTokens: value.usage.outputTokens.total },
        isCut: value.finishReason.unified === 'length',
      };
  }
}

function responseFormat(
  { schema }: ModelPrompt,
  json: ProviderOptions['json'],
): Pick<LanguageModelV4CallOptions, 'responseFormat'> {
  if (json === 'text' || schema === undefined) return {};
  return { responseFormat: json === 'schema' ? { type: 'json', schema, name: 'reply' } : { type: 'json' } };
}
