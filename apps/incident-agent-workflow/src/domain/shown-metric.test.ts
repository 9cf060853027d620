import { expect, test } from 'vitest';
import { isRequestTime, shownUnit } from './shown-metric.ts';

test.each([
  { metric: 'process_open_fds', family: 'saturation', unit: '1', shown: '' },
  { metric: 'jobs_failed', family: 'errors', unit: '1', shown: '' },
  { metric: 'http_requests_total', family: 'errors', unit: '1', shown: '1' },
  { metric: 'disk_used_ratio', family: 'saturation', unit: '1', shown: '1' },
  { metric: 'dependency_up{dependency="a_ratio"}', family: 'dependency', unit: '1', shown: '1' },
  { metric: 'queue_depth{kind="x_ratio"}', family: 'saturation', unit: '1', shown: '' },
  { metric: 'process_resident_memory_bytes', family: 'saturation', unit: 'bytes', shown: 'bytes' },
] as const)('$metric of the unit $unit is shown in "$shown"', ({ shown, ...metric }) => {
  expect(shownUnit(metric)).toBe(shown);
});

test.each([
  { metric: 'http_request_duration_seconds', isIt: true },
  { metric: 'rpc_latency_seconds_bucket', isIt: true },
  { metric: 'nodejs_eventloop_lag_p99_seconds', isIt: false },
])('$metric is the time of a request: $isIt', ({ metric, isIt }) => {
  expect(isRequestTime({ metric, family: 'latency' })).toBe(isIt);
});
