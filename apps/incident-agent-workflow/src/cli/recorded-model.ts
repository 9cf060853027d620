/** A model that says again what it said then: to the same prompt the same reply, to another one the next in line. */
import type { ModelExchange } from '../domain/bundle.ts';
import { AgentError } from '../domain/error.ts';
import type { ModelReply } from '../domain/model.ts';
import type { Model } from '../ports.ts';

export function recordedModel(exchanges: readonly ModelExchange[]): Model {
  const left = [...exchanges];
  return {
    name: exchanges[0]?.model ?? 'recorded',
    price: undefined,
    contextTokens: async () => exchanges[0]?.contextTokens,
    async reply({ system, user }) {
      const same = left.findIndex((one) => one.user === user && one.system === system);
      const [next] = left.splice(Math.max(0, same), 1);
      if (!next)
        throw new AgentError(
          'not-found',
          'The bundle holds no further reply of the model: the analysis has changed since',
          {
            retryable: false,
          },
        );
      return replyOf(next);
    },
  };
}

function replyOf({ reply, failure }: ModelExchange): ModelReply {
  if (reply) return { ...reply, costUsd: reply.costUsd ?? undefined };
  const { code, message, retryable } = failure ?? {
    code: 'malformed',
    message: 'nothing was recorded',
    retryable: false,
  };
  throw new AgentError(code, message, { retryable });
}
