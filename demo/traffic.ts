/** Requests at a steady pace, as users would send them, and what came back. */
import { pause } from './processes.ts';

export interface TrafficRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export interface Traffic {
  /** Answers by status class (`2xx`), and `none` where no answer came, since the last call. */
  counts(): Record<string, number>;
  stop(): Promise<void>;
}

const ANSWER_LIMIT_MILLISECONDS = 5_000;

/** Sends the requests in turn, over and over. A slow answer does not hold up the next request. */
export function startTraffic(
  requests: readonly TrafficRequest[],
  requestsPerSecond: number,
  observe?: (request: TrafficRequest, outcome: string) => void,
): Traffic {
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();
  let counts: Record<string, number> = {};

  async function send(request: TrafficRequest): Promise<void> {
    const outcome = await outcomeOf(request, stopping.signal);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    observe?.(request, outcome);
  }
  async function loop(): Promise<void> {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const request = requests[turn % requests.length];
      if (request === undefined) return;
      const sent = send(request).finally(() => inFlight.delete(sent));
      inFlight.add(sent);
      await pause(1_000 / requestsPerSecond, stopping.signal).catch(() => undefined);
    }
  }
  const looping = loop();
  return {
    counts() {
      const seen = counts;
      counts = {};
      return seen;
    },
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(inFlight);
    },
  };
}

/** Status class of the answer (`2xx`), `none` where none came. */
export async function outcomeOf(request: TrafficRequest, stopping: AbortSignal): Promise<string> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers ?? {},
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_LIMIT_MILLISECONDS)]),
    });
    await response.body?.cancel();
    return `${Math.floor(response.status / 100)}xx`;
  } catch {
    return 'none';
  }
}
