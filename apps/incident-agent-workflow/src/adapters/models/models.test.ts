/** The adapters against a real HTTP server that speaks the three protocols, rightly and wrongly. */
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Asked,
  type Protocol,
  type ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedReply,
  startScriptedModel,
} from '../../../../../demo/scripted-model/server.ts';
import type { ModelPrompt } from '../../domain/model.ts';
import { startServer } from '../../lib/testing/start-server.ts';
import type { Model } from '../../ports.ts';
import { systemClock } from '../system/clock.ts';
import { type ModelSettings, modelFinder } from './find-model.ts';
import { watchModel } from './watched-model.ts';

const PROMPT: ModelPrompt = {
  system: 'You advise.',
  user: 'What broke? größe ✓',
  maxReplyTokens: 200,
  schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false },
};
const PROTOCOLS: readonly Protocol[] = ['openai', 'ollama', 'anthropic'];

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function serverOf(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const server = await startScriptedModel(options);
  open.push(server);
  return server;
}

async function modelAt(server: ScriptedModel, protocol: Protocol, more: Partial<ModelSettings> = {}): Promise<Model> {
  const baseUrl = protocol === 'anthropic' ? `${server.origin}/anthropic/v1` : server.url;
  const finder = modelFinder(
    { baseUrl, apiKey: 'key-of-a-test', name: 'scripted', idleMilliseconds: 400, ...more },
    systemClock,
  );
  const { model } = await finder.find(AbortSignal.timeout(5_000));
  if (!model) throw new Error('no model was found');
  return model;
}

async function asking(
  protocol: Protocol,
  answer: ScriptedModelOptions['answer'],
  options: { readonly seconds?: number; readonly server?: Partial<ScriptedModelOptions> } = {},
) {
  const server = await serverOf({ answer, protocols: [protocol], models: ['scripted'], ...options.server });
  const model = await modelAt(server, protocol);
  return { server, reply: model.reply(PROMPT, AbortSignal.timeout((options.seconds ?? 5) * 1_000)) };
}

describe.each(PROTOCOLS)('%s', (protocol) => {
  test('a reply comes with its tokens, and what was asked arrives whole', async () => {
    const { server, reply } = await asking(
      protocol,
      () => '{"ok": true, "text": "größe ✓ and enough to need several pieces"}',
    );
    const { text, promptTokens, replyTokens, isCut, costUsd } = await reply;
    expect(JSON.parse(text)).toMatchObject({ ok: true });
    expect([promptTokens > 0, replyTokens > 0, isCut, costUsd]).toEqual([true, true, false, 0]);
    const [first] = server.asked;
    expect(first).toMatchObject({
      protocol,
      model: 'scripted',
      system: PROMPT.system,
      user: PROMPT.user,
      maxTokens: 200,
    });
    expect(first?.body.stream).toBe(true);
  });

  test('a reply that reached the limit of tokens says so', async () => {
    const { reply } = await asking(protocol, () => ({ text: '{"ok"', isCut: true }));
    expect(await reply).toMatchObject({ text: '{"ok"', isCut: true });
  });

  test('a flood is cut', async () => {
    const { reply } = await asking(protocol, () => 'na '.repeat(100_000));
    const { text, isCut } = await reply;
    expect(isCut).toBe(true);
    expect(text.length).toBeLessThan(10_000);
  });

  test.each<{ says: string; reply: ScriptedReply; code: string; words: RegExp }>([
    {
      says: 'a stream that stalls',
      reply: { text: 'x'.repeat(400), stalls: true },
      code: 'timeout',
      words: /fell silent/,
    },
    {
      says: 'a torn connection',
      reply: { text: 'x'.repeat(400), resets: true },
      code: 'unreachable',
      words: /broke off/,
    },
    { says: 'a refused key', reply: { status: 401, text: 'no' }, code: 'refused', words: /LLM_API_KEY/ },
    { says: 'trouble inside', reply: { status: 500, text: 'oops' }, code: 'unreachable', words: /500/ },
    {
      says: 'a limit for an hour',
      reply: { status: 429, text: 'slow down', headers: { 'retry-after': '3600' } },
      code: 'rate-limited',
      words: /wait 3600 s.*slow down/,
    },
    {
      says: 'a prompt that is too long',
      reply: { status: 400, text: "This model's maximum context length is 4096 tokens" },
      code: 'too-large',
      words: /longer than scripted/,
    },
    {
      says: 'an error page with 200',
      reply: { rawBody: '<html><body>Welcome to nginx!</body></html>', contentType: 'text/html' },
      code: 'malformed',
      words: /LLM_BASE_URL/,
    },
    {
      says: 'an empty body',
      reply: { rawBody: '', contentType: 'text/event-stream' },
      code: 'malformed',
      words: /nothing/,
    },
  ])('$says is an error that says what to do', async ({ reply: scripted, code, words }) => {
    const { reply } = await asking(protocol, () => scripted);
    const error = await reply.then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ name: 'AgentError', code, message: expect.stringMatching(words) });
    expect(error?.message).not.toContain('key-of-a-test');
  });

  test('a wrong name of a model is not found', async () => {
    const { reply } = await asking(protocol, () => 'x', { server: { models: ['another'] } });
    const cure = protocol === 'ollama' ? /ollama pull scripted/ : /LLM_MODEL/;
    await expect(reply).rejects.toMatchObject({ code: 'not-found', message: expect.stringMatching(cure) });
  });

  test('silence ends with the time that the run allows', async () => {
    const { reply } = await asking(protocol, () => ({ text: 'x', delayMilliseconds: 60_000 }), { seconds: 0.3 });
    await expect(reply).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('in time') });
  });

  test('a limit that passes is waited for once', async () => {
    const { server, reply } = await asking(protocol, (_asked, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '0' } } : '{"ok":true}',
    );
    expect((await reply).text).toBe('{"ok":true}');
    expect(server.asked).toHaveLength(2);
  });
});

