/** A whole run in a made-up world, with a model that says what a test tells it. */
import { sha256 } from './adapters/system/clock.ts';
import { answerOf, NOW, type World } from './analyze/world.test-helper.ts';
import type { ModelExchange } from './domain/bundle.ts';
import type { Incident, Run } from './domain/incident.ts';
import type { ModelPrompt, ModelReply } from './domain/model.ts';
import { Question } from './domain/question.ts';
import type { Report } from './domain/report.ts';
import type { Observation } from './domain/telemetry.ts';
import { respond } from './pipeline.ts';
import type { Model, ResponseTools, Source } from './ports.ts';

export const INCIDENT: Omit<Incident, 'alerts'> = {
  id: 'INC-7',
  status: 'investigating',
  severity: 'warning',
  title: 'It fails',
  groupKey: 'service',
  openedAt: NOW,
  startedAt: NOW,
};
export const RUN: Run = {
  id: 'run-1',
  pipelineId: '3FA9C21B',
  incidentId: 'INC-7',
  status: 'running',
  reason: 'alert',
  forcedRoute: 'full',
  attempt: 1,
  createdAt: NOW,
};

export type Answering = (prompt: ModelPrompt, count: number, signal: AbortSignal) => unknown;

/** An object is said as JSON, a text as it is; what is thrown is thrown. */
export function modelSaying(answer: Answering): Model & { readonly prompts: ModelPrompt[] } {
  const prompts: ModelPrompt[] = [];
  return {
    name: 'scripted',
    price: undefined,
    prompts,
    async reply(prompt, signal): Promise<ModelReply> {
      prompts.push(prompt);
      const said = await answer(prompt, prompts.length, signal);
      const text = typeof said === 'string' ? said : JSON.stringify(said);
      return { text, promptTokens: 1, replyTokens: 1, isCut: false, costUsd: undefined };
    },
  };
}

export interface WorldRun {
  readonly report: Report;
  /** In the order in which they were published. */
  readonly versions: readonly Report[];
  readonly observations: readonly Observation[];
  readonly exchanges: readonly ModelExchange[];
  readonly logged: readonly string[];
}

type Journal = ResponseTools['journal'];

/** What one attempt has finished, for the next. */
export function memoryJournal(): Journal & { readonly results: Map<string, unknown> } {
  const results = new Map<string, unknown>();
  return {
    results,
    finished: async (_, stage) => (results.has(stage) ? { result: results.get(stage), note: undefined } : undefined),
    finish: async ({ stage, result }) => void results.set(stage, JSON.parse(JSON.stringify(result ?? null))),
  };
}

export async function runWorld(
  world: World,
  model: Model | undefined,
  options: { readonly run?: Partial<Run>; readonly modelMilliseconds?: number; readonly journal?: Journal } = {},
): Promise<WorldRun> {
  let observations: readonly Observation[] = [];
  const exchanges: ModelExchange[] = [];
  const versions: Report[] = [];
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const source: Source = {
    name: 'world',
    kinds: Question.options.flatMap(({ shape }) => [...shape.kind.values]),
    ask: async (question) => answerOf(question, world).answer,
  };
  const report = await respond(
    { ...INCIDENT, alerts: [...world.alerts] },
    { ...RUN, ...options.run },
    {
      registry: world.registry,
      sources: [source],
      clock: {
        now: () => NOW,
        milliseconds: () => performance.now(),
        sleep: async (pause, signal) => {
          if (pause < 5_000) return;
          await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
        },
      },
      log: { info: log, warn: log, error: log },
      meter: { count() {}, observe() {} },
      journal: options.journal ?? { finished: async () => undefined, finish: async () => {} },
      digest: sha256,
      deadlineMilliseconds: 60_000,
      signal: new AbortController().signal,
      keepObservations(seen) {
        observations = seen;
      },
      keepExchanges(_, said) {
        exchanges.push(...said);
      },
      publish: async (version) => void versions.push(version),
      urls: () => ({}),
      modelMilliseconds: options.modelMilliseconds ?? 20_000,
      modelBudget: { runUsd: undefined, dayUsd: undefined, spending: undefined },
      findModel: async () => ({ model, note: model ? model.name : 'off (LLM_BASE_URL=off)' }),
      versions: { agent: '0.1.0', rules: '1' },
    },
  );
  return { report, versions, observations, exchanges, logged };
}
