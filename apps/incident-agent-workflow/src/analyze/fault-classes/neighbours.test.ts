/** Pairs of classes that look alike: what decides between them, seen from both sides. From observations, as in a run. */
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
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { classesIn } from './suspect.test-helper.ts';

const MIB = 1024 * 1024;
const ITEMS = { handler: '/items', method: 'GET' };
const USUAL = Array.from({ length: 100 }, (_none, index) => index * 3);
const TALK = linesAt(USUAL, '{"level":"info","msg":"still here"}');
const CALLER: Service = { ...SERVICE, dependsOn: ['payments', 'ledger'] };

function step<T>(before: T, after: T): (index: number) => T {
  return (index) => (isIncident(index) ? after : before);
}
function gauge(metric: string, valueAt: (index: number) => number): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt)]);
}
function counter(metric: string, countAt: (index: number) => number): Observation {
  return metricAnswer(metric, [counterOf(metric, countAt)]);
}
function requests(perSample: (index: number) => number, failed: (index: number) => number = () => 0): Observation {
  return metricAnswer('http_requests_total', [
    counterOf('http_requests_total', (index) => perSample(index) - failed(index), { ...ITEMS, status: '2xx' }),
    counterOf('http_requests_total', failed, { ...ITEMS, status: '5xx' }),
  ]);
}
function latency(meanAt: (index: number) => number): Observation[] {
  const metric = 'http_request_duration_seconds';
  return [counter(`${metric}_sum`, (index) => 30 * meanAt(index)), counter(`${metric}_count`, () => 30)];
}
/** From the onset on; `until`: the sample it ends with. */
function logged(text: string, until = 320): Observation {
  const at = Array.from({ length: until - 288 }, (_none, index) => 289 + index);
  return logAnswer([...TALK, ...linesAt(at, text)]);
}
function classesOf(seen: readonly Observation[]): string[] {
  const scene = sceneFrom(seen, {
    alerts: [alertSaying('SomethingIsWrong')],
    service: CALLER,
    registry: { services: [CALLER] },
  });
  return classesIn(scene);
}

const FULL = [
  '2026-01-01 03:12:06 ERROR orders.http: GET /items failed',
  'Traceback (most recent call last):',
  '  File "/opt/orders/orders/server.py", line 79, in guarded',
  '    raise AppError(503)',
  'orders.errors.AppError: more than 16 requests at once',
].join('\n');
const IN_FLIGHT = gauge('http_requests_in_flight', step(0, 16));
const IDLE = counter('process_cpu_seconds_total', () => 0.4);
const REFUSED_ALL = requests(
  () => 30,
  (index) => (isIncident(index) ? 30 : 0),
);

function lines(text: string): Observation {
  const parts = text.split('\n');
  const at = Array.from({ length: 20 }, (_none, index) => 290 + index);
  return logAnswer([...TALK, ...at.flatMap((index) => parts.flatMap((part) => linesAt([index], part)))]);
}

