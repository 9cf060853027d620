/** One streamed reply as text: a stall ends it early, a flood is cut, a reply without usage is counted by its characters. */
import { AgentError } from '../../domain/error.ts';
import type { ModelPrompt, ModelReply } from '../../domain/model.ts';

/** What came of a stream, in whatever protocol. */
export interface Piece {
  readonly text?: string;
  /** Thinking aloud: counted, not kept. */
  readonly thought?: string;
  readonly usage?: { readonly promptTokens: number | undefined; readonly replyTokens: number | undefined };
  readonly isCut?: boolean;
}

export interface StreamOptions {
  readonly address: string;
  /** Between two pieces of a reply that has begun. A model that is still being loaded is waited for by the run's own limit. */
  readonly idleMilliseconds: number | undefined;
}

const IDLE_MILLISECONDS = 20_000;
/** What a model that repeats itself may send before nobody listens any more. */
const MAX_CHARACTERS_PER_TOKEN = 12;
/** Of English text and JSON; only where the endpoint does not count. */
const CHARACTERS_PER_TOKEN = 4;

/** Throws whatever the stream throws, and AgentError for what is wrong with it; see failures.ts. */
export async function streamReply(
  open: (signal: AbortSignal) => AsyncIterable<Piece>,
  prompt: ModelPrompt,
  { address, idleMilliseconds = IDLE_MILLISECONDS }: StreamOptions,
  signal: AbortSignal,
): Promise<Omit<ModelReply, 'costUsd'>> {
  const ending = new AbortController();
  const abortSignal = AbortSignal.any([signal, ending.signal]);
  const aborted = rejectedOn(abortSignal);
  const seen = { text: '', thoughtCharacters: 0, isCut: false, promptTokens: 0, replyTokens: 0 };
  let timer: NodeJS.Timeout | undefined;
  const waitAgain = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ending.abort(silence(address, idleMilliseconds)), idleMilliseconds);
  };
  const pieces = open(abortSignal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // A server that stalls may also not heed that the request was given up.
      const { done, value } = await Promise.race([pieces.next(), aborted]);
      if (done) break;
      add(seen, value);
      if (seen.text.length + seen.thoughtCharacters > prompt.maxReplyTokens * MAX_CHARACTERS_PER_TOKEN) {
        seen.isCut = true;
        break;
      }
      if (value.text !== undefined || value.thought !== undefined) waitAgain();
    }
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
  // A model that thinks where nobody hears it may have come to the limit without a word.
  if (seen.text === '' && seen.thoughtCharacters === 0 && !seen.isCut) throw nothing(address);
  const { text, isCut } = seen;
  return {
    text,
    promptTokens: seen.promptTokens || Math.ceil((prompt.system.length + prompt.user.length) / CHARACTERS_PER_TOKEN),
    replyTokens: seen.replyTokens || Math.ceil((text.length + seen.thoughtCharacters) / CHARACTERS_PER_TOKEN),
    isCut,
  };
}

interface SeenSoFar {
  text: string;
  thoughtCharacters: number;
  isCut: boolean;
  promptTokens: number;
  replyTokens: number;
}

function add(seen: SeenSoFar, { text = '', thought = '', usage, isCut }: Piece): void {
  seen.text += text;
  seen.thoughtCharacters += thought.length;
  if (isCut) seen.isCut = true;
  seen.promptTokens = usage?.promptTokens ?? seen.promptTokens;
  seen.replyTokens = usage?.replyTokens ?? seen.replyTokens;
}

function rejectedOn(signal: AbortSignal): Promise<never> {
  const rejected = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  rejected.catch(() => undefined); // nobody may be waiting for it any more
  return rejected;
}

function silence(address: string, milliseconds: number): AgentError {
  const message = `The model at ${address} fell silent for ${milliseconds / 1_000} s in the middle of its reply`;
  return new AgentError('timeout', message, { retryable: true });
}

function nothing(address: string): AgentError {
  const message = `The model at ${address} answered nothing; if it always does, check that LLM_BASE_URL is the address of its API, with its /v1`;
  return new AgentError('malformed', message, { retryable: false });
}
