/**
 * Metrics of a service that has none: what its callers saw, in the same names. A service that counts for itself is
 * passed through. So the same alert rules hold for any service.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { listen } from '../listen.ts';
import type { TrafficRequest } from '../traffic.ts';

export interface BlackBox {
  readonly metricsUrl: string;
  /** `outcome`: a status class such as `2xx`, or `none`. */
  observe(request: TrafficRequest, outcome: string): void;
  close(): Promise<void>;
}

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;
const ANSWER_LIMIT_MILLISECONDS = 800;

export async function startBlackBox(
  serviceUrl: string,
  healthPath: string,
  requests: readonly TrafficRequest[],
): Promise<BlackBox> {
  const counts = new Map<string, number>();
  // All at 0 from the start: a counter that first appears at 3 has rate 0.
  for (const request of requests) for (const status of STATUS_CLASSES) counts.set(seriesOf(request, status), 0);

  const server = createServer((_request, response) => {
    void answer(response);
  });

  async function answer(response: ServerResponse): Promise<void> {
    const text = await metricsText(serviceUrl, healthPath, counts);
    response.writeHead(text === undefined ? 503 : 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(text ?? 'The service does not answer\n');
  }
  const port = await listen(server);
  return {
    metricsUrl: `http://127.0.0.1:${port}/metrics`,
    observe(request, outcome) {
      const counted = counts.get(seriesOf(request, outcome));
      if (counted !== undefined) counts.set(seriesOf(request, outcome), counted + 1);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function seriesOf({ method, url }: TrafficRequest, status: string): string {
  const handler = JSON.stringify(new URL(url).pathname); // quoted and escaped as the text format wants it
  return `http_requests_total{handler=${handler},method="${method}",status="${status}"}`;
}

/** undefined: the service does not answer at all. */
async function metricsText(
  serviceUrl: string,
  healthPath: string,
  counts: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  const own = await textOf(`${serviceUrl}/metrics`);
  if (own?.includes('http_requests_total') === true) return own;
  if (own === undefined && (await textOf(`${serviceUrl}${healthPath}`)) === undefined) return undefined;
  const lines = [...counts].map(([series, count]) => `${series} ${count}`);
  return `# TYPE http_requests_total counter\n${lines.join('\n')}\n`;
}

/** undefined: no answer. */
async function textOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MILLISECONDS) });
    return await response.text();
  } catch {
    return undefined;
  }
}
