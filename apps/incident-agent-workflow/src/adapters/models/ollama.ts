/**
 * Ollama by its own protocol. Its /v1 reads a prompt only as far as the context length it was started with and says
 * nothing of the rest; here the length is set from the prompt, and a prompt that is too long is an error.
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { APICallError } from '@ai-sdk/provider';
import { z } from 'zod';
import { AgentError } from '../../domain/error.ts';
import { type ModelCapabilities, type ModelPrompt, mostTokensOf, WHOLE_CONTEXT_TOKENS } from '../../domain/model.ts';
import type { Model } from '../../ports.ts';
import { failureOf, saidBy } from './failures.ts';
import { type ModelOptions, pricedReply } from './priced-reply.ts';
import { priceOf } from './prices.ts';
import { SMALLEST_PROMPT } from './smallest-prompt.ts';
import type { Piece } from './stream-reply.ts';

export interface OllamaOptions extends ModelOptions {
  /** Without its `/v1`: `http://localhost:11434`. */
  readonly origin: string;
  /** Where it stands behind something that asks for one. */
  readonly apiKey?: string | undefined;
}

/** Loading a model takes longer than an answer: it stays loaded between the agents, and for the next incident of a storm. */
const KEEP_ALIVE = '15m';
/** Another length makes Ollama load the model anew: one that is enough for most prompts, longer ones in few steps, none given up again. */
const CONTEXT_STEP = 4_096;
const LOOK_MILLISECONDS = 2_000;

const Version = z.object({ version: z.string() });
const Shown = z.object({ model_info: z.record(z.string(), z.unknown()) });
const Tags = z.object({ models: z.array(z.object({ name: z.string() })) });
const Line = z.object({
  message: z.object({ content: z.string().optional(), thinking: z.string().optional() }).optional(),
  done: z.boolean().optional(),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().optional(),
  eval_count: z.number().optional(),
  error: z.string().optional(),
});

