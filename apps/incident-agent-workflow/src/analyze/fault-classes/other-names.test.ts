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
import { compete } from '../precedence.ts';
import { isIncident, sceneFrom } from '../scene.test-helper.ts';
import { FAULT_RULES } from './all.ts';
import { readRule } from './rule.ts';

const GIB = 1024 ** 3;
const NOW = Date.parse(instantAt(320)) / 1_000;
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
  const readings = FAULT_RULES.map((rule) => readRule(rule, scene));
  return compete(readings, scene).map(({ rule }) => rule.class);
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