test('nothing listens there', async () => {
  const gone = await startServer(() => undefined);
  await gone[Symbol.asyncDispose]();
  const finder = modelFinder({ baseUrl: `${gone.url}/v1`, apiKey: undefined, name: 'x' }, systemClock);
  const { model } = await finder.find(AbortSignal.timeout(5_000));
  await expect(model?.reply(PROMPT, AbortSignal.timeout(5_000))).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('LLM_BASE_URL'),
  });
});

function refusing(field: string, words: string, isSent: (asked: Asked) => boolean) {
  return asking('openai', (asked) =>
    isSent(asked) ? { status: 400, text: words } : `{"ok":true,"without":"${field}"}`,
  );
}

describe('an endpoint that refuses what others take', () => {
  test.each<{ field: string; words: string; isSent: (asked: Asked) => boolean }>([
    {
      field: 'response_format',
      words: 'response_format is not supported',
      isSent: ({ body }) => body.response_format !== undefined,
    },
    {
      field: 'temperature',
      words: "Unsupported value: 'temperature'",
      isSent: ({ body }) => body.temperature !== undefined,
    },
    {
      field: 'max_tokens',
      words: "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      isSent: ({ body }) => body.max_tokens !== undefined,
    },
    {
      field: 'stream_options',
      words: 'unknown field stream_options',
      isSent: ({ body }) => body.stream_options !== undefined,
    },
  ])('is asked without $field', async ({ field, words, isSent }) => {
    const { server, reply } = await refusing(field, words, isSent);
    expect(JSON.parse((await reply).text)).toEqual({ ok: true, without: field });
    expect(server.asked.length).toBeLessThanOrEqual(3);
  });

  test('and what it refused once is not sent again', async () => {
    const server = await serverOf({
      answer: ({ body }) => (body.response_format === undefined ? '{}' : { status: 400, text: 'json_schema: unknown' }),
      protocols: ['openai'],
    });
    const model = await modelAt(server, 'openai');
    await model.reply(PROMPT, AbortSignal.timeout(5_000));
    const before = server.asked.length;
    await model.reply(PROMPT, AbortSignal.timeout(5_000));
    expect(server.asked.length).toBe(before + 1);
    expect(await model.capabilities?.(AbortSignal.timeout(5_000))).toEqual({ json: 'text', contextTokens: 32_768 });
  });

  test('one that answers whole although a stream was asked for is read all the same', async () => {
    const { reply } = await asking('openai', () => ({ text: '{"ok":true}', whole: true }));
    expect(await reply).toMatchObject({ text: '{"ok":true}', replyTokens: 3 });
  });

  test('one that counts no tokens has them estimated', async () => {
    const { reply } = await asking('openai', () => ({ text: 'x'.repeat(400), withoutUsage: true }));
    expect(await reply).toMatchObject({ replyTokens: 100 });
  });
});

