import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScriptedModel, startScriptedModel } from '../../../../demo/scripted-model/server.ts';
import { openAiCompatible } from '../adapters/models/openai-compatible.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { ModelPrompt } from '../domain/model.ts';
import type { ModelBudget, SpendingStore } from '../ports.ts';
import { startTestDatabase, type TestDatabase } from '../store/test-database.ts';
import { noQueue } from '../store/test-rows.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { withinBudget } from './budget.ts';

/** 1,000 characters and 100 tokens of reply: at these prices at most 0.0005 dollars, and 0.00026 in truth. */
const PRICE = { prompt: 1, reply: 1 };
const PROMPT: ModelPrompt = { system: 'x'.repeat(500), user: 'y'.repeat(500), maxReplyTokens: 100 };
const TODAY = '2026-03-02';
const CLOCK = { now: () => `${TODAY}T10:00:00.000Z` };

let server: ScriptedModel;
let testDatabase: TestDatabase;
let spending: SpendingStore;
beforeAll(async () => {
  testDatabase = await startTestDatabase();
  spending = createUnitOfWork(testDatabase.database, () => noQueue).stores.spending;
  server = await startScriptedModel({ answer: () => '{"ok":true}', protocols: ['openai'] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await testDatabase.dispose();
});

function priced(budget: ModelBudget, price: typeof PRICE | null = PRICE) {
  const model = openAiCompatible({
    baseUrl: server.url,
    apiKey: undefined,
    modelName: 'scripted',
    prices: { override: price ?? undefined },
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
  });
  // Without a price of its own, as a hosted model that no table knows.
  return withinBudget(price ? model : { ...model, price: undefined }, budget, CLOCK);
}
const ask = (model: ReturnType<typeof priced>) => model.reply(PROMPT, AbortSignal.timeout(5_000));
const NO_LIMIT = { runUsd: undefined, dayUsd: undefined };

test('what a reply cost is told, and kept for the day', async () => {
  const before = await spending.spentOn(TODAY);
  const { costUsd } = await ask(priced({ ...NO_LIMIT, spending }));
  expect(costUsd).toBeCloseTo(0.000253, 6);
  expect((await spending.spentOn(TODAY)) - before).toBeCloseTo(0.000253, 6);
});

describe('a call that could pass the limit is not made', () => {
  test('of the run', async () => {
    const asked = server.asked.length;
    const model = priced({ runUsd: 0.0008, dayUsd: undefined, spending: undefined });
    await ask(model);
    await ask(model);
    await expect(ask(model)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('LLM_MAX_COST_USD)'),
    });
    expect(server.asked.length - asked).toBe(2);
  });

  test('what a model thinks before it answers is reckoned with', async () => {
    const asked = server.asked.length;
    const thinker = { ...priced({ ...NO_LIMIT, spending: undefined }), mostReplyTokens: () => 4_100 };
    const model = withinBudget(thinker, { runUsd: 0.0008, dayUsd: undefined, spending: undefined }, CLOCK);
    await expect(ask(model)).rejects.toMatchObject({ code: 'refused' });
    expect(server.asked.length).toBe(asked);
  });

  test('of the day, whoever spent it, and not of the next', async () => {
    const day = '2026-03-03';
    const limits = { runUsd: undefined, dayUsd: 0.0012, spending };
    const model = withinBudget(priced(NO_MORE), limits, { now: () => `${day}T00:00:01.000Z` });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => ask(model)));
    // Two are under way at the same time; each has its most reserved.
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(8);
    expect(await spending.spentOn(day)).toBeLessThanOrEqual(0.0012);
    const tomorrow = withinBudget(priced(NO_MORE), limits, { now: () => '2026-03-04T00:00:01.000Z' });
    expect((await ask(tomorrow)).text).toBe('{"ok":true}');
  });

  test('of the day, which is that of the run where nothing is kept', async () => {
    const asked = server.asked.length;
    const model = priced({ runUsd: undefined, dayUsd: 0.0008, spending: undefined });
    await ask(model);
    await ask(model);
    await expect(ask(model)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/LLM_MAX_COST_USD_PER_DAY\) would be passed \(spent \$0\.0005/),
    });
    expect(server.asked.length - asked).toBe(2);
  });

  test('also where the price is not known: then it is taken for dear', async () => {
    const model = priced({ runUsd: 0.01, dayUsd: undefined, spending: undefined }, null);
    await expect(ask(model)).rejects.toMatchObject({ message: expect.stringContaining('LLM_MAX_COST_USD') });
  });
});

const NO_MORE: ModelBudget = { ...NO_LIMIT, spending: undefined };

test('nothing is counted for a model that costs nothing', async () => {
  const before = await spending.spentOn(TODAY);
  await ask(priced({ runUsd: 0.000001, dayUsd: 0.000001, spending }, { prompt: 0, reply: 0 }));
  expect(await spending.spentOn(TODAY)).toBe(before);
});

test('a call that fails is not counted, one that timed out is counted in full', async () => {
  const day = '2026-03-05';
  const slow = await startScriptedModel({
    answer: (_asked, count) => (count === 1 ? { status: 401, text: 'no' } : { text: 'x', delayMilliseconds: 60_000 }),
    protocols: ['openai'],
  });
  const model = withinBudget(
    openAiCompatible({
      baseUrl: slow.url,
      apiKey: undefined,
      modelName: 'scripted',
      prices: { override: PRICE },
      sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    }),
    { ...NO_LIMIT, spending },
    { now: () => `${day}T10:00:00.000Z` },
  );
  await expect(ask(model)).rejects.toMatchObject({ code: 'refused' });
  expect(await spending.spentOn(day)).toBe(0);
  await expect(model.reply(PROMPT, AbortSignal.timeout(200))).rejects.toMatchObject({ code: 'timeout' });
  expect(await spending.spentOn(day)).toBeCloseTo(0.0005, 6);
  await slow[Symbol.asyncDispose]();
});
