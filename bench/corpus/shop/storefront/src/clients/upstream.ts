/** Calls to other services: one time limit, one kind of error, one measurement. */
import type { Metrics } from '../metrics.ts';
import { UpstreamError } from '../web/errors.ts';

export interface Upstream {
  readonly name: string;
  readonly url: string;
  /** The parsed body. Throws UpstreamError: 504 when it takes too long, else 502. */
  json(path: string, options?: CallOptions): Promise<unknown>;
}
export interface CallOptions {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function upstream(name: string, url: string, timeoutMilliseconds: number, metrics: Metrics): Upstream {
  async function call(path: string, { method = 'GET', body, headers = {} }: CallOptions): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : JSON_BODY), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    const said = text.slice(0, 200);
    const message = `${name} answered ${response.status} to ${method} ${path}: ${said}`;
    throw new UpstreamError(name, 502, message, { upstreamStatus: response.status });
  }
  return {
    name,
    url,
    async json(path, options = {}) {
      const startedAt = performance.now();
      let outcome = 'ok';
      try {
        return await call(path, options);
      } catch (error) {
        outcome = error instanceof UpstreamError ? String(error.upstreamStatus) : 'none';
        throw asUpstreamError(error, name, `${options.method ?? 'GET'} ${path}`, timeoutMilliseconds);
      } finally {
        metrics.upstream(name, outcome, (performance.now() - startedAt) / 1_000);
      }
    },
  };
}

const JSON_BODY = { 'content-type': 'application/json' };

function asUpstreamError(error: unknown, name: string, what: string, timeoutMilliseconds: number): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `${name} did not answer ${what} within ${timeoutMilliseconds} ms`;
    return new UpstreamError(name, 504, message, { cause: error });
  }
  return new UpstreamError(name, 502, `${name} could not be reached for ${what}`, { cause: error });
}