describe('full: of work that stands still, of too many requests, of slow ones, or of a limit', () => {
  test.each([
    {
      says: 'nothing ends well, and the processor is idle',
      seen: [lines(FULL), IN_FLIGHT, IDLE, REFUSED_ALL],
      classes: ['deadlock-stall'],
    },
    {
      says: 'as many workers are busy as there are, and nothing ends well',
      seen: [gauge('http_workers_busy', step(0, 12)), gauge('http_workers_max', () => 12), IDLE, REFUSED_ALL],
      classes: ['deadlock-stall'],
    },
    {
      says: 'as many threads of Tomcat are busy as there are, and nothing ends well',
      seen: [gauge('tomcat_threads_busy_threads', step(1, 200)), REFUSED_ALL],
      classes: ['deadlock-stall'],
    },
    {
      says: 'the processor is used up',
      seen: [lines(FULL), IN_FLIGHT, counter('process_cpu_seconds_total', step(2, 14)), REFUSED_ALL],
      classes: ['cpu-saturation'],
    },
    {
      says: 'three times as much is asked',
      seen: [lines(FULL), IN_FLIGHT, requests(step(30, 120), (index) => (index >= 292 ? 40 : 0))],
      classes: ['traffic-spike'],
    },
    {
      says: 'requests are slow, and most end well',
      seen: [
        lines(FULL),
        IN_FLIGHT,
        requests(
          () => 30,
          (index) => (isIncident(index) ? 6 : 0),
        ),
        ...latency(step(0.03, 2)),
      ],
      classes: ['timeout-latency'],
    },
    {
      says: 'nothing else is seen: the program refuses',
      seen: [
        lines(FULL),
        requests(
          () => 30,
          (index) => (isIncident(index) ? 6 : 0),
        ),
      ],
      classes: ['code-error'],
    },
    {
      says: 'the runtime finds threads that wait for each other',
      seen: [gauge('jvm_threads_deadlocked', step(0, 2))],
      classes: ['deadlock-stall'],
    },
    { says: 'the runtime finds none', seen: [gauge('jvm_threads_deadlocked', () => 0)], classes: [] },
  ])('$says: $classes', ({ seen, classes }) => {
    expect(classesOf(seen)).toEqual(classes);
  });
});

function perRoute(orders: (index: number) => number, items = 20): Observation {
  return metricAnswer('http_requests_total', [
    counterOf('http_requests_total', orders, { handler: '/orders', method: 'POST', status: '2xx' }),
    counterOf('http_requests_total', () => items, { ...ITEMS, status: '2xx' }),
  ]);
}

describe('requests of one route that end no more', () => {
  test.each([
    {
      says: 'and more and more are under way',
      seen: [perRoute(step(6, 0)), gauge('http_requests_in_flight', (index) => Math.max(0, index - 288))],
      classes: ['deadlock-stall'],
    },
    {
      says: 'and more and more sockets are open',
      seen: [perRoute(step(6, 0)), gauge('process_open_fds', (index) => 22 + Math.max(0, index - 288))],
      classes: ['deadlock-stall'],
    },
    { says: 'and nothing is under way: it is asked no more', seen: [perRoute(step(6, 0))], classes: [] },
    {
      says: 'of a route that is hardly used',
      seen: [
        perRoute((index) => (index % 30 === 0 && index < 288 ? 1 : 0)),
        gauge('http_requests_in_flight', step(0, 9)),
      ],
      classes: [],
    },
    {
      says: 'no: they take longer',
      seen: [perRoute(step(6, 3)), gauge('http_requests_in_flight', step(0, 9)), ...latency(step(0.03, 2))],
      classes: ['timeout-latency'],
    },
  ])('$says: $classes', ({ seen, classes }) => {
    expect(classesOf(seen)).toEqual(classes);
  });
});

describe('it takes connections and does not answer', () => {
  const down = gauge('up', (index) => (isIncident(index) ? 0 : 1));
  const silent = probeAnswer('health', { failure: 'timeout' });
  const heap = (used: number) => [
    gauge('jvm_memory_used_bytes', step(200 * MIB, used)),
    gauge('jvm_memory_max_bytes', () => 512 * MIB),
  ];
  test.each([
    { says: 'and has little to do', seen: [down, silent, IDLE], classes: ['deadlock-stall'] },
    {
      says: 'and was many times as busy as ever when last seen',
      seen: [down, silent, metricAnswer('process_cpu_seconds_total', [cpuUntil(292, step(0.5, 9))])],
      classes: ['cpu-saturation'],
    },
    {
      says: 'and collects garbage nearly all the time, its heap being full',
      seen: [down, silent, ...heap(505 * MIB), counter('jvm_gc_collection_seconds_sum', step(0.05, 10))],
      classes: ['out-of-memory'],
    },
    {
      says: 'and collects garbage nearly all the time, by another name',
      seen: [down, silent, counter('jvm_gc_pause_seconds_sum', step(0.05, 10))],
      classes: ['out-of-memory'],
    },
    {
      says: 'and collects a little more garbage than before',
      seen: [down, silent, counter('jvm_gc_collection_seconds_sum', step(0.05, 1))],
      classes: ['deadlock-stall'],
    },
  ])('$says: $classes', ({ seen, classes }) => {
    expect(classesOf(seen)).toEqual(classes);
  });
});

