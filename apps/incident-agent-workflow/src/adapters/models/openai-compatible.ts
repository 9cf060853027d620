/** Any endpoint that speaks the OpenAI chat protocol: OpenAI, vLLM, LM Studio, llama.cpp, LiteLLM, Ollama's /v1. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText } from 'ai';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Model } from '../../ports.ts';

export interface OpenAiCompatibleOptions {
  /** Ends in `/v1` as a rule. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly modelName: string;
}

export function openAiCompatible({ baseUrl, apiKey, modelName }: OpenAiCompatibleOptions): Model {
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  return {
    name: `${modelName} at ${baseUrl}`,
    async reply({ system, user, maxReplyTokens }, signal) {
      try {
        const { text, usage, finishReason } = await generateText({
          model: provider.chatModel(modelName),
          system,
          prompt: user,
          temperature: 0,
          maxOutputTokens: maxReplyTokens,
          maxRetries: 0, // whoever owns the time decides whether to try again
          abortSignal: signal,
        });
        return {
          text,
          promptTokens: usage.inputTokens ?? 0,
          replyTokens: usage.outputTokens ?? 0,
          isCut: finishReason === 'length',
          costUsd: undefined,
        };
      } catch (error) {
        throw failure(error, signal, baseUrl);
      }
    },
  };
}

function failure(error: unknown, signal: AbortSignal, baseUrl: string): AgentError {
  if (signal.aborted)
    return new AgentError('timeout', `The model at ${baseUrl} did not answer in time`, {
      retryable: true,
      cause: error,
    });
  if (!APICallError.isInstance(error)) {
    return new AgentError('malformed', `The model at ${baseUrl} answered something unreadable: ${messageOf(error)}`, {
      retryable: false,
      cause: error,
    });
  }
  const status = error.statusCode;
  if (status === undefined)
    return new AgentError('unreachable', `Nothing answers at ${baseUrl}: check LLM_BASE_URL`, {
      retryable: true,
      cause: error,
    });
  if (status === 429)
    return new AgentError('rate-limited', `The model at ${baseUrl} answered 429`, { retryable: true, cause: error });
  if (status === 413)
    return new AgentError('too-large', `The prompt is too long for the model at ${baseUrl}`, {
      retryable: false,
      cause: error,
    });
  if (status === 404)
    return new AgentError('not-found', `The model at ${baseUrl} answered 404: check LLM_MODEL`, {
      retryable: false,
      cause: error,
    });
  if (status >= 500)
    return new AgentError('unreachable', `The model at ${baseUrl} answered ${status}`, {
      retryable: true,
      cause: error,
    });
  return new AgentError('refused', `The model at ${baseUrl} answered ${status}: check LLM_API_KEY and LLM_MODEL`, {
    retryable: false,
    cause: error,
  });
}
