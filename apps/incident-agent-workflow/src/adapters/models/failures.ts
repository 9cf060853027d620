/** What an endpoint's refusal means, in the words of the domain: what was tried, where, what came back, what to do. */
import { APICallError } from '@ai-sdk/provider';
import { AgentError, messageOf } from '../../domain/error.ts';

export interface Asked {
  /** Address without credentials. */
  readonly address: string;
  readonly modelName: string;
  /** What to do where the model is not there: `ollama pull …`, or the setting to check. */
  readonly ifModelIsMissing: string;
}

const MAX_WORDS = 200;
const TOO_LONG =
  /context.?(?:length|window|size)|maximum context|too many (?:input )?tokens|prompt is too long|exceed\w* .{0,40}tokens/i;
const NO_SUCH_MODEL =
  /model\b.{0,80}(?:not found|does not exist|not exist|unknown|no such)|model_not_found|invalid model/i;

export function failureOf(
  error: unknown,
  { address, modelName, ifModelIsMissing }: Asked,
  signal: AbortSignal,
): AgentError {
  if (error instanceof AgentError) return error;
  const agentError = (code: AgentError['code'], message: string, retryable: boolean) =>
    new AgentError(code, message, { retryable, cause: error });
  const tooLong = (words: string) =>
    agentError(
      'too-large',
      `The prompt is longer than ${modelName} at ${address} can read${quotedWords(words)}`,
      false,
    );
  if (signal.aborted) return agentError('timeout', `The model at ${address} did not answer in time`, true);
  const status = APICallError.isInstance(error) ? error.statusCode : undefined;
  if ((status === undefined || status === 200) && isBrokenConnection(error) && !isRefused(error))
    return agentError('unreachable', `The connection to the model at ${address} broke off`, true);
  if (!APICallError.isInstance(error) && TOO_LONG.test(wordsOf(error))) return tooLong(wordsOf(error));
  if (!APICallError.isInstance(error))
    return agentError(
      'malformed',
      `The model at ${address} answered nothing that can be read (${oneLine(wordsOf(error))}): check that LLM_BASE_URL is the address of its API, with its /v1`,
      false,
    );
  const said = saidBy(error);
  if (status === undefined) return agentError('unreachable', `Nothing answers at ${address}: check LLM_BASE_URL`, true);
  if (status === 413 || TOO_LONG.test(said)) return tooLong(said);
  if (NO_SUCH_MODEL.test(said) || status === 404)
    return agentError('not-found', `${modelName} is not known at ${address} (${status}): ${ifModelIsMissing}`, false);
  if (status === 429) {
    const after = retryAfterSeconds(error);
    const hint = after === undefined ? '' : `, and asks to wait ${Math.ceil(after)} s`;
    return agentError('rate-limited', `The model at ${address} answered 429${hint}${quotedWords(said)}`, true);
  }
  if (status >= 500)
    return agentError('unreachable', `The model at ${address} answered ${status}${quotedWords(said)}`, true);
  if (status === 200)
    return agentError(
      'malformed',
      `${address} answered, but not as a model does: check that LLM_BASE_URL is the address of the API, with its /v1`,
      false,
    );
  if (status === 401 || status === 403)
    return agentError('refused', `The model at ${address} answered ${status}: check LLM_API_KEY`, false);
  return agentError(
    'refused',
    `The model at ${address} answered ${status}: check LLM_API_KEY and LLM_MODEL${quotedWords(said)}`,
    false,
  );
}

/** Seconds that the endpoint asks to wait: a number, or a date. undefined: it does not say. */
export function retryAfterSeconds(error: unknown): number | undefined {
  if (!APICallError.isInstance(error)) return undefined;
  const value = error.responseHeaders?.['retry-after'];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - Date.now()) / 1_000);
}

/** What the body says of the mistake, as far as it is text. */
export function saidBy(error: unknown): string {
  if (!APICallError.isInstance(error)) return messageOf(error);
  return oneLine(`${error.message} ${error.responseBody ?? ''}`);
}

function quotedWords(said: string): string {
  const words = oneLine(said);
  return words === '' || words.startsWith('<') ? '' : ` (“${words.slice(0, MAX_WORDS)}”)`;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/<[^>]{0,200}>/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 1_000);
}

/** Some endpoints begin a stream and tell the error in it, as an object or a text. */
function wordsOf(error: unknown): string {
  if (error instanceof Error || typeof error !== 'object' || error === null) return messageOf(error);
  return 'message' in error ? String(error.message) : JSON.stringify(error);
}

/** Nobody listens, or there is no such name: nothing broke off that had been there. */
function isRefused(error: unknown): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH/.test(chainOf(error));
}

function isBrokenConnection(error: unknown): boolean {
  return /terminated|ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed|socket hang up/i.test(chainOf(error));
}

function chainOf(error: unknown): string {
  const words: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    words.push(cause.message, 'code' in cause ? String(cause.code) : '');
  return words.join(' ');
}
