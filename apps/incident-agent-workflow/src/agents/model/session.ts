/** One run's talk with a model: one limit of time for all of it, every exchange kept, and once it is over it stays over. */
import type { ModelExchange } from '../../domain/bundle.ts';
import { AgentError, type ErrorCode, isAgentError, messageOf } from '../../domain/error.ts';
import type { ModelPrompt, ModelReply } from '../../domain/model.ts';
import { redact } from '../../lib/redact.ts';
import type { Clock, Meter, Model } from '../../ports.ts';

export interface SessionTools {
  readonly model: Model;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Aborts when the process is to stop. */
  readonly signal: AbortSignal;
  /** For all calls of one run together. */
  readonly modelMilliseconds: number;
}

export interface Session {
  readonly modelName: string;
  /** Throws AgentError; after one that another try cannot mend, every further call throws the same at once. */
  ask(agent: string, prompt: ModelPrompt): Promise<ModelReply>;
  /** Of this agent, in order; redacted. */
  exchangesOf(agent: string): readonly ModelExchange[];
}

/** These say nothing about the next prompt. */
const OF_ONE_PROMPT: ReadonlySet<ErrorCode> = new Set(['malformed', 'too-large']);

export function startSession({ model, clock, meter, signal: stopping, modelMilliseconds }: SessionTools): Session {
  const exchanges: ModelExchange[] = [];
  const beganAt = clock.milliseconds();
  const limit = AbortSignal.timeout(modelMilliseconds);
  const signal = AbortSignal.any([stopping, limit]);
  let over: AgentError | undefined;

  async function ask(agent: string, prompt: ModelPrompt): Promise<ModelReply> {
    if (over) throw over;
    over = timeIsUp();
    if (over) throw over;
    try {
      return await exchange(agent, prompt);
    } catch (error) {
      throw isAgentError(error) ? ended(error) : error;
    }
  }

  function ended(error: AgentError): AgentError {
    const told = timeIsUp(error) ?? error;
    if (!OF_ONE_PROMPT.has(told.code)) over = told;
    return told;
  }

  function timeIsUp(last?: AgentError): AgentError | undefined {
    if (!limit.aborted) return undefined;
    const seconds = Math.round(modelMilliseconds / 1_000);
    const met = last && last.code !== 'timeout' ? ` (${last.message})` : '';
    const message = `The ${seconds} s that a model may take in one run (LLM_RUN_SECONDS) are used up${met}`;
    return new AgentError('timeout', message, { retryable: false });
  }

  async function exchange(agent: string, prompt: ModelPrompt): Promise<ModelReply> {
    const startedAt = clock.milliseconds();
    const kept = {
      agent,
      call: exchanges.filter((one) => one.agent === agent).length + 1,
      model: model.name,
      system: prompt.system,
      user: prompt.user,
      maxReplyTokens: prompt.maxReplyTokens,
    };
    const took = () => ({
      startedAfterMilliseconds: Math.round(startedAt - beganAt),
      milliseconds: Math.round(clock.milliseconds() - startedAt),
    });
    try {
      const reply = await model.reply(prompt, signal);
      // As it is kept, so that a replay reads what was read.
      const text = redact(reply.text);
      const { promptTokens, replyTokens, isCut, costUsd } = reply;
      meter.count('llm_tokens_total', { direction: 'prompt' }, promptTokens);
      meter.count('llm_tokens_total', { direction: 'reply' }, replyTokens);
      exchanges.push({
        ...kept,
        reply: { text, promptTokens, replyTokens, isCut, costUsd: costUsd ?? null },
        ...took(),
      });
      return { ...reply, text };
    } catch (error) {
      const code = isAgentError(error) ? error.code : 'malformed';
      const retryable = isAgentError(error) && error.retryable;
      exchanges.push({ ...kept, failure: { code, message: redact(messageOf(error)), retryable }, ...took() });
      throw error;
    }
  }

  return {
    modelName: model.name,
    ask,
    exchangesOf: (agent) => exchanges.filter((one) => one.agent === agent),
  };
}
