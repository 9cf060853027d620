/** Work that stands still, and what looks like it: an empty pool, a long queue, more work for each request. */
import { describe, expect, test } from 'vitest';
import type { Service } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import {
  alertSaying,
  counterOf,
  logAnswer,
  metricAnswer,
  SERVICE,
  seriesOf,
} from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, sceneFrom } from '../scene.test-helper.ts';
import { classesIn, withSuspect } from './suspect.test-helper.ts';

const TALK = linesAt(
  Array.from({ length: 100 }, (_none, index) => index * 3),
  '{"level":"info","msg":"still here"}',
);
const OTHER: Service = { ...SERVICE, name: 'items' };
const CALLER: Service = { ...SERVICE, dependsOn: ['items'] };

function step<T>(before: T, after: T): (index: number) => T {
  return (index) => (isIncident(index) ? after : before);
}
function gauge(metric: string, valueAt: (index: number) => number): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt)]);
}
/** So many of the one, and so many of the other. */
function said(...lines: readonly (readonly [text: string, count: number])[]): Observation {
  const since = Array.from({ length: 30 }, (_none, index) => 289 + index);
  return logAnswer([...TALK, ...lines.flatMap(([text, count]) => linesAt(since.slice(0, count), text))]);
}

/** `patch`: of the change that stands out; undefined: none does. */
function classesOf(seen: readonly Observation[], patch?: string): string[] {
  const registry = { services: [CALLER, OTHER] };
  const scene = sceneFrom(seen, { alerts: [alertSaying('SomethingIsWrong')], service: CALLER, registry });
  const path = 'src/Account.java';
  return classesIn(withSuspect(scene, patch === undefined ? undefined : { files: [{ path, patch }], at: path }));
}

describe('a lock that is held, and a pool that is empty', () => {
  const POOL = 'ERROR PoolTimeout: timeout acquiring a database connection after 1 s: 6 of 6 in use';
  const FULL = [
    gauge('db_pool_connections_in_use', step(1, 6)),
    gauge('db_pool_connections_max', () => 6),
    gauge('db_pool_waiting', step(0, 8)),
  ];
  test.each([
    'ERROR sqlite3.OperationalError: database is locked',
    'ERROR: Lock wait timeout exceeded; try restarting transaction',
    'ERROR: canceling statement due to lock timeout',
    'ERROR could not obtain lock on row in relation "orders"',
  ])('%s, more often than no connection is free: the lock', (line) => {
    expect(classesOf([said([line, 20], [POOL, 3]), ...FULL])).toEqual(['deadlock-stall']);
  });

  test('no connection is free, more often than a lock: the pool', () => {
    const seen = [said(['ERROR sqlite3.OperationalError: database is locked', 2], [POOL, 20]), ...FULL];
    expect(classesOf(seen)).toEqual(['pool-exhaustion']);
  });

  test('no word of locks: the pool', () => {
    expect(classesOf([said([POOL, 20]), ...FULL])).toEqual(['pool-exhaustion']);
  });
});

function posted(after: number): Observation {
  return metricAnswer('entries_posted_total', [counterOf('entries_posted_total', step(3, after))]);
}

function change(added: string): string {
  return `@@ -1 +1,2 @@\n+${added}\n`;
}

describe('a queue that is not worked off', () => {
  const DEPTH = gauge('posting_queue_depth', (index) => Math.max(0, index - 288));
  test.each([
    'lock.readLock().lock();',
    'synchronized (this) {',
    'with self._lock:',
    'defer m.mu.Lock()',
    'await mutex.runExclusive(() => add(entry));',
    'SELECT * FROM accounts WHERE id = ? FOR UPDATE',
  ])('nothing is done any more, and %s is new: it stands still', (added) => {
    expect(classesOf([DEPTH, posted(0)], change(added))).toEqual(['deadlock-stall']);
  });

  test.each([
    { says: 'a change of something else', seen: [DEPTH, posted(0)], patch: change('batch = 1;') },
    { says: 'less is done, and a change of locks', seen: [DEPTH, posted(1)], patch: change('synchronized (this) {') },
    { says: 'no change', seen: [DEPTH, posted(0)], patch: undefined },
  ])('$says: the queue', ({ seen, patch }) => {
    expect(classesOf(seen, patch)).toEqual(['queue-backlog']);
  });
});

describe('requests stay under way, and hardly any is answered', () => {
  const requests = (perSample: number, failed: number) =>
    metricAnswer('http_requests_total', [
      counterOf('http_requests_total', (index) => perSample - step(0, failed)(index), { handler: '/', status: '2xx' }),
      counterOf('http_requests_total', step(0, failed), { handler: '/', status: '5xx' }),
    ]);
  const asked = (before: number, after: number) =>
    metricAnswer(
      'http_requests_total',
      [counterOf('http_requests_total', step(before, after), { handler: '/', status: '2xx' })],
      OTHER,
    );
  const latency = ['sum', 'count'].map((part) =>
    metricAnswer(`http_request_duration_seconds_${part}`, [
      counterOf(`http_request_duration_seconds_${part}`, part === 'sum' ? step(0.6, 110) : () => 30),
    ]),
  );
  const STUCK = [gauge('http_requests_in_flight', step(0, 16)), requests(30, 28), ...latency];
  test.each([
    { says: 'others are asked as ever', seen: [...STUCK, asked(30, 30)], expected: 'deadlock-stall' },
    { says: 'others are asked no more', seen: [...STUCK, asked(30, 0)], expected: 'deadlock-stall' },
    { says: 'others are asked many times as much', seen: [...STUCK, asked(30, 300)], expected: 'timeout-latency' },
  ])('$says: $expected', ({ seen, expected }) => {
    expect(classesOf(seen)[0]).toBe(expected);
  });
});
