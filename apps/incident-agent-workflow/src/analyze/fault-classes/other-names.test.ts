/** The same state under the names that other libraries, runtimes and exporters give it: the class is told by any of them. */
import { describe, expect, test } from 'vitest';
import type { FaultClass } from '../../domain/fault-class.ts';
import type { Observation, Series } from '../../domain/telemetry.ts';
import {
  alertSaying,
  counterOf,
  instantAt,
  metricAnswer,
  SERVICE,
  seriesOf,
} from '../metrics/observations.test-helper.ts';
import { isIncident, sceneFrom } from '../scene.test-helper.ts';
import { classesIn } from './suspect.test-helper.ts';

const GIB = 1024 ** 3;
type Labels = Record<string, string>;

function step(before: number, after: number): (index: number) => number {
  return (index) => (isIncident(index) ? after : before);
}
function gauge(metric: string, valueAt: (index: number) => number, labels: Labels = {}): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt, labels)]);
}
/** Several series of one metric, by their labels. */
function gauges(metric: string, ...of: readonly (readonly [Labels, (index: number) => number])[]): Observation {
  return metricAnswer(
    metric,
    of.map(([labels, valueAt]) => seriesOf(metric, valueAt, labels)),
  );
}
function counter(metric: string, ...of: readonly (readonly [Labels, (index: number) => number])[]): Observation {
  const series: Series[] = of.map(([labels, countAt]) => counterOf(metric, countAt, labels));
  return metricAnswer(metric, series);
}
function classesOf(seen: readonly Observation[]): FaultClass[] {
  const scene = sceneFrom(seen, { alerts: [alertSaying('SomethingIsWrong')], registry: { services: [SERVICE] } });
  return classesIn(scene);
}
/** Calls to one other side: thirty with each sample, of which so many fail so. */
function calls(metric: string, well: Labels, badly: Labels): Observation {
  return counter(metric, [well, step(30, 10)], [badly, step(0, 20)]);
}

const CALLS: readonly (readonly [FaultClass, string, Labels, Labels])[] = [
  // Micrometer
  [
    'rate-limit',
    'http_client_requests_seconds_count',
    { status: '200', client_name: 'maps' },
    { status: '429', client_name: 'maps' },
  ],
  [
    'auth-secret',
    'http_client_requests_seconds_count',
    { status: '200', client_name: 'maps' },
    { status: '401', client_name: 'maps' },
  ],
  ['external-api-down', 'http_client_requests_seconds_count', { status: '200' }, { status: '503' }],
  ['dns', 'http_client_requests_seconds_count', { exception: 'none' }, { exception: 'UnknownHostException' }],
  [
    'tls-certificate',
    'http_client_requests_seconds_count',
    { exception: 'none' },
    { exception: 'SSLHandshakeException' },
  ],
  [
    'dependency-refused',
    'http_client_requests_seconds_count',
    { exception: 'none' },
    { exception: 'ConnectException' },
  ],
  // OpenTelemetry
  [
    'rate-limit',
    'http_client_request_duration_seconds_count',
    { http_response_status_code: '200' },
    { http_response_status_code: '429' },
  ],
  [
    'auth-secret',
    'http_client_request_duration_seconds_count',
    { http_response_status_code: '200' },
    { http_response_status_code: '403' },
  ],
  [
    'timeout-latency',
    'http_client_request_duration_seconds_count',
    { http_response_status_code: '200' },
    { error_type: 'timeout' },
  ],
  [
    'dns',
    'http_client_request_duration_seconds_count',
    { http_response_status_code: '200' },
    { error_type: 'name_resolution_error' },
  ],
  // Home-made with prom-client, prometheus_client or client_golang
  ['external-api-down', 'upstream_requests_total', { code: '200', target: 'maps' }, { code: '502', target: 'maps' }],
  ['dependency-refused', 'outbound_calls_total', { reason: '' }, { reason: 'ECONNREFUSED' }],
];

describe('answers to its own calls', () => {
  test.each(CALLS)('%s by %s, %o → %o', (expected, metric, well, badly) => {
    expect(classesOf([calls(metric, well, badly)])).toEqual([expected]);
  });

  test('what others answered is no answer of its own', () => {
    const { metrics } = sceneFrom([calls('http_client_requests_total', { status: '200' }, { status: '503' })]);
    expect(metrics.map(({ data }) => data.family)).toEqual(['other']);
  });

  test('a few failures all the time are none', () => {
    const usual = counter('http_client_requests_total', [{ status: '200' }, () => 30], [{ status: '429' }, () => 1]);
    expect(classesOf([usual])).toEqual([]);
  });
});

test.each([
  { status: '401', expected: ['auth-secret'] },
  { status: '429', expected: ['rate-limit'] },
  // What was asked is wrong, or what is expected of it: the status does not say which.
  { status: '422', expected: [] },
])('it refuses with $status: $expected', ({ status, expected }) => {
  const seen = counter('http_requests_total', [{ status: '200' }, step(30, 10)], [{ status }, step(0, 20)]);
  expect(classesOf([seen])).toEqual(expected);
});

const SERVING = counter('http_requests_total', [{ status: '200' }, step(30, 20)], [{ status: '500' }, step(0, 10)]);
const IDLE: Labels = { pool: 'reports' };
const BUSY: Labels = { pool: 'orders' };
/** A limit that stays, beside what is used of it from the onset on. */
function atLimit(used: string, limit: string, values: readonly [before: number, after: number, limit: number]) {
  return [gauge(used, step(values[0], values[1])), gauge(limit, () => values[2])];
}

