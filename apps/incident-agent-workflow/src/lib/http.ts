/** Every HTTP request of the agent: bounded, aborted in time, never lured to another host, failures as AgentError. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AgentError } from '../domain/error.ts';
import { oneLine } from './clean-text.ts';
import { failureOfConnection } from './connection-failure.ts';
import { redact } from './redact.ts';

export interface HttpOptions {
  /** Who is asked, for messages: `Loki`. */
  readonly name: string;
  readonly token?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Sent as X-Scope-OrgID. */
  readonly tenant?: string | undefined;
  /** Default 32 MB. */
  readonly maxBodyBytes?: number | undefined;
}
export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Default true: a GET is sent on, but only on the same origin. */
  readonly followsRedirects?: boolean;
}
export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}
export interface HttpClient {
  /** Whatever the status. Throws AgentError (timeout, unreachable, too-large; refused for a redirect elsewhere). */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
  /** The body of a 2xx. Throws as `send`, and by status: refused, not-found, rate-limited, timeout, too-large, unreachable. */
  getText(url: string, signal: AbortSignal): Promise<string>;
  /** As getText, as it came: for what is no text. */
  getBytes(url: string, signal: AbortSignal): Promise<Uint8Array>;
  /** As getText, parsed. Throws AgentError('malformed') where it is no JSON. */
  getJson(url: string, signal: AbortSignal): Promise<unknown>;
}

interface RawReply extends Omit<HttpReply, 'text'> {
  readonly body: Buffer;
}

function readable({ body, ...reply }: RawReply): HttpReply {
  return { ...reply, text: body.toString('utf8') };
}

const DEFAULT_MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_REDIRECTS = 3;

export function httpClient(options: HttpOptions): HttpClient {
  async function sendRaw(request: HttpRequest, signal: AbortSignal): Promise<RawReply> {
    let url = request.url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const reply = await exchange(options, { ...request, url }, signal);
      const target = redirectOf(reply, url, request.method ?? 'GET');
      if (target === undefined || request.followsRedirects === false) return reply;
      if (new URL(target).origin !== new URL(url).origin) throw redirectsElsewhere(options, url, target);
      url = target;
    }
    throw new AgentError('refused', `${who(options, url)} redirects in a circle`, { retryable: false });
  }
  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    return readable(await sendRaw(request, signal));
  }
  async function getBytes(url: string, signal: AbortSignal): Promise<Buffer> {
    const reply = await sendRaw({ url }, signal);
    if (reply.status < 200 || reply.status > 299) throw failureOfStatus(options.name, url, readable(reply));
    return reply.body;
  }
  async function getText(url: string, signal: AbortSignal): Promise<string> {
    return (await getBytes(url, signal)).toString('utf8');
  }
  return {
    send,
    getText,
    getBytes,
    getJson: async (url, signal) => parseJsonReply(options.name, url, await getText(url, signal)),
  };
}

/** Throws AgentError('malformed') with a sentence that tells a web page from broken JSON. */
export function parseJsonReply(name: string, url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = /^\s*<(?:!doctype|html|\?xml|head|body)/i.test(text)
      ? 'a web page instead of JSON: is the address right, or is a log-in page in between?'
      : `no JSON: ${excerpt(text) || 'an empty body'}`;
    throw new AgentError('malformed', `${who({ name }, url)} answered with ${what}`, { retryable: false, cause });
  }
}

/** What an answer outside of 2xx means. The message quotes what the other side said, short and redacted. */
export function failureOfStatus(name: string, url: string, reply: HttpReply): AgentError {
  const { status } = reply;
  const said = reasonIn(reply.text);
  const message = `${who({ name }, url)} answered ${status}${said && ` (${said})`}`;
  if (status === 401 || status === 403) {
    return new AgentError('refused', `${message}: check its token, user or tenant`, { retryable: false });
  }
  if (status === 404) return new AgentError('not-found', `${message}: check its address`, { retryable: false });
  if (status === 413) return new AgentError('too-large', message, { retryable: false });
  if (status === 429) return new AgentError('rate-limited', `${message}${retryTime(reply)}`, { retryable: true });
  if (status === 408 || status === 504) return new AgentError('timeout', message, { retryable: true });
  if (status >= 500) return new AgentError('unreachable', message, { retryable: true });
  return new AgentError('refused', message, { retryable: false });
}

