import { describe, expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { chooseMetrics } from './choose-metrics.ts';
import { contextOf, counterOf, metricAnswer, ONSET_INDEX } from './observations.test-helper.ts';
import { observeMetrics } from './observe-metrics.ts';
import { handlerOf, isProbe, requestOf, secondsPerUnit, statusClass } from './request-labels.ts';

test.each([
  [{ status: '502' }, '5'],
  [{ status: '5xx' }, '5'],
  [{ code: '404' }, '4'],
  [{ http_response_status_code: '200' }, '2'],
  [{ http_status_code: '500' }, '5'],
  [{ response_code: '503' }, '5'],
  [{ status_class: '5XX' }, '5'],
  [{ outcome: 'SERVER_ERROR' }, '5'],
  [{ outcome: 'CLIENT_ERROR', status: 'UNKNOWN' }, '4'],
  [{ grpc_code: 'Unavailable' }, '5'],
  [{ grpc_code: 'NOT_FOUND' }, '4'],
  [{ grpc_code: 'Unknown' }, '5'],
  [{ code: 'deadline_exceeded' }, '5'],
  [{ rpc_grpc_status_code: '14' }, '5'],
  [{ rpc_grpc_status_code: '0' }, '2'],
  [{ rpc_grpc_status_code: '99' }, undefined],
  [{ status: 'success' }, undefined],
  [{ status: 'failed' }, undefined],
  [{ outcome: 'success' }, undefined],
  [{ code: '14' }, undefined],
  [{ code: 'constructor' }, undefined],
  [{ status: '600' }, undefined],
  [{ reason: '500' }, undefined],
])('%j ended as %s', (labels, expected) => {
  expect(statusClass(labels as Record<string, string>)).toBe(expected);
});

test.each([
  [{ method: 'GET', handler: '/items' }, 'GET /items'],
  [{ http_request_method: 'GET', http_route: '/items' }, 'GET /items'],
  [{ method: 'POST', uri: '/orders' }, 'POST /orders'],
  [{ grpc_method: 'Charge' }, 'Charge'],
  [{ method: 'GET', handler: '', route: '/items' }, 'GET /items'],
  [{ method: 'GET' }, undefined],
])('%j asks for %s', (labels, expected) => {
  expect(requestOf(labels as Record<string, string>)).toBe(expected);
});

test.each([
  [{ uri: '/actuator/prometheus' }, true],
  [{ uri: '/actuator/health/liveness' }, true],
  [{ route: '/q/health/ready' }, true],
  [{ http_route: '/healthz' }, true],
  [{ path: '/-/ready' }, true],
  [{ grpc_service: 'grpc.health.v1.Health', grpc_method: 'Check' }, true],
  [{ handler: '/health' }, true],
  [{ handler: '/healthcheck' }, true],
  [{ handler: '/health/ready' }, true],
  [{ handler: '/readiness' }, true],
  [{ handler: '/metrics' }, true],
  [{ handler: '/health-insurance/quotes' }, false],
  [{ handler: '/live-scores' }, false],
  [{ handler: '/items/metrics' }, false],
  [{ grpc_service: 'shop.Orders', grpc_method: 'Check' }, false],
  [{}, false],
])('%j is asked by a machine: %s', (labels, expected) => {
  expect(isProbe(labels as Record<string, string>)).toBe(expected);
});

test.each([
  ['http_server_duration_milliseconds_bucket', 1e-3],
  ['response_latency_ms_sum', 1e-3],
  ['rpc_duration_microseconds_sum', 1e-6],
  ['lookup_ns_count', 1e-9],
  ['http_request_duration_seconds_bucket', 1],
  ['items_sum', 1],
])('one of %s is %d s', (metric, expected) => {
  expect(secondsPerUnit(metric)).toBe(expected);
});

test('an empty route is none', () => {
  expect(handlerOf({ handler: '' })).toBeUndefined();
});

const isIncident = (index: number) => index >= ONSET_INDEX;

const all = (index: number) => (isIncident(index) ? 27 : 30);
const bad = (index: number) => (isIncident(index) ? 3 : 0);

/** A tenth of the requests fails and all are four times as slow from the onset on; counted as a framework does. */
function counted(base: string, ok: Record<string, string>, failed: Record<string, string>, millisecondsIn: number) {
  const answers: Observation[] = [];
  answers.push(
    metricAnswer(`${base}_count`, [counterOf(`${base}_count`, all, ok), counterOf(`${base}_count`, bad, failed)]),
    metricAnswer(`${base}_sum`, [
      counterOf(`${base}_sum`, (index) => 30 * (isIncident(index) ? 200 : 50) * millisecondsIn, ok),
    ]),
  );
  return answers;
}

describe.each([
  {
    framework: 'Spring Boot',
    base: 'http_server_requests_seconds',
    ok: { uri: '/items', method: 'GET', status: '200', outcome: 'SUCCESS' },
    failed: { uri: '/items', method: 'GET', status: '500', outcome: 'SERVER_ERROR' },
    millisecondsIn: 1e-3,
  },
  {
    framework: 'OpenTelemetry',
    base: 'http_server_request_duration_seconds',
    ok: { http_route: '/items', http_request_method: 'GET', http_response_status_code: '200' },
    failed: { http_route: '/items', http_request_method: 'GET', http_response_status_code: '500' },
    millisecondsIn: 1e-3,
  },
  {
    framework: 'older OpenTelemetry',
    base: 'http_server_duration_milliseconds',
    ok: { http_route: '/items', http_method: 'GET', http_status_code: '200' },
    failed: { http_route: '/items', http_method: 'GET', http_status_code: '500' },
    millisecondsIn: 1,
  },
  {
    framework: 'gRPC',
    base: 'rpc_server_duration_milliseconds',
    ok: { rpc_method: 'GET /items', rpc_grpc_status_code: '0' },
    failed: { rpc_method: 'GET /items', rpc_grpc_status_code: '13' },
    millisecondsIn: 1,
  },
])('$framework', ({ base, ok, failed, millisecondsIn }) => {
  const observations = counted(base, ok, failed, millisecondsIn);
  const titles = () => observeMetrics(observations, contextOf()).map(({ title }) => title);

  test('its requests are asked for before anything else', () => {
    const others = Array.from({ length: 40 }, (_, index) => `pool_${index}_in_use`);
    const names = ['_bucket', '_count', '_sum'].map((suffix) => `${base}${suffix}`);
    expect(chooseMetrics([...others, ...names], new Set(), 3)).toEqual(names);
  });

  test('errors and latency are told, in seconds', () => {
    expect(titles()).toEqual([
      expect.stringMatching(/^5xx share of weather-app1 rose from 0 % to 10 % at 03:12:05 \(GET \/items\)$/),
      expect.stringMatching(/^request rate of weather-app1 /),
      expect.stringMatching(/^mean latency of weather-app1 rose from 50 ms to 2\d\d ms at 03:12:05/),
    ]);
  });

  test('where another metric counts the requests, they are not told twice', () => {
    const total = metricAnswer('http_requests_total', [
      counterOf('http_requests_total', () => 30, { status: '2xx' }),
      counterOf('http_requests_total', (index) => (isIncident(index) ? 3 : 0), { status: '5xx' }),
    ]);
    const found = observeMetrics([total, ...observations], contextOf()).map(({ title }) => title);
    expect(found.filter((title) => title.startsWith('5xx'))).toHaveLength(1);
  });
});

test('requests of which nothing says how they ended are counted, and no answers are made up', () => {
  const name = 'http_request_duration_seconds_count';
  const only = metricAnswer(name, [counterOf(name, (index) => (isIncident(index) ? 300 : 30))]);
  expect(observeMetrics([only], contextOf()).map(({ title }) => title)).toEqual([
    expect.stringMatching(/^request rate of weather-app1 rose from 2 per second to 20 per second/),
  ]);
});

test.each(['jvm_gc_pause_seconds_count', 'page_render_seconds_count'])('%s counts no requests', (name) => {
  const only = metricAnswer(name, [counterOf(name, (index) => (isIncident(index) ? 300 : 30))]);
  expect(observeMetrics([only], contextOf())).toEqual([]);
});

test('jobs that succeed or fail are no requests', () => {
  const jobs = metricAnswer('jobs_processed_total', [
    counterOf('jobs_processed_total', () => 30, { status: 'success' }),
    counterOf('jobs_processed_total', (index) => (isIncident(index) ? 30 : 1), { status: 'failed' }),
  ]);
  expect(
    observeMetrics([jobs], contextOf())
      .map(({ title }) => title)
      .join(),
  ).not.toMatch(/request|5xx/);
});
