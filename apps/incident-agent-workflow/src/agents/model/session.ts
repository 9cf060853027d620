/** One run's talk with a model: one limit of time for all of it, every exchange kept, and once it is over it stays over. */
import type { ModelExchange } from '../../domain/bundle.ts';
import { AgentError, type ErrorCode, isAgentError, messageOf } from '../../domain/error.ts';
import type { ModelPrompt, ModelReply } from '../../domain/model.ts';
import { redact } from '../../lib/redact.ts';
import type { Clock, Meter, Model } from '../../ports.ts';
import { lessThan, type Room, roomIn } from './room.ts';

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
  /**
   * Asks in as much room as the model has, and in less where it says that this was too much. Throws AgentError; after
   * one that another try cannot mend, every further call throws the same at once.
   */
  ask(agent: string, promptIn: (room: Room) => ModelPrompt): Promise<ModelReply>;
  /** Of this agent, in order; redacted. */
  exchangesOf(agent: string): readonly ModelExchange[];
}

/** These say nothing about the next prompt. */
const OF_ONE_PROMPT: ReadonlySet<ErrorCode> = new Set(['malformed']);

export function startSession({ model, clock, meter, signal: stopping, modelMilliseconds }: SessionTools): Session {
  const exchanges: ModelExchange[] = [];
  const beganAt = clock.milliseconds();
  const limit = AbortSignal.timeout(modelMilliseconds);
  const signal = AbortSignal.any([stopping, limit]);
  let over: AgentError | undefined;
  let room: Room | undefined;
  let contextTokens: number | undefined;

  async function ask(agent: string, promptIn: (room: Room) => ModelPrompt): Promise<ModelReply> {
    for (;;) {
      if (over) throw over;
      over = timeIsUp();
      if (over) throw over;
      room ??= await wholeRoom();
      try {
        return await exchange(agent, promptIn(room));
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const smaller = error.code === 'too-large' ? lessThan(room) : undefined;
        if (!smaller) throw ended(error);
        room = smaller; // for the rest of the run: the next prompt would be too long as well
      }
    }
  }

  async function wholeRoom(): Promise<Room> {
    contextTokens = await model.contextTokens?.(signal);
    return roomIn(contextTokens);
  }

  function ended(error: AgentError): AgentError {
    const told = timeIsUp(error) ?? error;
    if (!OF_ONE_PROMPT.has(told.code)) over = told;
    return told;
  }

  function timeIsUp(last?: AgentError): AgentError | undefined {
    return limit.aborted ? usedUp(modelMilliseconds, last) : undefined;
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
      ...(contextTokens === undefined ? {} : { contextTokens }),
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

function usedUp(modelMilliseconds: number, last: AgentError | undefined): AgentError {
  const seconds = Math.round(modelMilliseconds / 1_000);
  const met = last && last.code !== 'timeout' ? ` (${last.message})` : '';
  const message = `The ${seconds} s that a model may take in one run (LLM_RUN_SECONDS) are used up${met}`;
  return new AgentError('timeout', message, { retryable: false });
}