/** Scraped until then, and no more. */
function cpuUntil(end: number, countAt: (index: number) => number) {
  const series = counterOf('process_cpu_seconds_total', countAt);
  return { ...series, points: series.points.slice(0, end) };
}

function check(value: number): Observation {
  return metricAnswer('dependency_up', [seriesOf('dependency_up', () => value, { dependency: 'payments' })]);
}

describe('a dependency that refuses, while the service says that it is ready', () => {
  const ready = probeAnswer('ready', { httpStatus: 200 });
  const refused = '{"level":"error","msg":"payments: connect ECONNREFUSED 127.0.0.1:9010"}';
  test.each([
    { says: 'refusals go on: it does not look there', seen: [ready, logged(refused)], is: true },
    { says: 'refusals ended before', seen: [ready, logged(refused, 300)], is: false },
    { says: 'refusals go on, and its own check finds it well', seen: [ready, logged(refused), check(1)], is: false },
    { says: 'it is not ready', seen: [probeAnswer('ready', { httpStatus: 503 }), logged(refused, 300)], is: true },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('dependency-refused')).toBe(is);
  });
});

function misfit(type: string, path: string, status: number): string {
  return JSON.stringify({
    level: 'error',
    msg: 'request failed',
    method: 'GET',
    path: '/items',
    status,
    error: { type, message: 'expected string', stack: `${type}: expected string\n    at read (/app/${path}:64:12)` },
  });
}
function python(frames: string[], error: string): string {
  return [
    'Traceback (most recent call last):',
    ...frames.flatMap((frame) => [`  File "/app/${frame}`, '    run()']),
    error,
  ].join('\n');
}

describe('what is stored and what is sent', () => {
  test.each([
    {
      says: 'what the store holds is refused by its validator',
      seen: [logged(misfit('ZodError', 'src/item-repository.ts', 500))],
      first: 'schema-migration',
    },
    {
      says: 'what the model holds is refused',
      seen: [logged(misfit('CastError', 'src/models/item.js', 500))],
      first: 'schema-migration',
    },
    {
      says: 'what a caller sent is refused where it is received',
      seen: [logged(misfit('ZodError', 'src/routes/items.ts', 500))],
      first: 'code-error',
    },
    {
      says: 'what a caller sent is answered with 422',
      seen: [logged(misfit('ZodError', 'src/item-repository.ts', 422))],
      first: 'code-error',
    },
    {
      says: 'a plain error of the store',
      seen: [logged(misfit('TypeError', 'src/item-repository.ts', 500))],
      first: 'code-error',
    },
    {
      says: 'a migration that fails',
      seen: [
        lines(
          python(
            ['orders/migrate.py", line 18, in apply'],
            'sqlite3.IntegrityError: UNIQUE constraint failed: lines.sku',
          ),
        ),
      ],
      first: 'schema-migration',
    },
    {
      says: 'a write that fails in a handler',
      seen: [
        lines(
          python(
            ['orders/handlers.py", line 18, in place'],
            'sqlite3.IntegrityError: UNIQUE constraint failed: lines.sku',
          ),
        ),
      ],
      first: 'code-error',
    },
    {
      says: 'a migration whose code is wrong',
      seen: [
        lines(
          python(
            ['orders/migrate.py", line 18, in apply'],
            "AttributeError: 'NoneType' object has no attribute 'execute'",
          ),
        ),
      ],
      first: 'code-error',
    },
  ])('$says: $first', ({ seen, first }) => {
    expect(classesOf(seen)[0]).toBe(first);
  });
});