async function exchange(options: HttpOptions, request: HttpRequest, signal: AbortSignal): Promise<RawReply> {
  if (signal.aborted) throw timedOut(options, request.url);
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  try {
    const response = await respond(options, request, signal);
    const body = await readBody(response, maxBodyBytes);
    if (body === undefined) {
      const megabytes = Math.ceil(maxBodyBytes / 1024 / 1024);
      const message = `${who(options, request.url)} answered with more than ${megabytes} MB: ask for less at a time`;
      throw new AgentError('too-large', message, { retryable: false });
    }
    return { status: response.statusCode ?? 0, headers: headersOf(response), body };
  } catch (error) {
    if (error instanceof AgentError) throw error;
    if (signal.aborted) throw timedOut(options, request.url);
    const { sentence } = failureOfConnection(error);
    const message = `${who(options, request.url)} cannot be reached: ${sentence}`;
    throw new AgentError('unreachable', message, { retryable: true, cause: error });
  }
}

function respond(options: HttpOptions, request: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(request.url);
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // No shared connections: a kept one that the other side has just closed would look like an outage.
    const outgoing = start(url, {
      method: request.method ?? 'GET',
      headers: { accept: 'application/json, */*', ...authorization(options, url), ...request.headers },
      agent: false,
      signal,
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

/** undefined: longer than allowed; the rest was not read. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

function headersOf(response: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function authorization(options: HttpOptions, url: URL): Record<string, string> {
  const user = options.user ?? decodeURIComponent(url.username);
  const password = options.password ?? decodeURIComponent(url.password);
  const basic = user === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const value = options.token === undefined ? basic : `Bearer ${options.token}`;
  return {
    ...(value === undefined ? {} : { authorization: value }),
    ...(options.tenant === undefined ? {} : { 'x-scope-orgid': options.tenant }),
  };
}

/** Only a GET is sent on: another method would arrive without its body, or twice. */
function redirectOf(reply: Pick<HttpReply, 'status' | 'headers'>, url: string, method: string): string | undefined {
  const location = reply.headers.location;
  if (method !== 'GET' || ![301, 302, 303, 307, 308].includes(reply.status) || location === undefined) return undefined;
  return URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

function redirectsElsewhere(options: HttpOptions, url: string, target: string): AgentError {
  const message = `${who(options, url)} redirects to ${new URL(target).origin}, which was not followed: set that address if it is the right one`;
  return new AgentError('refused', message, { retryable: false });
}

function timedOut(options: HttpOptions, url: string): AgentError {
  return new AgentError('timeout', `${who(options, url)} did not answer in time`, { retryable: true });
}

/** The origin only: user, password and query may be secret. */
function who(options: Pick<HttpOptions, 'name'>, url: string): string {
  return `${options.name} at ${new URL(url).origin}`;
}

function retryTime(reply: HttpReply): string {
  const seconds = Number(reply.headers['retry-after']);
  return seconds > 0 ? `: try again in ${seconds} s` : '';
}

/** Many APIs answer errors as JSON with a sentence in it. */
function reasonIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'string') return excerpt(parsed);
    if (typeof parsed === 'object' && parsed !== null) {
      for (const sentence of [memberOf(parsed, 'error'), memberOf(parsed, 'message'), memberOf(parsed, 'detail')]) {
        if (typeof sentence === 'string') return excerpt(sentence);
      }
    }
  } catch {
    // Not JSON: the text itself is what was said.
  }
  return /^\s*</.test(text) ? 'a web page' : excerpt(text);
}

function memberOf(object: object, name: string): unknown {
  return new Map<string, unknown>(Object.entries(object)).get(name);
}

function excerpt(text: string): string {
  return oneLine(redact(text.slice(0, 2_000)), 200);
}