/** Whether an Ollama answers there. Never throws. */
export async function isOllama(origin: string, apiKey: string | undefined, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/api/version`, {
      headers: headersOf(apiKey),
      signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MILLISECONDS)]),
    });
    return response.ok && Version.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

function headersOf(apiKey: string | undefined): Record<string, string> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}

export function ollama({ origin, apiKey, ...options }: OllamaOptions): Model {
  const place = { origin, headers: headersOf(apiKey) };
  const { modelName, prices } = options;
  const pull = `ollama pull ${modelName}`;
  const asked = { address: origin, modelName, ifModelIsMissing: `run: ${pull}` };
  let longest: number | undefined;
  let loaded = WHOLE_CONTEXT_TOKENS;
  let json: ModelCapabilities['json'] = 'schema';

  async function contextTokens(signal: AbortSignal): Promise<number | undefined> {
    longest ??= await contextTokensOf(place, modelName, signal);
    return longest;
  }

  async function reply(prompt: ModelPrompt, signal: AbortSignal) {
    const room = await roomFor(prompt, signal);
    for (;;) {
      const open = (own: AbortSignal) => chat(place, requestOf(modelName, prompt, room, json), own);
      try {
        return await pricedReply(open, prompt, { ...options, address: origin }, signal);
      } catch (error) {
        if (json === 'text' || signal.aborted || !isAboutFormat(error)) throw failureOf(error, asked, signal);
        json = json === 'schema' ? 'object' : 'text'; // what it has refused is not sent again
      }
    }
  }

  /** Throws too-large where the model cannot read that much. */
  async function roomFor(prompt: ModelPrompt, signal: AbortSignal): Promise<number> {
    // Better too much room than a prompt cut in silence.
    const needed = mostTokensOf(prompt) + prompt.maxReplyTokens;
    const most = (await contextTokens(signal)) ?? Number.POSITIVE_INFINITY;
    if (needed > most) {
      const message = `The prompt needs about ${needed} tokens and ${modelName} at ${origin} reads ${most}: choose a model with a longer context`;
      throw new AgentError('too-large', message, { retryable: false });
    }
    loaded = Math.min(most, Math.max(loaded, Math.ceil(needed / CONTEXT_STEP) * CONTEXT_STEP));
    return loaded;
  }

  return {
    name: `${modelName} at ${origin}`,
    price: priceOf(prices, modelName, origin),
    pull,
    reply,
    async capabilities(signal) {
      await reply(SMALLEST_PROMPT, signal);
      return { json, contextTokens: await contextTokens(signal) };
    },
    contextTokens,
    offered: (signal) => namesOf(place, signal),
  };
}

/** Older ones take no schema, and some models no grammar at all. */
function isAboutFormat(error: unknown): boolean {
  return APICallError.isInstance(error) && /\bformat\b|grammar|schema/i.test(saidBy(error));
}

const FORMATS = {
  schema: (schema: object) => ({ format: schema }),
  object: () => ({ format: 'json' }),
  text: () => ({}),
} as const satisfies Record<ModelCapabilities['json'], (schema: object) => object>;

function requestOf(
  model: string,
  { system, user, maxReplyTokens, schema }: ModelPrompt,
  contextTokens: number,
  json: ModelCapabilities['json'],
) {
  return {
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    stream: true,
    think: false,
    keep_alive: KEEP_ALIVE,
    ...(schema ? FORMATS[json](schema) : {}),
    options: { num_ctx: contextTokens, num_predict: maxReplyTokens, temperature: 0 },
  };
}

interface OllamaPlace {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function* chat({ origin, headers }: OllamaPlace, request: object, signal: AbortSignal): AsyncGenerator<Piece> {
  const url = `${origin}/api/chat`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal,
  }).catch((error: unknown) => {
    // As the providers say it: nobody answered, so there is no status.
    throw new APICallError({ message: 'no answer', url, requestBodyValues: {}, cause: error });
  });
  if (!response.ok || !response.body) {
    throw new APICallError({
      message: response.statusText,
      url,
      requestBodyValues: {},
      statusCode: response.status,
      responseHeaders: Object.fromEntries(response.headers),
      responseBody: await response.text(),
    });
  }
  const body = Readable.fromWeb(response.body);
  const lines = createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY });
  const broken = new Promise<never>((_resolve, reject) => body.once('error', reject));
  broken.catch(() => undefined); // the reader of lines ends without a word when its input breaks
  const next = lines[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await Promise.race([next.next(), broken]);
    if (done) {
      if (body.errored) throw body.errored;
      return;
    }
    if (value.trim() !== '') yield pieceOf(value, url);
  }
}

function pieceOf(text: string, url: string): Piece {
  const line = Line.safeParse(jsonOrNull(text));
  if (!line.success) return {};
  const { message, done, done_reason: reason, prompt_eval_count, eval_count, error } = line.data;
  if (error !== undefined)
    throw new APICallError({ message: error, url, requestBodyValues: {}, statusCode: 500, responseBody: text });
  return {
    ...(message?.content ? { text: message.content } : {}),
    ...(message?.thinking ? { thought: message.thinking } : {}),
    ...(done
      ? { usage: { promptTokens: prompt_eval_count, replyTokens: eval_count }, isCut: reason === 'length' }
      : {}),
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function namesOf({ origin, headers }: OllamaPlace, signal: AbortSignal): Promise<string[]> {
  try {
    const response = await fetch(`${origin}/api/tags`, {
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MILLISECONDS)]),
    });
    return Tags.parse(await response.json()).models.map(({ name }) => name);
  } catch {
    return []; // only for a hint: what is wrong is told by the question itself
  }
}

/** The longest context that the model was made for. undefined: it does not say, or it is not there. */
async function contextTokensOf(
  { origin, headers }: OllamaPlace,
  modelName: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const response = await fetch(`${origin}/api/show`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ model: modelName }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MILLISECONDS)]),
    });
    const { model_info: info } = Shown.parse(await response.json());
    const [, length] = Object.entries(info).find(([name]) => name.endsWith('.context_length')) ?? [];
    return typeof length === 'number' ? length : undefined;
  } catch {
    return undefined; // the question itself tells what is wrong, in words for a person
  }
}
