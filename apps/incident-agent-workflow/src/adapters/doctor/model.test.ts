/** What `doctor` says of a model: against a real server that speaks as Ollama and OpenAI do, rightly and wrongly. */
import { afterEach, expect, test } from 'vitest';
import { type ScriptedModelOptions, startScriptedModel } from '../../../../../demo/scripted-model/server.ts';
import { type ModelSettings, modelFinder } from '../models/find-model.ts';
import { systemClock } from '../system/clock.ts';
import { type ModelPlace, modelCheck } from './model.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function serverOf(options: Partial<ScriptedModelOptions>) {
  const server = await startScriptedModel({ answer: () => '{"ok":true}', models: ['mistral-nemo'], ...options });
  open.push(server);
  return server;
}

/** Of one check: `state: what → cure`. */
async function told(settings: Partial<ModelSettings>, place: Partial<ModelPlace> = {}, milliseconds = 10_000) {
  const wanted = { baseUrl: undefined, apiKey: undefined, name: 'mistral-nemo', ...settings };
  const { find } = modelFinder(wanted, systemClock);
  const check = modelCheck({ find, baseUrl: wanted.baseUrl, isContainer: false, hasCostLimit: false, ...place });
  const found = await check.run(AbortSignal.timeout(milliseconds));
  return found.map(({ state, what, mend }) => `${state}: ${what}${mend === undefined ? '' : ` → ${mend}`}`);
}

test('without an address Ollama is looked for, as the agent does', async () => {
  const server = await serverOf({ protocols: ['ollama'] });
  expect(await told({ ollamaOrigin: server.origin })).toEqual([
    `fine: mistral-nemo at ${server.origin} answers; takes a JSON schema; reads 32,768 tokens; costs nothing`,
  ]);
  expect(await told({ ollamaOrigin: 'http://127.0.0.1:1' })).toEqual([
    'fine: off (nothing answers at http://127.0.0.1:1): reports are complete without; to have one: `ollama serve`, or set LLM_BASE_URL',
  ]);
});

test('off is a choice', async () => {
  expect(await told({ baseUrl: 'off' })).toEqual(['fine: off (LLM_BASE_URL=off): reports are complete without']);
});

test('an Ollama that has it not: the command that fetches it, and what is there', async () => {
  const server = await serverOf({ protocols: ['ollama'], models: ['llama3.2:latest', 'qwen3:8b'] });
  expect(await told({ ollamaOrigin: server.origin })).toEqual([
    expect.stringMatching(
      /^failing: mistral-nemo is not known at .* → ollama pull mistral-nemo {3}or set LLM_MODEL to one of: llama3\.2:latest, qwen3:8b$/,
    ),
  ]);
});

test('an OpenAI endpoint that has it not: what is there', async () => {
  const server = await serverOf({ protocols: ['openai'], models: ['gpt-4o'] });
  expect(await told({ baseUrl: server.url })).toEqual([
    expect.stringMatching(/^failing: mistral-nemo is not known at .* → set LLM_MODEL to one of: gpt-4o$/),
  ]);
});

test.each<{ says: string; refused: RegExp; words: string }>([
  { says: 'a schema', refused: /^$/, words: 'takes a JSON schema' },
  { says: 'JSON mode only', refused: /json_schema/, words: 'takes JSON mode, no schema' },
  { says: 'words only', refused: /json_schema|json_object/, words: 'takes neither JSON schema nor JSON mode' },
])('an OpenAI endpoint that takes $says', async ({ refused, words }) => {
  const server = await serverOf({
    protocols: ['openai'],
    answer: ({ body }) =>
      refused.test(JSON.stringify(body.response_format ?? {}))
        ? { status: 400, text: 'response_format: not supported' }
        : '{"ok":true}',
  });
  expect(await told({ baseUrl: server.url })).toEqual([
    expect.stringMatching(new RegExp(`^fine: .* answers; ${words}.*; reads 32,768 tokens; costs nothing$`)),
  ]);
});

test('a price that is set is told', async () => {
  const server = await serverOf({ protocols: ['openai'] });
  const [found] = await told({ baseUrl: server.url, price: { prompt: 0.15, reply: 0.6 } });
  expect(found).toMatch(/costs \$0\.15 per million tokens of prompt, \$0\.6 of reply$/);
});

test('a price that nobody knows is a warning, with what it means for the limits', async () => {
  const model = {
    name: 'new-model at https://api.example.com/v1',
    price: undefined,
    capabilities: async () => ({ json: 'schema' as const, contextTokens: undefined }),
    reply: () => Promise.reject(new Error('is not asked')),
  };
  const check = modelCheck({
    find: async () => ({ model, note: model.name }),
    baseUrl: 'https://api.example.com/v1',
    isContainer: false,
    hasCostLimit: true,
  });
  expect(await check.run(AbortSignal.timeout(1_000))).toEqual([
    expect.objectContaining({
      state: 'fine',
      what: expect.stringContaining('does not say how much it reads; its price is not known'),
    }),
    expect.objectContaining({
      state: 'warning',
      shows: expect.stringContaining('LLM_MAX_COST_USD'),
      mend: expect.stringContaining('LLM_PRICE='),
    }),
  ]);
});

test('a short context is a warning', async () => {
  const server = await serverOf({ protocols: ['ollama'], contextTokens: 4_096 });
  expect(await told({ baseUrl: server.origin })).toEqual([
    expect.stringMatching(/^fine: .*reads 4,096 tokens/),
    expect.stringMatching(/^warning: .*reads only 4,096 tokens → run it with a context of 8,192 tokens/),
  ]);
});

test('a key that is refused', async () => {
  const server = await serverOf({ protocols: ['openai'], answer: () => ({ status: 401, text: 'no' }) });
  expect(await told({ baseUrl: server.url, apiKey: 'secret-of-a-test' })).toEqual([
    expect.stringMatching(/^failing: .*answered 401: check LLM_API_KEY → set LLM_API_KEY/),
  ]);
});

test('nothing at the address that is set', async () => {
  expect(await told({ baseUrl: 'http://127.0.0.1:1/v1' })).toEqual([
    expect.stringMatching(/^failing: Nothing answers at http:\/\/127\.0\.0\.1:1\/v1.* → ollama serve/),
  ]);
});

test('a model that is still being loaded is not a failure', async () => {
  const server = await serverOf({
    protocols: ['ollama'],
    answer: () => ({ text: '{}', delayMilliseconds: 30_000 }),
  });
  expect(await told({ baseUrl: server.origin }, {}, 700)).toEqual([
    expect.stringMatching(/^unknown: .*did not answer the smallest question in time → npx incident-agent doctor/),
  ]);
});

test('from within a container, its own loopback is where the model is only if it answers there', async () => {
  const server = await serverOf({ protocols: ['openai'] });
  expect(await told({ baseUrl: server.url }, { isContainer: true })).toEqual([
    expect.stringMatching(/^fine: .*answers/),
  ]);
  expect(await told({ baseUrl: 'http://127.0.0.1:1/v1' }, { isContainer: true })).toEqual([
    expect.stringMatching(/^failing: .*the container itself → LLM_BASE_URL=http:\/\/host\.docker\.internal/),
  ]);
});
