/**
 * `npm run bench agents [-- --model <name> --base-url <url>] [--repeats N] [--part test] [--only …] [--dir …]`: every
 * bundle without a model and with one: is the verdict the same, is it right, what does it cost, what of its text stands.
 * Without --base-url two scripted models that lie are asked, one of which has all looked at that it may (not with --quick). Per case: results/agents-cases.json.
 */
import { resolve } from 'node:path';
import { modelFinder } from '../../apps/incident-agent-workflow/src/adapters/models/find-model.ts';
import { systemClock } from '../../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { MAX_REPLY_TOKENS } from '../../apps/incident-agent-workflow/src/agents/model/room.ts';
import type { Model } from '../../apps/incident-agent-workflow/src/ports.ts';
import { startScriptedModel } from '../../demo/scripted-model/server.ts';
import { CORPUS } from '../corpus/recorder/corpus-folder.ts';
import { type BenchContext, type Figure, figure, keepCases, percentile } from '../figures.ts';
import { casesIn } from '../score/folder.ts';
import { type AgentsCase, evaluateAgents, withoutModel } from './evaluate.ts';
import { lyingAnswer } from './lying.ts';

const RUN_MILLISECONDS = 120_000;

interface Scored {
  /** In front of the names of its figures. */
  readonly key: string;
  readonly model: Model;
  readonly repeats: number;
}

export async function agents(context: BenchContext): Promise<Figure[]> {
  if (context.baseUrl !== undefined) {
    const model = await modelAt(context.baseUrl, context.model);
    return score([{ key: 'agents', model, repeats: context.repeats ?? 1 }], context);
  }
  await using lying = await startScriptedModel({ answer: lyingAnswer(false) });
  await using asking = await startScriptedModel({ answer: lyingAnswer(true) });
  const lies = { key: 'agents_lies', model: await modelAt(lying.url, 'scripted'), repeats: 1 };
  const asks = { key: 'agents_lies_and_asks', model: await modelAt(asking.url, 'scripted'), repeats: 1 };
  return await score(context.isQuick ? [lies] : [lies, asks], context);
}

/** The key comes from the environment, as it does for the agent. */
async function modelAt(baseUrl: string, name = 'mistral-nemo'): Promise<Model> {
  const { LLM_API_KEY: apiKey } = process.env;
  const { model, note } = await modelFinder({ baseUrl, apiKey, name }, systemClock).find(new AbortController().signal);
  if (!model) throw new Error(`There is no model at ${baseUrl}: ${note}`);
  return model;
}

async function score(models: readonly Scored[], context: BenchContext): Promise<Figure[]> {
  const folder = resolve(context.dir ?? CORPUS);
  const cases = new Map<string, AgentsCase[]>(models.map(({ key }) => [key, []]));
  for await (const { id, bundle } of casesIn(folder, context)) {
    const without = await withoutModel(bundle);
    for (const { key, model, repeats } of models)
      for (let repeat = 0; repeat < repeats; repeat += 1)
        cases
          .get(key)
          ?.push(await evaluateAgents(bundle, { id, repeat, without, model, modelMilliseconds: RUN_MILLISECONDS }));
  }
  keepCases('agents-cases', Object.fromEntries(cases));
  return [...cases].flatMap(([key, own]) => figuresOf(key, own, context));
}

function figuresOf(key: string, cases: readonly AgentsCase[], { say, baseUrl }: BenchContext): Figure[] {
  if (cases.length === 0) return [];
  const share = (holds: (one: AgentsCase) => boolean) => cases.filter(holds).length / cases.length;
  const total = (count: (one: AgentsCase) => number) => cases.reduce((sum, one) => sum + count(one), 0);
  const changed = cases.filter(({ sameVerdict }) => !sameVerdict);
  for (const one of changed)
    say(
      `${key} ${one.id}: another verdict (right without: ${one.rightWithout}, with: ${one.rightWith}, asked ${one.asked})`,
    );
  const byCase = Map.groupBy(cases, ({ id }) => id);
  const unsteady = [...byCase.values()].filter((own) => new Set(own.map(({ said }) => said)).size > 1);
  const isLying = baseUrl === undefined;
  const mayNotMove = isLying && key === 'agents_lies';
  const labelled = cases.filter(({ rightWith }) => rightWith !== null);
  const right = (holds: (one: AgentsCase) => boolean | null) =>
    labelled.length === 0 ? 0 : labelled.filter((one) => holds(one) === true).length / labelled.length;
  return [
    figure(
      `${key}_same_verdict`,
      share(({ sameVerdict }) => sameVerdict),
      'ratio',
      mayNotMove ? { atLeast: 1 } : {},
    ),
    figure(
      `${key}_right_without`,
      right(({ rightWithout }) => rightWithout),
      'ratio',
    ),
    figure(
      `${key}_right_with`,
      right(({ rightWith }) => rightWith),
      'ratio',
    ),
    figure(
      `${key}_sentences_kept`,
      total(({ kept }) => kept),
      'sentences',
      isLying ? { atMost: 0 } : {},
    ),
    figure(
      `${key}_sentences_dropped`,
      total(({ dropped }) => dropped),
      'sentences',
    ),
    figure(
      `${key}_asked`,
      total(({ asked }) => asked),
      'questions',
    ),
    figure(
      `${key}_disagreements`,
      total(({ disagreements }) => disagreements),
      'count',
    ),
    figure(
      `${key}_calls_failed`,
      total(({ failures }) => failures),
      'calls',
    ),
    figure(`${key}_unsteady_cases`, unsteady.length, 'cases'),
    ...costFigures(key, cases),
  ];
}

function costFigures(key: string, cases: readonly AgentsCase[]): Figure[] {
  const at = (portion: number, value: (one: AgentsCase) => number) => percentile(cases.map(value), portion);
  const calls = cases.flatMap(({ promptTokensOfCalls }) => promptTokensOfCalls);
  const spent = cases.reduce((sum, { costUsd }) => sum + costUsd, 0);
  // Looking again has a budget of its own: that of the analysis.
  const budget = key.endsWith('asks') ? {} : { below: 100 };
  return [
    figure(`${key}_cost_usd_per_run`, spent / cases.length, 'USD'),
    figure(
      `${key}_model_p50_s`,
      at(0.5, (one) => one.modelMilliseconds / 1_000),
      's',
    ),
    figure(
      `${key}_model_p95_s`,
      at(0.95, (one) => one.modelMilliseconds / 1_000),
      's',
    ),
    figure(
      `${key}_overhead_p50_ms`,
      at(0.5, (one) => one.overheadMilliseconds),
      'ms',
      budget,
    ),
    figure(
      `${key}_overhead_p95_ms`,
      at(0.95, (one) => one.overheadMilliseconds),
      'ms',
    ),
    figure(
      `${key}_prompt_tokens_run_p50`,
      at(0.5, (one) => one.promptTokens),
      'tokens',
    ),
    figure(
      `${key}_prompt_tokens_run_p95`,
      at(0.95, (one) => one.promptTokens),
      'tokens',
    ),
    figure(
      `${key}_prompt_tokens_read_once_run_p50`,
      at(0.5, (one) => one.promptTokensReadOnce),
      'tokens',
    ),
    figure(`${key}_prompt_tokens_call_p50`, percentile(calls, 0.5), 'tokens'),
    figure(`${key}_prompt_tokens_call_p95`, percentile(calls, 0.95), 'tokens'),
    figure(`${key}_reply_tokens_call_limit`, MAX_REPLY_TOKENS, 'tokens'),
  ];
}