describe('Ollama', () => {
  test('the context is as long as the prompt needs, thinking is off and the model stays loaded', async () => {
    const server = await serverOf({ answer: () => '{}', protocols: ['ollama'] });
    const model = await modelAt(server, 'ollama');
    await model.reply({ ...PROMPT, user: 'x'.repeat(20_000) }, AbortSignal.timeout(5_000));
    expect(server.asked[0]?.body).toMatchObject({
      think: false,
      keep_alive: '15m',
      format: PROMPT.schema,
      options: { num_ctx: 12_288, num_predict: 200, temperature: 0 },
    });
  });

  test('the context never shrinks again: each other length would have the model loaded anew', async () => {
    const server = await serverOf({ answer: () => '{}', protocols: ['ollama'], contextTokens: 14_000 });
    const model = await modelAt(server, 'ollama');
    for (const user of ['short', 'x'.repeat(20_000), 'short', 'x'.repeat(33_000)])
      await model.reply({ ...PROMPT, user }, AbortSignal.timeout(5_000));
    const lengths = server.asked.map(({ body }) => (body.options as { num_ctx: number }).num_ctx);
    expect(lengths).toEqual([8_192, 12_288, 12_288, 14_000]);
  });

  test('a prompt that its model cannot read is refused before it is cut in silence', async () => {
    const server = await serverOf({ answer: () => '{}', protocols: ['ollama'], contextTokens: 4_096 });
    const model = await modelAt(server, 'ollama');
    await expect(
      model.reply({ ...PROMPT, user: 'x'.repeat(20_000) }, AbortSignal.timeout(5_000)),
    ).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('longer context') });
    expect(server.asked).toEqual([]);
  });

  test.each<{ says: string; isRefused: (format: unknown) => boolean; json: string; words: string }>([
    {
      says: 'no schema',
      isRefused: (format) => typeof format === 'object',
      json: 'object',
      words: 'invalid JSON schema in format',
    },
    { says: 'no format', isRefused: (format) => format !== undefined, json: 'text', words: 'failed to parse grammar' },
  ])('one that takes $says is asked without it, and then never again', async ({ isRefused, json, words }) => {
    const server = await serverOf({
      answer: ({ body }) =>
        isRefused(body.format) ? { status: 500, rawBody: JSON.stringify({ error: words }) } : '{}',
      protocols: ['ollama'],
    });
    const model = await modelAt(server, 'ollama');
    expect((await model.reply(PROMPT, AbortSignal.timeout(10_000))).text).toBe('{}');
    const before = server.asked.length;
    expect(await model.capabilities?.(AbortSignal.timeout(5_000))).toMatchObject({ json });
    expect(server.asked.length).toBe(before + 1);
  });

  test('behind a proxy it has a path and asks for a key, and is still spoken to natively', async () => {
    const scripted = await serverOf({ answer: () => '{}', protocols: ['ollama'] });
    await using proxy = await startServer((request, reply) => {
      const isAllowed = request.headers.authorization === 'Bearer key-of-a-test' && request.url?.startsWith('/llm/');
      if (!isAllowed) return void reply.writeHead(401).end();
      const body = request.method === 'POST' ? { body: Readable.toWeb(request), duplex: 'half' } : {};
      fetch(`${scripted.origin}${request.url?.slice('/llm'.length)}`, {
        method: request.method,
        ...body,
      } as RequestInit)
        .then(async (answer) => reply.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())))
        .catch(() => reply.destroy());
    });
    const finder = modelFinder(
      { baseUrl: `${proxy.url}/llm/v1`, apiKey: 'key-of-a-test', name: 'scripted' },
      systemClock,
    );
    const { model } = await finder.find(AbortSignal.timeout(5_000));
    expect(await model?.contextTokens?.(AbortSignal.timeout(5_000))).toBe(32_768);
    expect((await model?.reply(PROMPT, AbortSignal.timeout(5_000)))?.text).toBe('{}');
    expect(scripted.asked[0]).toMatchObject({ protocol: 'ollama', body: { options: { num_ctx: 8_192 } } });
  });

  test('is found on this machine where no address is set, also when it is started later', async () => {
    let now = 0;
    const tools = { milliseconds: () => now, sleep: async () => {} };
    const server = await serverOf({ answer: () => '{}', protocols: ['ollama'] });
    const settings = { baseUrl: undefined, apiKey: undefined, name: 'scripted' };
    const lost = modelFinder({ ...settings, ollamaOrigin: 'http://127.0.0.1:9' }, tools);
    expect(await lost.find(AbortSignal.timeout(5_000))).toEqual({
      model: undefined,
      note: 'off (nothing answers at http://127.0.0.1:9)',
    });
    now += 60_000;
    const there = modelFinder({ ...settings, ollamaOrigin: server.origin }, tools);
    const { model, note } = await there.find(AbortSignal.timeout(5_000));
    expect(note).toBe(`scripted at ${server.origin}`);
    expect((await model?.reply(PROMPT, AbortSignal.timeout(5_000)))?.text).toBe('{}');
    expect(there.known()).toBeUndefined();
    await model?.capabilities?.(AbortSignal.timeout(5_000));
    expect(there.known()).toEqual({ json: 'schema', contextTokens: 32_768 });
  });
});

