import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseMetrics, chooseNeighbourMetrics } from './choose-metrics.ts';

const NAMES = [
  'ALERTS',
  'shop_build_info',
  'target_info',
  'python_info',
  'nodejs_version_info',
  'basket_value_euro',
  'db_pool_in_use',
  'go_goroutines',
  'http_request_duration_seconds_bucket',
  'http_request_duration_seconds_count',
  'http_request_duration_seconds_sum',
  'http_requests_total',
  'job:http_requests:rate5m',
  'orders_queue_depth',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'scrape_duration_seconds',
  'up',
  'cache_lookup_seconds_bucket',
];

test('which build runs comes first, then requests, what runs out and the rest; what only describes is never asked for', () => {
  const chosen = chooseMetrics(NAMES, new Set(['http_requests_total']), 20);
  expect(chosen).toEqual([
    'shop_build_info',
    'target_info',
    'http_request_duration_seconds_bucket',
    'http_request_duration_seconds_count',
    'http_request_duration_seconds_sum',
    'db_pool_in_use',
    'orders_queue_depth',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'go_goroutines',
    'basket_value_euro',
  ]);
});

test('a service with thousands of metrics is asked for no more than the limit', () => {
  const many = Array.from({ length: 5_000 }, (_item, index) => `thing_${index}_bytes`);
  expect(chooseMetrics([...many, 'jobs_queue_depth'], new Set(), 32)).toHaveLength(32);
  expect(chooseMetrics([...many, 'jobs_queue_depth'], new Set(), 32)[0]).toBe('jobs_queue_depth');
});

test('of a neighbour only its requests and what it leans on are asked for', () => {
  expect(chooseNeighbourMetrics([...NAMES, 'dependency_up'], new Set(['up']), 8)).toEqual([
    'http_requests_total',
    'http_request_duration_seconds_count',
    'http_request_duration_seconds_sum',
    'dependency_up',
  ]);
});

test('the order in which names arrive does not matter, and what is chosen is a name that may be asked for', () => {
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const chosen = chooseMetrics(names, new Set(), 10);
      expect(chooseMetrics(names.toReversed(), new Set(), 10)).toEqual(chosen);
      for (const each of chosen) expect(each).toMatch(/^[a-zA-Z_]\w*$/);
    }),
  );
});
