/**
 * Which model the settings mean, and by which protocol it is spoken to. What is told apart by asking (Ollama or not,
 * there or not) is asked again after a while, so that a model that is started later is found.
 */
import type { ModelCapabilities, Price } from '../../domain/model.ts';
import type { FoundModel, Model } from '../../ports.ts';
import { anthropic } from './anthropic.ts';
import { isOllama, ollama } from './ollama.ts';
import { openAiCompatible } from './openai-compatible.ts';
import type { Sleep } from './patiently.ts';
import { withRoomToThink } from './room-to-think.ts';

export interface ModelSettings {
  /** `off`: none. undefined: Ollama on this machine, if it is there. */
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  readonly name: string;
  readonly price?: Price | undefined;
  /** Where Ollama is looked for; its usual address unless told. */
  readonly ollamaOrigin?: string | undefined;
  readonly idleMilliseconds?: number | undefined;
}

export interface ModelFinder {
  /** Never throws. */
  readonly find: (signal: AbortSignal) => Promise<FoundModel>;
  /** What the model accepts, once it was asked; undefined: not yet, or nobody answered. */
  known(): ModelCapabilities | undefined;
}

interface Tools {
  readonly milliseconds: () => number;
  readonly sleep: Sleep;
}

export const OLLAMA_ORIGIN = 'http://localhost:11434';
/** A model that was not there is looked for again; one that was there stays. */
const LOOK_AGAIN_MILLISECONDS = 15_000;

export function modelFinder(settings: ModelSettings, tools: Tools): ModelFinder {
  let found: { readonly model: FoundModel; readonly at: number } | undefined;
  let capabilities: ModelCapabilities | undefined;

  return {
    async find(signal) {
      const isFresh = found && (found.model.model || tools.milliseconds() - found.at < LOOK_AGAIN_MILLISECONDS);
      if (found && isFresh) return found.model;
      const model = await look(settings, tools, signal);
      found = { model: learning(model), at: tools.milliseconds() };
      return found.model;
    },
    known: () => capabilities,
  };

  function learning({ model, note }: FoundModel): FoundModel {
    const ask = model?.capabilities;
    if (!model || !ask) return { model, note };
    const learn = async (signal: AbortSignal): Promise<ModelCapabilities> => {
      capabilities = await ask(signal);
      return capabilities;
    };
    return { note, model: { ...model, capabilities: learn } };
  }
}

async function look(settings: ModelSettings, { sleep }: Tools, signal: AbortSignal): Promise<FoundModel> {
  const { baseUrl, apiKey, name: modelName, ollamaOrigin = OLLAMA_ORIGIN } = settings;
  const common = {
    modelName,
    prices: { override: settings.price },
    idleMilliseconds: settings.idleMilliseconds,
    sleep,
  };
  if (baseUrl === 'off') return { model: undefined, note: 'off (LLM_BASE_URL=off)' };
  if (baseUrl === undefined) {
    if (await isOllama(ollamaOrigin, undefined, signal)) return named(ollama({ origin: ollamaOrigin, ...common }));
    return { model: undefined, note: `off (nothing answers at ${ollamaOrigin})` };
  }
  const url = new URL(baseUrl);
  if (/(?:^|\.)anthropic\.com$/.test(url.hostname) || /\/anthropic(?:\/|$)/.test(url.pathname))
    return named(anthropic({ baseUrl, apiKey, ...common }));
  for (const origin of new Set([withoutVersion(url), url.origin]))
    if (await isOllama(origin, apiKey, signal)) return named(ollama({ origin, apiKey, ...common }));
  return named(openAiCompatible({ baseUrl, apiKey, ...common }));
}

/** Behind a proxy it may have a path of its own. */
function withoutVersion({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/(?:v1\/?)?$/, '')}`;
}

function named(model: Model): FoundModel {
  return { model: withRoomToThink(model), note: model.name };
}
