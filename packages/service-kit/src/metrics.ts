/** What every service shows under /metrics, so that one set of alert rules fits all. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Registry } from 'prom-client';

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

export interface HttpMetrics {
  readonly registry: Registry;
  /** `handler` is the route pattern, never the path; `status` the status code, or the class to count it as. */
  observe(handler: string, method: string, status: number | string, seconds: number): void;
  /** Creates all four status classes and the durations at 0: a counter that first appears at 3 has rate 0 and raises no alert. */
  declare(handler: string, method: string): void;
}

/** A registry of its own (several services may live in one test process) with the process metrics in it. */
export function createHttpMetrics(): HttpMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'HTTP requests answered, by route pattern, method and status class.',
    labelNames: ['handler', 'method', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the end of the answer, in seconds.',
    labelNames: ['handler', 'method'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    observe(handler, method, status, seconds) {
      requests.inc({ handler, method, status: typeof status === 'number' ? statusClass(status) : status });
      duration.observe({ handler, method }, seconds);
    },
    declare(handler, method) {
      for (const status of STATUS_CLASSES) requests.inc({ handler, method, status }, 0);
      duration.zero({ handler, method });
    },
  };
}

function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

/** `build_info{revision}` 1: the commit that runs, so that a change can be tied to what happened after it. */
export function declareBuildInfo(registry: Registry, revision: string): void {
  new Gauge({
    name: 'build_info',
    help: 'Always 1; the label names the revision that is deployed.',
    labelNames: ['revision'],
    registers: [registry],
  }).set({ revision }, 1);
}

export interface DependencyMetrics {
  /** One check has ended at `atSeconds` (Unix time). */
  checked(isUp: boolean, atSeconds: number): void;
}

/** `dependency_up` and `dependency_last_check_timestamp_seconds` of one dependency; no series before the first check. */
export function declareDependency(registry: Registry, service: string, dependency: string): DependencyMetrics {
  const labelNames = ['service', 'dependency'] as const;
  const up = new Gauge({
    name: 'dependency_up',
    help: '1 when the last check of the dependency succeeded, 0 when it failed.',
    labelNames,
    registers: [registry],
  });
  const lastCheck = new Gauge({
    name: 'dependency_last_check_timestamp_seconds',
    help: 'When the dependency was last checked, in seconds since 1970.',
    labelNames,
    registers: [registry],
  });
  return {
    checked(isUp, atSeconds) {
      up.set({ service, dependency }, isUp ? 1 : 0);
      lastCheck.set({ service, dependency }, atSeconds);
    },
  };
}
