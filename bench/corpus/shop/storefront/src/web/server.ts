/** A small router on node:http: patterns with :parameters, JSON in and out, one log line and one count per request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { HttpError } from './errors.ts';

export interface Request {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  body(): Promise<unknown>;
}
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly pattern: string;
  /** Asked by machines every few seconds: not logged. */
  readonly isProbe?: boolean;
  handle(request: Request): Promise<Answer>;
}

const MAX_BODY_BYTES = 256 * 1024;
const REQUEST_LIMIT_MILLISECONDS = 4_000;

export function createWebServer(routes: readonly Route[], log: Log, metrics: Metrics): Server {
  for (const { pattern, method } of routes) metrics.declare(pattern, method);
  metrics.declare('unmatched', 'GET');
  return createServer((incoming, outgoing) => {
    void serve(incoming, outgoing, routes, log, metrics);
  });
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  routes: readonly Route[],
  log: Log,
  metrics: Metrics,
): Promise<void> {
  const startedAt = performance.now();
  metrics.inFlight(1);
  const url = new URL(incoming.url ?? '/', 'http://storefront');
  const method = incoming.method ?? 'GET';
  const found = match(routes, method, url.pathname);
  const handler = found?.route.pattern ?? 'unmatched';
  const answer = found
    ? await answered(found, incoming, url, log)
    : { status: 404, body: { error: `no route ${method} ${url.pathname}` } };
  send(outgoing, answer);
  await finished(outgoing).catch(() => undefined); // the client went away
  metrics.inFlight(-1);
  const seconds = (performance.now() - startedAt) / 1_000;
  const isProbe = found?.route.isProbe === true;
  metrics.request(handler, method, isProbe ? 200 : answer.status, seconds);
  if (isProbe) return;
  const fields = { method, path: url.pathname, status: answer.status, duration_ms: Math.round(seconds * 1_000) };
  if (answer.status >= 500) log.warn('request failed', fields);
  else log.info('request', fields);
}

/** What takes longer is given up: nobody waits for it any more. */
async function withinLimit(answer: Promise<Answer>): Promise<Answer> {
  const { promise: limit, reject } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => {
    reject(new HttpError(503, `no answer within ${REQUEST_LIMIT_MILLISECONDS} ms`));
  }, REQUEST_LIMIT_MILLISECONDS);
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

interface Match {
  readonly route: Route;
  readonly parameters: Record<string, string>;
}

async function answered({ route, parameters }: Match, incoming: IncomingMessage, url: URL, log: Log): Promise<Answer> {
  try {
    const { searchParams: query } = url;
    const request = { parameters, query, headers: incoming.headers, body: () => jsonBody(incoming) };
    return await withinLimit(route.handle(request));
  } catch (error) {
    const status = error instanceof HttpError ? error.status : 500;
    if (status >= 500) log.error(`${route.method} ${route.pattern} failed`, error, { path: url.pathname });
    const message = error instanceof HttpError ? error.message : 'internal error';
    return { status, body: { error: message } };
  }
}

function match(routes: readonly Route[], method: string, path: string): Match | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  for (const route of routes) {
    const parameters = route.method === method ? parametersOf(route.pattern, segments) : undefined;
    if (parameters) return { route, parameters };
  }
  return undefined;
}

function parametersOf(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const expected = pattern.split('/').filter((segment) => segment !== '');
  if (expected.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return parameters;
}

function send(outgoing: ServerResponse, { status, body, headers = {} }: Answer): void {
  const isText = typeof body === 'string';
  outgoing.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  outgoing.end(isText ? body : JSON.stringify(body));
}

async function jsonBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new HttpError(413, 'body is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new HttpError(400, 'body is not JSON', { cause: error });
  }
}
