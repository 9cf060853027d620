/**
 * Any endpoint that speaks the OpenAI chat protocol: OpenAI, vLLM, LM Studio, llama.cpp, LiteLLM, Azure. They differ in
 * what they accept; what one refuses is left out from then on, so that nobody has to configure it.
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError } from '@ai-sdk/provider';
import { z } from 'zod';
import type { ModelCapabilities, ModelPrompt } from '../../domain/model.ts';
import type { Model } from '../../ports.ts';
import { failureOf, saidBy } from './failures.ts';
import { type ModelOptions, pricedReply } from './priced-reply.ts';
import { priceOf } from './prices.ts';
import { providerPieces } from './provider-pieces.ts';
import { SMALLEST_PROMPT } from './smallest-prompt.ts';
import { unstreamed } from './unstreamed.ts';

export interface OpenAiCompatibleOptions extends ModelOptions {
  /** Ends in `/v1` as a rule. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

/** What this endpoint has refused so far. */
interface Manners {
  json: 'schema' | 'object' | 'text';
  takesTemperature: boolean;
  /** `max_completion_tokens` instead of `max_tokens`. */
  countsCompletion: boolean;
  reportsUsage: boolean;
}

/** As many as there are things that it can refuse. */
const MAX_REFUSALS = 5;
const CATALOG_MILLISECONDS = 5_000;

export function openAiCompatible(options: OpenAiCompatibleOptions): Model {
  const { baseUrl, apiKey, modelName, prices } = options;
  const manners: Manners = { json: 'schema', takesTemperature: true, countsCompletion: false, reportsUsage: true };
  const { address, headers, queryParams } = addressOf(baseUrl, apiKey);
  const chat = () =>
    createOpenAICompatible({
      name: 'openai-compatible',
      baseURL: address,
      headers,
      queryParams,
      supportsStructuredOutputs: manners.json === 'schema',
      includeUsage: manners.reportsUsage,
      transformRequestBody: ({ max_tokens: limit, ...body }) => ({
        ...body,
        [manners.countsCompletion ? 'max_completion_tokens' : 'max_tokens']: limit,
      }),
      fetch: unstreamed(fetch),
    }).chatModel(modelName);
  const asked = { address, modelName, ifModelIsMissing: 'check LLM_MODEL' };
  const catalog = (signal: AbortSignal) => catalogOf(address, { headers, queryParams }, signal);
  let known: { readonly contextTokens: number | undefined } | undefined;

  /** Asked until there is an answer: what it does not say then, it will not say later. */
  async function contextTokens(signal: AbortSignal): Promise<number | undefined> {
    if (!known) {
      const models = await catalog(signal);
      if (models) known = { contextTokens: lengthOf(models.find(({ id }) => id === modelName)) };
    }
    return known?.contextTokens;
  }

  async function reply(prompt: ModelPrompt, signal: AbortSignal) {
    const open = (own: AbortSignal) => providerPieces(chat(), prompt, manners, own);
    for (let refused = 0; ; refused += 1) {
      try {
        return await pricedReply(open, prompt, { ...options, address }, signal);
      } catch (error) {
        if (refused < MAX_REFUSALS && !signal.aborted && adapt(manners, error)) continue;
        throw failureOf(error, asked, signal);
      }
    }
  }

  async function capabilities(signal: AbortSignal): Promise<ModelCapabilities> {
    await reply(SMALLEST_PROMPT, signal);
    return { json: manners.json, contextTokens: await contextTokens(signal) };
  }

  return {
    name: `${modelName} at ${address}`,
    price: priceOf(prices, modelName, address),
    reply,
    capabilities,
    contextTokens,
    offered: async (signal) => ((await catalog(signal)) ?? []).map(({ id }) => id),
  };
}

/** True: the endpoint said what it does not take, and it will not be sent again. */
function adapt(manners: Manners, error: unknown): boolean {
  if (!APICallError.isInstance(error) || (error.statusCode !== 400 && error.statusCode !== 422)) return false;
  const said = saidBy(error);
  if (
    manners.json !== 'text' &&
    /response_format|json_schema|json_object|structured output|grammar|schema/i.test(said)
  ) {
    manners.json = manners.json === 'schema' ? 'object' : 'text';
    return true;
  }
  if (!manners.countsCompletion && /max_completion_tokens/.test(said)) {
    manners.countsCompletion = true;
    return true;
  }
  if (manners.takesTemperature && /temperature/.test(said)) {
    manners.takesTemperature = false;
    return true;
  }
  if (manners.reportsUsage && /stream_options|include_usage/.test(said)) {
    manners.reportsUsage = false;
    return true;
  }
  return false;
}

/** Azure takes its key in a header of its own; the address of one of its deployments carries `?api-version=`. */
function addressOf(baseUrl: string, apiKey: string | undefined) {
  const url = new URL(baseUrl);
  const isAzure = /\.azure\.com$|\.azure-api\.net$/.test(url.hostname) || url.searchParams.has('api-version');
  const queryParams = Object.fromEntries(url.searchParams);
  url.search = '';
  url.username = '';
  url.password = '';
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const headers: Record<string, string> = {
    ...authorization,
    ...(isAzure && apiKey !== undefined ? { 'api-key': apiKey } : {}),
  };
  return { address: url.href.replace(/\/$/, ''), headers, queryParams };
}

/** vLLM says `max_model_len`, LM Studio and OpenRouter `context_length`, llama.cpp what it runs with or what the model was made for. */
const Listed = z.looseObject({
  id: z.string(),
  max_model_len: z.number().nullish(),
  context_length: z.number().nullish(),
  meta: z.looseObject({ n_ctx: z.number().nullish(), n_ctx_train: z.number().nullish() }).nullish(),
});
const Catalog = z.object({ data: z.array(Listed) });
type Listed = z.infer<typeof Listed>;

function lengthOf(model: Listed | undefined): number | undefined {
  return model?.max_model_len ?? model?.context_length ?? model?.meta?.n_ctx ?? model?.meta?.n_ctx_train ?? undefined;
}

/** undefined: many endpoints have no such list. */
async function catalogOf(
  address: string,
  { headers, queryParams }: { readonly headers: Record<string, string>; readonly queryParams: Record<string, string> },
  signal: AbortSignal,
): Promise<readonly Listed[] | undefined> {
  try {
    const query = new URLSearchParams(queryParams).toString();
    const response = await fetch(`${address}/models${query === '' ? '' : `?${query}`}`, {
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(CATALOG_MILLISECONDS)]),
    });
    return Catalog.parse(await response.json()).data;
  } catch {
    return undefined; // only lengths and hints are taken from it
  }
}
