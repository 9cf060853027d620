/** Reads every service's /metrics each second, as a Prometheus would, and keeps all of it. */
import { get } from 'node:http';
import { readPrometheusText } from '../../../apps/incident-agent-workflow/src/monitor/prometheus-text.ts';
import { pause } from '../../../demo/processes.ts';
import type { ServiceName } from '../template.ts';

export interface RecordedSeries {
  readonly service: ServiceName;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Index of the scrape; a failed scrape has no value. null: NaN or infinite. */
  readonly values: Map<number, number | null>;
}
export interface ScrapeFailure {
  readonly service: ServiceName;
  readonly index: number;
  readonly detail: string;
}
export interface Scrapes {
  /** When each scrape was begun, milliseconds since 1970. */
  readonly at: readonly number[];
  readonly series: readonly RecordedSeries[];
  readonly failures: readonly ScrapeFailure[];
  /** Of all rounds, those that were begun too late. */
  readonly lateShare: number;
}

/** Dropped on arrival, as scrapers are told to: many series about the rooms of a heap, and when a counter was made. */
const DROPPED = /^nodejs_heap_space_|^nodejs_gc_duration_seconds_bucket$|_created$/;
const EVERY_MILLISECONDS = 1_000;
/** Of one scrape. Rounds may overlap: on a busy machine a slow answer is not yet a dead service. */
const LIMIT_MILLISECONDS = 2_500;
const LATE_MILLISECONDS = 250;
const MAX_BYTES = 2 * 1024 * 1024;

export interface ScrapeTargetAddress {
  readonly service: ServiceName;
  readonly url: string;
}

/** Until `finish`, which hands over what was read. */
export function startScrapes(targets: readonly ScrapeTargetAddress[]): { finish(): Promise<Scrapes> } {
  const stopping = new AbortController();
  const at: number[] = [];
  const series = new Map<string, RecordedSeries>();
  const failures: ScrapeFailure[] = [];
  const asking = new Set<Promise<void>>();
  let late = 0;

  async function scrape({ service, url }: ScrapeTargetAddress, index: number): Promise<void> {
    const answer = await read(url);
    keep(service, 'up', {}, index, answer.ok ? 1 : 0);
    if (!answer.ok) {
      failures.push({ service, index, detail: answer.detail });
      return;
    }
    for (const { metric, labels, value } of readPrometheusText(answer.text)) {
      if (!DROPPED.test(metric)) keep(service, metric, labels, index, value);
    }
  }
  function keep(
    service: ServiceName,
    metric: string,
    labels: Record<string, string>,
    index: number,
    value: number | null,
  ) {
    const key = JSON.stringify([service, metric, labels]);
    const own = series.get(key) ?? { service, metric, labels, values: new Map<number, number | null>() };
    series.set(key, own);
    own.values.set(index, value);
  }
  async function loop(): Promise<void> {
    const startedAt = performance.now();
    for (let index = 0; !stopping.signal.aborted; index += 1) {
      const due = startedAt + index * EVERY_MILLISECONDS;
      await pause(Math.max(0, due - performance.now()), stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      if (performance.now() - due > LATE_MILLISECONDS) late += 1;
      at.push(Date.now());
      for (const target of targets) {
        const asked = scrape(target, index).finally(() => asking.delete(asked));
        asking.add(asked);
      }
    }
  }
  const looping = loop();
  return {
    async finish() {
      stopping.abort();
      await looping;
      await Promise.all(asking);
      return { at, series: [...series.values()], failures, lateShare: at.length === 0 ? 1 : late / at.length };
    },
  };
}

type Read = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly detail: string };

/** A connection of its own each time: a restarted service is not reached through the old one's. */
function read(url: string): Promise<Read> {
  const { promise, resolve } = Promise.withResolvers<Read>();
  const request = get(url, { agent: false, signal: AbortSignal.timeout(LIMIT_MILLISECONDS) }, (response) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    response.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= MAX_BYTES) parts.push(part);
    });
    response.on('error', (error) => resolve({ ok: false, detail: detailOf(error) }));
    response.on('end', () => {
      const status = response.statusCode ?? 0;
      if (status === 200) resolve({ ok: true, text: Buffer.concat(parts).toString('utf8') });
      else resolve({ ok: false, detail: `server returned HTTP status ${status}` });
    });
  });
  request.on('error', (error) => resolve({ ok: false, detail: detailOf(error) }));
  return promise;
}

/** In Prometheus's words. */
function detailOf(error: Error): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'context deadline exceeded';
  if ('code' in error && error.code === 'ECONNREFUSED') return 'connect: connection refused';
  if ('code' in error && error.code === 'ECONNRESET') return 'read: connection reset by peer';
  return 'EOF';
}
