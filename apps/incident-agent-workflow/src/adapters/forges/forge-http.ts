/** What both REST forges need: JSON in and out, and every status as an outcome that a person understands. */
import type { z } from 'zod';
import { AgentError } from '../../domain/error.ts';
import { failureOfStatus, type HttpClient, type HttpReply, parseJsonReply } from '../../lib/http.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';
export interface Asked<T> {
  readonly schema: z.ZodType<T>;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}
export interface ForgeHttp {
  /** The parsed body of a 2xx. Throws AgentError. */
  ask<T>(method: Method, path: string, asked: Asked<T>): Promise<T>;
  /** As `ask`; undefined for a 404. */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
}

export interface ForgeHttpOptions {
  readonly name: string;
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export function forgeHttp({ name, baseUrl, http, headers, signal }: ForgeHttpOptions): ForgeHttp {
  async function send(method: Method, path: string, body?: unknown): Promise<{ url: string; reply: HttpReply }> {
    const url = `${baseUrl.replace(/\/$/, '')}${path}`;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return { url, reply: await http.send({ url, method, headers: { ...headers, ...type }, ...content }, signal) };
  }
  function parsed<T>(url: string, reply: HttpReply, schema: z.ZodType<T>): T {
    if (reply.status < 200 || reply.status > 299) throw failureOf(name, url, reply);
    const read = schema.safeParse(parseJsonReply(name, url, reply.text === '' ? 'null' : reply.text));
    if (read.success) return read.data;
    const where = read.error.issues[0]?.path.join('.') ?? '';
    throw new AgentError('malformed', `${name} answered ${url} with something else than expected (${where})`, {
      retryable: false,
    });
  }
  return {
    async ask(method, path, { schema, body }) {
      const { url, reply } = await send(method, path, body);
      return parsed(url, reply, schema);
    },
    async find(path, schema) {
      const { url, reply } = await send('GET', path);
      return reply.status === 404 ? undefined : parsed(url, reply, schema);
    },
  };
}

/** A limit is told by 429 or by a 403 that says so; then it is tried again later. */
function failureOf(name: string, url: string, reply: HttpReply): AgentError {
  const isLimit =
    reply.status === 429 ||
    (reply.status === 403 &&
      (reply.headers['x-ratelimit-remaining'] === '0' ||
        reply.headers['retry-after'] !== undefined ||
        /rate limit/i.test(reply.text)));
  if (isLimit)
    return new AgentError('rate-limited', `${name}'s rate limit is reached: tried again later`, { retryable: true });
  return failureOfStatus(name, url, reply);
}
