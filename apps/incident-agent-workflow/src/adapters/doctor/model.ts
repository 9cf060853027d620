/** The model, found as `serve` finds it: is it there, does it answer, in what form, how much can it read, what does it cost. */
import { type Diagnosis, failing, fine, unknown, warning } from '../../domain/diagnosis.ts';
import { type AgentError, isAgentError } from '../../domain/error.ts';
import { type ModelCapabilities, type Price, WHOLE_CONTEXT_TOKENS } from '../../domain/model.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { leadsToLoopback } from '../../lib/loopback.ts';
import { thousands } from '../../lib/wording.ts';
import type { FoundModel, Model } from '../../ports.ts';

export interface ModelPlace {
  readonly find: (signal: AbortSignal) => Promise<FoundModel>;
  /** As it is set; undefined: Ollama on this machine, if it is there. */
  readonly baseUrl: string | undefined;
  readonly isContainer: boolean;
  /** Of a run or of a day. */
  readonly hasCostLimit: boolean;
  readonly milliseconds?: number;
}

const NAME = 'model';
/** A model on a laptop is loaded before it answers. */
const ANSWER_MILLISECONDS = 45_000;
const MOST_NAMES = 10;
const DETERMINISTIC = 'reports are the engine’s alone, and say so';

export function modelCheck({ milliseconds = ANSWER_MILLISECONDS, ...place }: ModelPlace): DoctorCheck {
  return {
    name: NAME,
    milliseconds,
    async run(signal) {
      const { model, note } = await place.find(signal);
      if (!model)
        return [fine(NAME, `${note}: reports are complete without${place.baseUrl === undefined ? TO_HAVE_ONE : ''}`)];
      try {
        const capabilities = await model.capabilities?.(signal);
        return [fine(NAME, answering(model, capabilities)), ...shortcomings(model, capabilities, place)];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const { baseUrl = '', isContainer } = place;
        if (error.code === 'unreachable' && isContainer && leadsToLoopback(baseUrl)) return [meansItself(baseUrl)];
        return [await troubleOf(error, model, signal)];
      }
    },
  };
}

const TO_HAVE_ONE = '; to have one: `ollama serve`, or set LLM_BASE_URL';

function meansItself(baseUrl: string): Diagnosis {
  return failing(NAME, {
    what: `Nothing answers at ${baseUrl}: from within a container LLM_BASE_URL means the container itself`,
    shows: 'reports say that the model cannot be reached',
    mend: 'LLM_BASE_URL=http://host.docker.internal:11434/v1, and let Ollama listen on all addresses: OLLAMA_HOST=0.0.0.0 ollama serve',
  });
}

const FORMS: Readonly<Record<ModelCapabilities['json'], string>> = {
  schema: 'takes a JSON schema',
  object: 'takes JSON mode, no schema',
  text: 'takes neither JSON schema nor JSON mode, is asked in words',
};

function answering({ name, price }: Model, capabilities: ModelCapabilities | undefined): string {
  const { json, contextTokens } = capabilities ?? {};
  const reads =
    contextTokens === undefined ? 'does not say how much it reads' : `reads ${thousands(contextTokens)} tokens`;
  return [`${name} answers`, ...(json ? [FORMS[json]] : []), reads, priceWords(price)].join('; ');
}

function priceWords(price: Price | undefined): string {
  if (!price) return 'its price is not known';
  if (price.prompt === 0 && price.reply === 0) return 'costs nothing';
  return `costs $${price.prompt} per million tokens of prompt, $${price.reply} of reply`;
}

function shortcomings(
  { price, name }: Model,
  capabilities: ModelCapabilities | undefined,
  { hasCostLimit }: Pick<ModelPlace, 'hasCostLimit'>,
): Diagnosis[] {
  const found: Diagnosis[] = [];
  const length = capabilities?.contextTokens;
  if (length !== undefined && length < WHOLE_CONTEXT_TOKENS)
    found.push(
      warning(NAME, {
        what: `${name} reads only ${thousands(length)} tokens`,
        shows: 'of the evidence it is shown the weightiest part only',
        mend: `run it with a context of ${thousands(WHOLE_CONTEXT_TOKENS)} tokens or more, or set LLM_MODEL to one that has it`,
      }),
    );
  if (!price)
    found.push(
      warning(NAME, {
        what: `The price of ${name} is not known`,
        shows: hasCostLimit
          ? 'the limits of LLM_MAX_COST_USD and LLM_MAX_COST_USD_PER_DAY count it as one of the dearest'
          : 'reports and GET /api/status tell no cost',
        mend: 'LLM_PRICE=0.15/0.60   (US dollars per million tokens of prompt and of reply)',
      }),
    );
  return found;
}

async function troubleOf(error: AgentError, model: Model, signal: AbortSignal): Promise<Diagnosis> {
  const { message: what, code } = error;
  switch (code) {
    case 'not-found':
      return failing(NAME, { what, shows: DETERMINISTIC, mend: await howToGet(model, signal) });
    case 'timeout':
      return unknown(NAME, {
        what: `${model.name} is there, and did not answer the smallest question in time`,
        shows: 'if it is being loaded: nothing, soon; else reports say that LLM_RUN_SECONDS are used up',
        mend: 'npx incident-agent doctor   again in a minute; if it stays so, set LLM_MODEL to a smaller one',
      });
    case 'refused':
      return failing(NAME, { what, shows: DETERMINISTIC, mend: 'set LLM_API_KEY to a key that may use LLM_MODEL' });
    case 'rate-limited':
      return warning(NAME, { what, shows: DETERMINISTIC, mend: 'wait, or ask whoever runs it for a higher limit' });
    default:
      return failing(NAME, {
        what,
        shows: `model errors in the agent’s log; ${DETERMINISTIC}`,
        mend: 'ollama serve   or correct LLM_BASE_URL; LLM_BASE_URL=off works without a model',
      });
  }
}

async function howToGet({ pull, offered }: Model, signal: AbortSignal): Promise<string> {
  const names = (await offered?.(signal)) ?? [];
  const choice = `set LLM_MODEL to ${names.length > 0 ? `one of: ${names.slice(0, MOST_NAMES).join(', ')}` : 'a name that it knows'}`;
  return pull === undefined ? choice : `${pull}   or ${choice}`;
}
