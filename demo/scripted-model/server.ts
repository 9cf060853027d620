/**
 * A model server that says what a script tells it, over real HTTP: OpenAI's chat completions, Ollama's chat, Anthropic's
 * messages; streamed as those do. For tests and benches: it can also do everything that real ones do wrong.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { listen } from '../listen.ts';

export type Protocol = 'openai' | 'ollama' | 'anthropic';

/** What was asked, in one shape for all protocols. */
export interface Asked {
  readonly protocol: Protocol;
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly maxTokens: number | undefined;
  /** As it was sent. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}

/** One reply. Without `status` it is a model's own. */
export interface ScriptedReply {
  readonly text?: string;
  /** Ends as if it had reached the limit of tokens. */
  readonly isCut?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the protocol's own form: an error's JSON, an HTML page. */
  readonly rawBody?: string;
  readonly contentType?: string;
  /** Before anything is sent. */
  readonly delayMilliseconds?: number;
  /** After half of the text: nothing more comes, and nothing is closed. */
  readonly stalls?: boolean;
  /** After half of the text the connection is torn. */
  readonly resets?: boolean;
  /** The answer comes whole although a stream was asked for. */
  readonly whole?: boolean;
  /** Without counts of tokens. */
  readonly withoutUsage?: boolean;
}

export interface ScriptedModelOptions {
  readonly answer: (asked: Asked, count: number) => ScriptedReply | string | Promise<ScriptedReply | string>;
  /** Which protocols it speaks; all others are 404. */
  readonly protocols?: readonly Protocol[];
  /** Others are not found. */
  readonly models?: readonly string[];
  readonly contextTokens?: number;
}

export interface ScriptedModel extends AsyncDisposable {
  readonly origin: string;
  /** For `LLM_BASE_URL`. */
  readonly url: string;
  readonly asked: readonly Asked[];
}

const PIECE_CHARACTERS = 40;
const CHARACTERS_PER_TOKEN = 4;

export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    handle(request, response, options, asked).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return {
    origin,
    url: `${origin}/v1`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ScriptedModelOptions,
  asked: Asked[],
): Promise<void> {
  const { protocols = ['openai', 'ollama', 'anthropic'], contextTokens = 32_768, models } = options;
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const text = await readAll(request);
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const protocol = PROTOCOL_OF.get(path);
  if (!protocol || !protocols.includes(protocol)) return void json(404, { error: { message: `no route ${path}` } });
  if (path === '/api/version') return void json(200, { version: '0.0.0-scripted' });
  if (path === '/api/tags')
    return void json(200, { models: (models ?? ['scripted']).map((name) => ({ name, model: name, size: 0 })) });
  if (path.endsWith('/models')) {
    const data = (models ?? ['scripted']).map((id) => ({ id, object: 'model', max_model_len: contextTokens }));
    return void json(200, { object: 'list', data });
  }
  const body = Body.parse(JSON.parse(text));
  if (models && !models.includes(body.model)) {
    const message = `The model \`${body.model}\` does not exist`;
    return void json(
      404,
      protocol === 'ollama'
        ? { error: `model '${body.model}' not found` }
        : { error: { message, code: 'model_not_found' } },
    );
  }
  if (path === '/api/show') return void json(200, { model_info: { 'scripted.context_length': contextTokens } });
  const question = askedOf(protocol, body, request.headers);
  asked.push(question);
  const answer = await options.answer(question, asked.length);
  await send(response, question, typeof answer === 'string' ? { text: answer } : answer);
}

const PROTOCOL_OF: ReadonlyMap<string, Protocol> = new Map([
  ['/api/version', 'ollama'],
  ['/api/show', 'ollama'],
  ['/api/tags', 'ollama'],
  ['/api/chat', 'ollama'],
  ['/v1/models', 'openai'],
  ['/v1/chat/completions', 'openai'],
  ['/v1/messages', 'anthropic'],
  ['/anthropic/v1/messages', 'anthropic'],
]);

const Content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]);
const Body = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })).default([]),
  system: Content.optional(),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
  stream: z.boolean().optional(),
  options: z.looseObject({ num_predict: z.number().optional() }).optional(),
});

function askedOf(protocol: Protocol, body: z.infer<typeof Body>, headers: IncomingMessage['headers']): Asked {
  const said = (role: string) =>
    body.messages
      .filter((message) => message.role === role)
      .map(({ content }) => plain(content))
      .join('\n');
  return {
    protocol,
    model: body.model,
    system: body.system === undefined ? said('system') : plain(body.system),
    user: said('user'),
    maxTokens: body.max_tokens ?? body.max_completion_tokens ?? body.options?.num_predict,
    body,
    headers,
  };
}

