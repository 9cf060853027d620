/** A model that stops when the run's or the day's money is spent. Refusing comes before the call, by what it could cost at most. */
import { AgentError, isAgentError } from '../domain/error.ts';
import { costAt, mostTokensOf, type Price } from '../domain/model.ts';
import type { Clock, Model, ModelBudget, SpendingStore } from '../ports.ts';

/** Where a price is not known and a limit is set: as dear as the dearest that is widely used, so that the limit holds. */
const ASSUMED_PRICE: Price = { prompt: 15, reply: 75 };

/** Of one run: what it has spent is counted from here on. */
export function withinBudget(
  model: Model,
  { runUsd, dayUsd, spending }: ModelBudget,
  clock: Pick<Clock, 'now'>,
): Model {
  const hasLimit = runUsd !== undefined || dayUsd !== undefined;
  const price = model.price ?? (hasLimit ? ASSUMED_PRICE : undefined);
  if (!price || (price.prompt === 0 && price.reply === 0)) return model;
  const ofDay = spending ?? keptForOneRun();
  let spentUsd = 0;
  return {
    ...model,
    async reply(prompt, signal) {
      const atMost = costAt(price, mostTokensOf(prompt), model.mostReplyTokens?.(prompt) ?? prompt.maxReplyTokens);
      if (runUsd !== undefined && spentUsd + atMost > runUsd)
        throw reached(`the run's limit of ${dollars(runUsd)} (LLM_MAX_COST_USD)`, spentUsd, atMost);
      const day = clock.now().slice(0, 10);
      if (!(await ofDay.reserve(day, atMost, dayUsd)))
        throw reached(
          `the day's limit of ${dollars(dayUsd ?? 0)} (LLM_MAX_COST_USD_PER_DAY)`,
          await ofDay.spentOn(day),
          atMost,
        );
      let cost = 0;
      try {
        const reply = await model.reply(prompt, signal);
        cost = costAt(price, reply.promptTokens, reply.replyTokens);
        return { ...reply, costUsd: cost };
      } catch (error) {
        // What was read before it broke off is paid; nobody says how much, so all that it may have been is counted.
        if (isAgentError(error) && error.code === 'timeout') cost = atMost;
        throw error;
      } finally {
        spentUsd += cost;
        await ofDay.correct(day, cost - atMost);
      }
    },
  };
}

/** Whether anything is left of what models may cost today; `none`: there is no such limit to be reached. */
export async function budgetLeft({
  modelBudget: { dayUsd, spending },
  clock,
}: {
  readonly modelBudget: ModelBudget;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<'none' | 'left' | 'used-up'> {
  if (dayUsd === undefined || !spending) return 'none';
  return (await spending.spentOn(clock.now().slice(0, 10))) < dayUsd ? 'left' : 'used-up';
}

/** Where nothing is kept between runs: the day's limit is that of the run. */
function keptForOneRun(): SpendingStore {
  let spentUsd = 0;
  return {
    async reserve(_day, usd, limitUsd) {
      if (limitUsd !== undefined && spentUsd + usd > limitUsd) return false;
      spentUsd += usd;
      return true;
    },
    async correct(_day, differenceUsd) {
      spentUsd += differenceUsd;
    },
    spentOn: async () => spentUsd,
  };
}

function reached(limit: string, spentUsd: number, atMost: number): AgentError {
  const message = `The model was not asked: ${limit} would be passed (spent ${dollars(spentUsd)}, this call up to ${dollars(atMost)})`;
  return new AgentError('refused', message, { retryable: false });
}

function dollars(usd: number): string {
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 0.01 ? 5 : 2)}`;
}