function said(text: string): Observation {
  return logged(JSON.stringify({ level: 'error', msg: text }));
}

describe('a token that is refused: for what it says, or by a clock', () => {
  test.each([
    { text: 'ledger answered 401 to POST /entries: token has expired', first: 'auth-secret' },
    { text: 'ledger answered 401 to POST /entries: token has expired at 2026-01-01T03:10:00Z', first: 'auth-secret' },
    { text: 'ledger answered 401 to POST /entries: token has expired at 2026-01-01T03:51:11Z', first: 'clock-skew' },
    {
      text: 'payments answered 403 to POST /charges: key expired, not after 2026-01-02 00:00:00Z',
      first: 'clock-skew',
    },
    { text: 'ledger answered 401 to POST /entries: token is not yet valid', first: 'clock-skew' },
    { text: 'ledger answered 401 to POST /entries: issued in the future', first: 'clock-skew' },
    { text: 'payments answered 403 to POST /charges: account_not_allowed', first: 'auth-secret' },
  ])('$text: $first', ({ text, first }) => {
    expect(classesOf([said(text)])).toEqual([first]);
  });
});

const POOL_FULL = [
  gauge('db_pool_connections_in_use', step(2, 6)),
  gauge('db_pool_connections_max', () => 6),
  gauge('db_pool_waiting', step(0, 8)),
];
const failed = (locked: number, waited: number): Observation =>
  logAnswer([
    ...TALK,
    ...linesAt(
      Array.from({ length: locked }, (_none, index) => 289 + (index % 31)),
      '{"level":"error","msg":"database is locked"}',
    ),
    ...linesAt(
      Array.from({ length: waited }, (_none, index) => 289 + (index % 31)),
      '{"level":"error","msg":"timeout acquiring a connection"}',
    ),
  ]);

describe('a lock, and the pool that is empty because of it', () => {
  test.each([
    { says: 'most fail for the lock', locked: 30, waited: 4, first: 'deadlock-stall', other: 'pool-exhaustion' },
    { says: 'most fail for a connection', locked: 4, waited: 30, first: 'pool-exhaustion', other: 'deadlock-stall' },
  ])('where $says: $first', ({ locked, waited, first, other }) => {
    const classes = classesOf([...POOL_FULL, failed(locked, waited)]);
    expect(classes[0]).toBe(first);
    expect(classes).not.toContain(other);
  });
});

describe('an answer that cannot be read', () => {
  const TOLD_OTHERWISE = `SyntaxError: Unexpected token '<', "<!doctype "... is not valid JSON`;
  const thrownAt = (path: string): Observation => {
    const stack = `${TOLD_OTHERWISE}\n    at JSON.parse (<anonymous>)\n    at charge (/app/src/${path}:64:12)`;
    const text = JSON.stringify({ level: 'error', msg: 'request failed', error: { type: 'SyntaxError', stack } });
    return logged(text);
  };
  const started = metricAnswer('process_start_time_seconds', [
    seriesOf('process_start_time_seconds', (index) => 1_767_232_800 + (index < 286 ? 0 : 4_290)),
  ]);
  test.each([
    { says: 'who asks somebody else reads it', seen: [thrownAt('clients/maps.ts')], first: 'external-api-down' },
    { says: 'the code is named for whom it asks', seen: [thrownAt('payments.ts')], first: 'external-api-down' },
    { says: 'it asks nobody', seen: [thrownAt('basket.ts')], first: 'code-error' },
    { says: 'the program was just started', seen: [thrownAt('payments.ts'), started], first: 'code-error' },
  ])('where $says: $first', ({ seen, first }) => {
    expect(classesOf(seen)[0]).toBe(first);
  });
});