function plain(content: z.infer<typeof Content>): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');
}

async function send(response: ServerResponse, asked: Asked, reply: ScriptedReply): Promise<void> {
  if (reply.delayMilliseconds !== undefined) await sleep(reply.delayMilliseconds, undefined, { ref: false });
  if (reply.rawBody !== undefined || reply.status !== undefined) {
    const contentType = reply.contentType ?? 'application/json';
    const body = reply.rawBody ?? JSON.stringify({ error: { message: reply.text ?? 'scripted' } });
    response.writeHead(reply.status ?? 200, { 'content-type': contentType, ...reply.headers }).end(body);
    return;
  }
  const text = reply.text ?? '';
  if (reply.whole) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wholeOf(asked, text, reply)));
    return;
  }
  const contentType = asked.protocol === 'ollama' ? 'application/x-ndjson' : 'text/event-stream';
  response.writeHead(200, { 'content-type': contentType, ...reply.headers });
  const pieces = piecesOf(text);
  const isBroken = reply.stalls || reply.resets;
  for (const piece of beginning(asked)) response.write(piece);
  for (const piece of isBroken ? pieces.slice(0, Math.ceil(pieces.length / 2)) : pieces) {
    // Text that was written before a reset is lost with it unless it is on its way.
    await new Promise<void>((resolve) => response.write(pieceOf(asked, piece), () => resolve()));
  }
  if (reply.resets) response.socket?.resetAndDestroy();
  if (isBroken) return;
  for (const piece of ending(asked, text, reply)) response.write(piece);
  response.end();
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += PIECE_CHARACTERS) pieces.push(text.slice(at, at + PIECE_CHARACTERS));
  return pieces;
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function event(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

const OPENAI = { id: 'scripted', object: 'chat.completion.chunk', created: 0 };

function beginning({ protocol, model, system, user }: Asked): string[] {
  if (protocol !== 'anthropic') return [];
  const usage = { input_tokens: tokensOf(system + user), output_tokens: 0 };
  const message = { id: 'scripted', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage };
  return [
    event({ type: 'message_start', message }, 'message_start'),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, 'content_block_start'),
  ];
}

function pieceOf({ protocol, model }: Asked, content: string): string {
  if (protocol === 'ollama')
    return `${JSON.stringify({ model, created_at: new Date(0).toISOString(), message: { role: 'assistant', content }, done: false })}\n`;
  if (protocol === 'openai')
    return event({ ...OPENAI, model, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  const data = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: content } };
  return event(data, 'content_block_delta');
}

function ending(asked: Asked, text: string, { isCut = false, withoutUsage = false }: ScriptedReply): string[] {
  const { protocol, model, system, user } = asked;
  const counts = { prompt: tokensOf(system + user), reply: tokensOf(text) };
  if (protocol === 'ollama') {
    const usage = withoutUsage ? {} : { prompt_eval_count: counts.prompt, eval_count: counts.reply };
    const done = {
      model,
      created_at: new Date(0).toISOString(),
      message: { role: 'assistant', content: '' },
      done: true,
    };
    return [`${JSON.stringify({ ...done, done_reason: isCut ? 'length' : 'stop', ...usage })}\n`];
  }
  if (protocol === 'openai') {
    const usage = {
      prompt_tokens: counts.prompt,
      completion_tokens: counts.reply,
      total_tokens: counts.prompt + counts.reply,
    };
    const last = { ...OPENAI, model, choices: [{ index: 0, delta: {}, finish_reason: isCut ? 'length' : 'stop' }] };
    const told = withoutUsage ? [] : [event({ ...OPENAI, model, choices: [], usage })];
    return [event(last), ...told, 'data: [DONE]\n\n'];
  }
  const delta = { stop_reason: isCut ? 'max_tokens' : 'end_turn', stop_sequence: null };
  return [
    event({ type: 'content_block_stop', index: 0 }, 'content_block_stop'),
    event({ type: 'message_delta', delta, usage: { output_tokens: counts.reply } }, 'message_delta'),
    event({ type: 'message_stop' }, 'message_stop'),
  ];
}

function wholeOf({ model, system, user }: Asked, content: string, { isCut = false }: ScriptedReply): unknown {
  const prompt = tokensOf(system + user);
  const completion = tokensOf(content);
  return {
    id: 'scripted',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: isCut ? 'length' : 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}