const LIMITS: readonly (readonly [FaultClass, string, readonly Observation[]])[] = [
  [
    'file-descriptor-limit',
    'client_golang, prom-client, prometheus_client',
    atLimit('process_open_fds', 'process_max_fds', [90, 1_020, 1_024]),
  ],
  [
    'file-descriptor-limit',
    'Micrometer',
    atLimit('process_files_open_files', 'process_files_max_files', [90, 1_020, 1_024]),
  ],
  [
    'file-descriptor-limit',
    'node_exporter',
    atLimit('node_filefd_allocated', 'node_filefd_maximum', [9_000, 99_000, 100_000]),
  ],
  ['disk-full', 'Micrometer', atLimit('disk_free_bytes', 'disk_total_bytes', [40 * GIB, 0.1 * GIB, 100 * GIB])],
  [
    'disk-full',
    'node_exporter, one of several mount points',
    [
      gauges(
        'node_filesystem_avail_bytes',
        [{ mountpoint: '/' }, () => 60 * GIB],
        [{ mountpoint: '/data' }, step(40 * GIB, 0.1 * GIB)],
      ),
      gauges(
        'node_filesystem_size_bytes',
        [{ mountpoint: '/' }, () => 100 * GIB],
        [{ mountpoint: '/data' }, () => 100 * GIB],
      ),
    ],
  ],
  [
    'disk-full',
    'cAdvisor',
    atLimit('container_fs_usage_bytes', 'container_fs_limit_bytes', [40 * GIB, 99.5 * GIB, 100 * GIB]),
  ],
  [
    'disk-full',
    'kubelet',
    atLimit('kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_capacity_bytes', [40 * GIB, 0, 100 * GIB]),
  ],
  [
    'disk-full',
    'RabbitMQ',
    atLimit('rabbitmq_disk_space_available_bytes', 'rabbitmq_disk_space_available_limit_bytes', [
      9 * GIB,
      0.9 * GIB,
      GIB,
    ]),
  ],
  [
    'out-of-memory',
    'cAdvisor',
    atLimit('container_memory_working_set_bytes', 'container_spec_memory_limit_bytes', [GIB, 1.95 * GIB, 2 * GIB]),
  ],
  ['out-of-memory', 'Redis', atLimit('redis_memory_used_bytes', 'redis_memory_max_bytes', [GIB, 2 * GIB, 2 * GIB])],
  [
    'pool-exhaustion',
    'HikariCP, one of two pools',
    [
      gauges('hikaricp_connections_active', [IDLE, () => 1], [BUSY, step(3, 10)]),
      gauges('hikaricp_connections_max', [IDLE, () => 10], [BUSY, () => 10]),
      gauges('hikaricp_connections_pending', [IDLE, () => 0], [BUSY, step(0, 12)]),
    ],
  ],
  [
    'pool-exhaustion',
    'OpenTelemetry',
    [
      ...atLimit('db_client_connections_usage', 'db_client_connections_max', [3, 10, 10]),
      gauge('db_client_connections_pending_requests', step(0, 9)),
    ],
  ],
  [
    'pool-exhaustion',
    'client_golang',
    [
      ...atLimit('go_sql_in_use_connections', 'go_sql_max_open_connections', [3, 10, 10]),
      counter('go_sql_wait_count_total', [{}, step(0, 9)]),
    ],
  ],
];

describe('what is used up', () => {
  test.each(LIMITS)('%s by %s', (expected, _library, seen) => {
    expect(classesOf([SERVING, ...seen])).toEqual([expected]);
  });

  test('another pool that has room is no limit of this one', () => {
    const seen = [
      gauges('hikaricp_connections_active', [IDLE, () => 1], [BUSY, step(3, 10)]),
      gauges('hikaricp_connections_max', [IDLE, () => 10], [BUSY, () => 40]),
      gauges('hikaricp_connections_pending', [IDLE, () => 0], [BUSY, () => 0]),
    ];
    expect(classesOf([SERVING, ...seen])).toEqual([]);
  });
});

const HERE = Date.parse(instantAt(320)) / 1_000;

describe('what stands in a figure by itself', () => {
  test.each<readonly [FaultClass, string, readonly Observation[]]>([
    ['out-of-memory', 'cAdvisor', [counter('container_oom_events_total', [{}, (index) => (index === 290 ? 1 : 0)])]],
    ['out-of-memory', 'node_exporter', [counter('node_vmstat_oom_kill', [{}, (index) => (index === 290 ? 1 : 0)])]],
    ['tls-certificate', 'blackbox exporter', [gauge('probe_ssl_earliest_cert_expiry', () => HERE - 60)]],
    ['tls-certificate', 'x509 exporter', [gauge('x509_cert_not_after', () => HERE - 3_600)]],
    ['clock-skew', 'node_exporter', [gauge('node_timex_offset_seconds', step(0.0001, 41))]],
  ])('%s by %s', (expected, _exporter, seen) => {
    expect(classesOf([SERVING, ...seen])).toEqual([expected]);
  });

  test.each([
    gauge('probe_ssl_earliest_cert_expiry', () => HERE + 86_400),
    gauge('node_timex_offset_seconds', step(0.0001, 0.02)),
    counter('container_oom_events_total', [{}, () => 0]),
  ])('and is well', (seen) => {
    expect(classesOf([SERVING, seen])).toEqual([]);
  });
});