test('Azure: a deployment has an address of its own, with ?api-version=, and the key in a header of its own', async () => {
  const asked: { path: string | undefined; headers: object }[] = [];
  await using server = await startServer((request, reply) => {
    asked.push({ path: request.url, headers: request.headers });
    if (request.method === 'GET') return void reply.writeHead(404).end();
    const answer = { choices: [{ index: 0, finish_reason: 'stop', message: { content: '{"ok":true}' } }] };
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const baseUrl = `${server.url}/openai/deployments/gpt-4o?api-version=2024-10-21`;
  const { model } = await modelFinder({ baseUrl, apiKey: 'key-of-a-test', name: 'gpt-4o' }, systemClock).find(
    AbortSignal.timeout(5_000),
  );
  expect((await model?.reply(PROMPT, AbortSignal.timeout(5_000)))?.text).toBe('{"ok":true}');
  expect(model?.name).not.toContain('api-version');
  expect(asked.at(-1)).toMatchObject({
    path: '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    headers: { 'api-key': 'key-of-a-test' },
  });
});

test.each<{ says: string; body: string }>([
  {
    says: 'LM Studio',
    body: 'event: error\ndata: {"error":{"message":"The number of tokens to keep is greater than the context length"}}\n\n',
  },
  { says: 'another', body: 'data: {"error":{"message":"request exceeds the available context size","code":400}}\n\n' },
])('$says tells within a stream that the prompt is too long', async ({ body }) => {
  const { reply } = await asking('openai', () => ({ rawBody: body, contentType: 'text/event-stream' }));
  await expect(reply).rejects.toMatchObject({
    code: 'too-large',
    message: expect.stringMatching(/longer than scripted/),
  });
});

test('a Claude that allows its own temperature only is asked without', async () => {
  const { server, reply } = await asking('anthropic', ({ body }) =>
    body.temperature === undefined ? '{"ok":true}' : { status: 400, text: 'temperature is not supported' },
  );
  expect((await reply).text).toBe('{"ok":true}');
  expect(server.asked).toHaveLength(2);
});

describe.each(['openai', 'ollama'] as const)('a model that thinks first, by %s,', (protocol) => {
  test.each<{ says: string; text: string }>([
    { says: 'where nobody hears it', text: '' },
    { says: 'aloud', text: '<think>hm, well' },
  ])('$says: the next reply has room for it', async ({ text }) => {
    const server = await serverOf({
      answer: (_asked, count) => (count === 1 ? { text, isCut: true } : '{"ok":true}'),
      protocols: [protocol],
    });
    const model = await modelAt(server, protocol);
    expect(model.mostReplyTokens?.(PROMPT)).toBe(200);
    expect(await model.reply(PROMPT, AbortSignal.timeout(5_000))).toMatchObject({ text, isCut: true });
    expect(model.mostReplyTokens?.(PROMPT)).toBe(4_200);
    await model.reply(PROMPT, AbortSignal.timeout(5_000));
    expect(server.asked.map(({ maxTokens }) => maxTokens)).toEqual([200, 4_200]);
  });

  test('one whose answer was merely cut has none', async () => {
    const server = await serverOf({ answer: () => ({ text: '{"ok"', isCut: true }), protocols: [protocol] });
    const model = await modelAt(server, protocol);
    await model.reply(PROMPT, AbortSignal.timeout(5_000));
    expect(model.mostReplyTokens?.(PROMPT)).toBe(200);
  });
});

describe('what an endpoint tells of itself without being asked a question', () => {
  test.each(['openai', 'ollama'] as const)(
    '%s: how much the model reads, and which models are there',
    async (protocol) => {
      const server = await serverOf({ answer: () => '{}', protocols: [protocol], models: ['scripted', 'another'] });
      const model = await modelAt(server, protocol);
      expect(await model.contextTokens?.(AbortSignal.timeout(5_000))).toBe(32_768);
      expect(await model.offered?.(AbortSignal.timeout(5_000))).toEqual(['scripted', 'another']);
      expect(server.asked).toEqual([]);
    },
  );

  test.each<{ says: string; listed: object; tokens: number | undefined }>([
    { says: 'vLLM', listed: { max_model_len: 4_096 }, tokens: 4_096 },
    { says: 'LM Studio', listed: { context_length: 8_192 }, tokens: 8_192 },
    {
      says: 'llama.cpp, as it was started',
      listed: { meta: { n_ctx: 4_096, n_ctx_train: 131_072 } },
      tokens: 4_096,
    },
    { says: 'an older llama.cpp', listed: { meta: { n_ctx_train: 131_072 } }, tokens: 131_072 },
    { says: 'OpenAI, which does not say', listed: {}, tokens: undefined },
  ])('the context length as $says lists it', async ({ listed, tokens }) => {
    await using server = await startServer((_request, reply) =>
      reply.end(JSON.stringify({ object: 'list', data: [{ id: 'other' }, { id: 'scripted', ...listed }] })),
    );
    const finder = modelFinder({ baseUrl: `${server.url}/v1`, apiKey: undefined, name: 'scripted' }, systemClock);
    const { model } = await finder.find(AbortSignal.timeout(5_000));
    expect(await model?.contextTokens?.(AbortSignal.timeout(5_000))).toBe(tokens);
  });
});

test('off is off', async () => {
  const finder = modelFinder({ baseUrl: 'off', apiKey: undefined, name: 'x' }, systemClock);
  expect(await finder.find(AbortSignal.timeout(100))).toEqual({ model: undefined, note: 'off (LLM_BASE_URL=off)' });
});

describe('what is known of a model', () => {
  test('is learned once, without making anybody wait', async () => {
    const server = await serverOf({ answer: () => '{"ok":true}', protocols: ['openai'] });
    const finder = modelFinder({ baseUrl: server.url, apiKey: undefined, name: 'scripted' }, systemClock);
    const watched = watchModel(finder, () => 0);
    expect(await watched.status()).toMatchObject({ state: 'being asked', capabilities: null });
    await watched.settled();
    expect(await watched.status()).toEqual({
      name: `scripted at ${server.url}`,
      state: 'answers',
      capabilities: { json: 'schema', contextTokens: 32_768 },
      failure: null,
      price: { prompt: 0, reply: 0 },
    });
    expect(server.asked).toHaveLength(1);
  });

  test('one that goes away is missed, without being asked', async () => {
    let now = 0;
    const server = await startScriptedModel({ answer: () => '{"ok":true}', protocols: ['openai'] });
    const watched = watchModel(
      modelFinder({ baseUrl: server.url, apiKey: undefined, name: 'scripted' }, systemClock),
      () => now,
    );
    await watched.status();
    await watched.settled();
    expect(await watched.status()).toMatchObject({ state: 'answers' });
    now += 60_000;
    expect(await watched.status()).toMatchObject({ state: 'answers' });
    expect(server.asked).toHaveLength(1);
    await server[Symbol.asyncDispose]();
    now += 60_000;
    expect(await watched.status()).toMatchObject({
      state: 'failing',
      failure: expect.stringContaining('does not answer any more'),
    });
  });

  test('its failure is told, and it is asked again after a while', async () => {
    let now = 0;
    const server = await serverOf({
      answer: (_asked, count) => (count === 1 ? { status: 401, text: 'no' } : '{"ok":true}'),
      protocols: ['openai'],
    });
    const finder = modelFinder({ baseUrl: server.url, apiKey: 'x', name: 'scripted' }, systemClock);
    const watched = watchModel(finder, () => now);
    await watched.status();
    await watched.settled();
    expect(await watched.status()).toMatchObject({ state: 'failing', failure: expect.stringContaining('LLM_API_KEY') });
    now += 61_000;
    expect(await watched.status()).toMatchObject({ state: 'being asked' });
    await watched.settled();
    expect(await watched.status()).toMatchObject({ state: 'answers' });
  });
});
