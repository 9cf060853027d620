import { statfsSync } from 'node:fs';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'];
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface PoolState {
  readonly size: number;
  inUse(): number;
  waiting(): number;
}
export interface QueueState {
  depth(): number;
  oldestSeconds(): number;
}

export interface Metrics {
  readonly registry: Registry;
  declare(handler: string, method: string): void;
  request(handler: string, method: string, status: number, seconds: number): void;
  inFlight(change: number): void;
  upstream(name: string, outcome: string, seconds: number): void;
  dependency(name: string, isUp: boolean): void;
  job(queue: string, result: 'done' | 'failed' | 'dropped'): void;
  watchPool(name: string, pool: PoolState): void;
  watchQueue(name: string, queue: QueueState): void;
}

export function createMetrics(revision: string, dataDir: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const labels = ['handler', 'method'];
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'HTTP requests by route, method and status class.',
    labelNames: [...labels, 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer.',
    labelNames: labels,
    buckets: BUCKETS,
    registers,
  });
  const inFlight = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are being answered.',
    registers,
  });
  const upstreams = new Histogram({
    name: 'upstream_request_duration_seconds',
    help: 'Time that calls to other services took.',
    labelNames: ['upstream', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const dependencyUp = new Gauge({
    name: 'dependency_up',
    help: '1 when the last check of the dependency succeeded.',
    labelNames: ['service', 'dependency'],
    registers,
  });
  const jobs = new Counter({
    name: 'jobs_total',
    help: 'Jobs by queue and result.',
    labelNames: ['queue', 'result'],
    registers,
  });
  new Gauge({ name: 'build_info', help: 'Always 1.', labelNames: ['revision'], registers }).set({ revision }, 1);
  watchDisk(registry, dataDir);
  return {
    registry,
    declare(handler, method) {
      for (const status of STATUS_CLASSES) requests.inc({ handler, method, status }, 0);
    },
    request(handler, method, status, seconds) {
      requests.inc({ handler, method, status: `${Math.floor(status / 100)}xx` });
      duration.observe({ handler, method }, seconds);
    },
    inFlight: (change) => inFlight.inc(change),
    upstream: (upstream, outcome, seconds) => upstreams.observe({ upstream, outcome }, seconds),
    dependency: (dependency, isUp) => dependencyUp.set({ service: 'storefront', dependency }, isUp ? 1 : 0),
    job: (queue, result) => jobs.inc({ queue, result }),
    watchPool(name, pool) {
      gauge(registry, 'pool_connections_max', 'Size of the pool.', 'pool', name, () => pool.size);
      gauge(registry, 'pool_connections_in_use', 'Connections that are lent.', 'pool', name, () => pool.inUse());
      gauge(registry, 'pool_waiters', 'Requests that wait for a connection.', 'pool', name, () => pool.waiting());
    },
    watchQueue(name, queue) {
      for (const result of ['done', 'failed', 'dropped']) jobs.inc({ queue: name, result }, 0);
      gauge(registry, 'job_queue_depth', 'Jobs that wait.', 'queue', name, () => queue.depth());
      gauge(registry, 'job_queue_oldest_seconds', 'Age of the oldest job.', 'queue', name, () => queue.oldestSeconds());
    },
  };
}

function gauge(registry: Registry, name: string, help: string, label: string, value: string, read: () => number): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.set({ [label]: value }, read());
    },
  });
}

/** Of the file system that holds our data. */
function watchDisk(registry: Registry, dataDir: string): void {
  const read = (of: (disk: { bavail: number; blocks: number; bsize: number }) => number) => () => {
    try {
      return of(statfsSync(dataDir));
    } catch {
      return Number.NaN;
    }
  };
  const disk = (name: string, help: string, of: () => number) => gauge(registry, name, help, 'mount', 'data', of);
  disk(
    'disk_free_bytes',
    'Free space.',
    read(({ bavail, bsize }) => bavail * bsize),
  );
  disk(
    'disk_size_bytes',
    'Whole space.',
    read(({ blocks, bsize }) => blocks * bsize),
  );
}
