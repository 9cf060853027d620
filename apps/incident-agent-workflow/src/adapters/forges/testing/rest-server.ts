/** What the test servers of both forges share: routes by method and path, strict bodies, answers that tests may break. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { startServer } from '../../../lib/testing/start-server.ts';

export interface Call {
  /** Decoded parts of the path that the route names in braces. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export type Route = readonly [method: string, path: string, answer: (call: Call) => Reply];
export interface RestServer extends AsyncDisposable {
  readonly url: string;
  /** `POST /pulls`: in the order in which they came. */
  readonly calls: string[];
  /** Answers instead of the route while it returns something. */
  intercept: ((call: string, number: number) => Reply | undefined) | undefined;
  /** Answered, but the connection breaks before the answer is sent: as when the asker was killed. */
  loseAnswer: ((call: string, number: number) => boolean) | undefined;
}

/**
 * `prefix`: of every path. A path that no route has, and a call or an answer that breaks the published contract, is a bug
 * of the adapter or of the server: 418.
 */
export async function restServer(
  prefix: string,
  token: string,
  routes: readonly Route[],
  breachOf: (asked: Omit<Call, 'at'> & { method: string; path: string }, reply: Reply) => string | undefined = () =>
    undefined,
): Promise<RestServer> {
  const calls: string[] = [];
  const server = await startServer((request, response) => {
    void answerTo(request, response);
  });
  async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await text(request);
    const url = new URL(request.url ?? '/', 'http://x');
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
    const call = `${request.method} ${path}`;
    calls.push(call);
    const reply =
      request.headers.authorization === `Bearer ${token}`
        ? (result.intercept?.(call, calls.length) ?? answerOf(request.method ?? '', path, url.searchParams, content))
        : { status: 401, body: { message: 'Bad credentials' } };
    if (result.loseAnswer?.(call, calls.length) === true) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  }
  function answerOf(method: string, path: string, query: URLSearchParams, content: string): Reply {
    for (const [wanted, pattern, answer] of routes) {
      const at = wanted === method ? matched(pattern, path) : undefined;
      if (!at) continue;
      try {
        const body: unknown = content === '' ? undefined : JSON.parse(content);
        const reply = answer({ at, query, body });
        const breach = breachOf({ method, path: decodeURIComponent(path), query, body }, reply);
        return breach === undefined ? reply : { status: 418, body: { message: breach } };
      } catch (error) {
        if (error instanceof z.ZodError)
          return { status: 422, body: { message: `Validation Failed: ${error.message}` } };
        return { status: 500, body: { message: String(error) } };
      }
    }
    return { status: 418, body: { message: `no such route: ${method} ${path}` } };
  }
  const result: RestServer = {
    url: server.url,
    calls,
    intercept: undefined,
    loseAnswer: undefined,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return result;
}

/** `/git/ref/{name+}`: a part with a plus takes slashes too. */
function matched(pattern: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const expression = pattern.replaceAll(/\{(\w+)(\+?)\}/g, (_, name: string, many: string) => {
    names.push(name);
    return many === '+' ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${expression}$`).exec(path);
  return found
    ? Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]))
    : undefined;
}
