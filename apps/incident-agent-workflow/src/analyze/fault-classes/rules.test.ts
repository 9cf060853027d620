/** Each class by what shows it in metrics and probes, beside what looks like it and is not. From observations, as in a run. */
import { describe, expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import {
  alertSaying,
  counterOf,
  instantAt,
  logAnswer,
  metricAnswer,
  noise,
  SERVICE,
  seriesOf,
} from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { FAULT_RULES } from './all.ts';
import { readRule } from './rule.ts';
import { classesIn } from './suspect.test-helper.ts';

const ITEMS = { handler: '/items', method: 'GET' };
const OTHER = unregisteredService('unrelated-service');
const CALLER = unregisteredService('another-service');
const MIB = 1024 * 1024;

function gauge(metric: string, valueAt: (index: number) => number | undefined, service = SERVICE): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt)], service);
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
const USUAL = Array.from({ length: 100 }, (_none, index) => index * 3);
function logged(text: string): Observation {
  const at = Array.from({ length: 20 }, (_none, index) => 289 + index);
  return logAnswer([...linesAt(USUAL, '{"level":"info","msg":"still here"}'), ...linesAt(at, text)]);
}
/** What competes in the end, the strongest first by the order of rules. */
function classesOf(seen: readonly Observation[]): string[] {
  const scene = sceneFrom(seen, {
    alerts: [alertSaying('SomethingIsWrong')],
    registry: { services: [SERVICE, OTHER, CALLER] },
  });
  return classesIn(scene);
}
function step<T>(before: T, after: T): (index: number) => T {
  return (index) => (isIncident(index) ? after : before);
}

const SLOW = latency(step(0.03, 0.9));
const STEADY = requests(() => 30);
/** A heap that swings with its collections over what stays. */
function heap(keptAt: (index: number) => number): Observation {
  return gauge('nodejs_heap_size_used_bytes', (index) => keptAt(index) + (index % 5) * 5 * MIB);
}
const STARTED = metricAnswer('process_start_time_seconds', [
  seriesOf('process_start_time_seconds', (index) => Date.parse(instantAt(index < 200 ? 0 : 200)) / 1_000),
]);

describe('timeout-latency', () => {
  test.each([
    { says: 'the level of the time per request rose', seen: SLOW, is: true },
    { says: 'only a moment was slow', seen: latency((index) => (index === 300 ? 0.9 : 0.03)), is: false },
    { says: 'it rose to what nobody notices', seen: latency(step(0.0005, 0.02)), is: false },
    { says: 'requests doubled', seen: [...SLOW, requests(step(30, 90))], is: false },
    { says: 'the processor is used up', seen: [...SLOW, counter('process_cpu_seconds_total', step(2, 14))], is: false },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('timeout-latency')).toBe(is);
  });
});

describe('cpu-saturation', () => {
  test.each([
    {
      says: 'a processor in use all the time',
      seen: [counter('process_cpu_seconds_total', step(2, 14)), STEADY],
      is: true,
    },
    {
      says: 'five times as much of very little',
      seen: [counter('process_cpu_seconds_total', step(0.3, 1.5)), STEADY],
      is: false,
    },
    {
      says: 'an event loop that comes late always',
      seen: [gauge('nodejs_eventloop_lag_p50_seconds', step(0.01, 0.4))],
      is: true,
    },
    {
      says: 'an event loop whose worst moment was late',
      seen: [gauge('nodejs_eventloop_lag_max_seconds', step(0.02, 0.4))],
      is: false,
    },
    {
      says: 'a processor that more requests use up',
      seen: [counter('process_cpu_seconds_total', step(2, 14)), requests(step(30, 150)), ...SLOW],
      is: false,
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('cpu-saturation')).toBe(is);
  });
});

describe('memory-leak', () => {
  test.each([
    {
      says: 'what is left after collections rises',
      seen: [heap((index) => (30 + Math.max(0, index - 200) * 0.5) * MIB), STARTED],
      is: true,
    },
    {
      says: 'a process that warms up',
      seen: [heap((index) => (30 + Math.min(30, Math.max(0, index - 200))) * MIB), STARTED],
      is: false,
    },
    {
      says: 'a process that comes back to what it had',
      seen: [heap((index) => (index < 200 ? 90 : 30 + (index - 200) * 0.5) * MIB), STARTED],
      is: false,
    },
    { says: 'only its garbage rises and falls', seen: [heap(() => 30 * MIB), STARTED], is: false },
    {
      says: 'more is kept because more is asked',
      seen: [heap((index) => (30 + Math.max(0, index - 200) * 0.5) * MIB), STARTED, requests(step(30, 90))],
      is: false,
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('memory-leak')).toBe(is);
  });

  test.each([
    { says: 'nobody feels it, and errors come all at once', to: 1.4, more: [], isSure: false },
    { says: 'it doubles', to: 4, more: [], isSure: true },
    { says: 'requests become slow', to: 1.4, more: SLOW, isSure: true },
  ])('errors are put down to it where $says: $isSure', ({ to, more, isSure }) => {
    const grows = heap((index) => (100 + (100 * (to - 1) * index) / 320) * MIB);
    const seen = [grows, requests(() => 30, step(0, 10)), ...more];
    const scene = sceneFrom(seen, { alerts: [alertSaying('Errors')], registry: { services: [SERVICE] } });
    const rule = FAULT_RULES.find((candidate) => candidate.class === 'memory-leak')!;
    const weight = readRule(rule, scene).signals.reduce((sum, signal) => sum + signal.weight, 0);
    expect(weight > 2).toBe(isSure);
  });
});

describe('pool-exhaustion', () => {
  const max = gauge('db_pool_connections_max', () => 6);
  const waiting = gauge('db_pool_waiting', step(0, 9));
  test.each([
    {
      says: 'all are in use and requests wait',
      seen: [max, gauge('db_pool_connections_in_use', step(1, 6)), waiting, ...SLOW],
      is: true,
    },
    {
      says: 'all are in use and nobody waits',
      seen: [max, gauge('db_pool_connections_in_use', step(1, 6)), ...SLOW],
      is: false,
    },
    {
      says: 'requests wait while some are free',
      seen: [
        max,
        gauge('db_pool_connections_in_use', (index) => (isIncident(index) ? (index % 2 ? 3 : 6) : 1)),
        waiting,
        ...SLOW,
      ],
      is: false,
    },
    {
      says: 'the processor works far more behind it',
      seen: [
        max,
        gauge('db_pool_connections_in_use', step(1, 6)),
        waiting,
        counter('process_cpu_seconds_total', step(0.3, 6)),
        ...SLOW,
      ],
      is: false,
    },
    {
      says: 'it was made smaller, whatever else is so',
      seen: [
        gauge('db_pool_connections_max', step(6, 1)),
        gauge('db_pool_connections_in_use', step(0, 1)),
        waiting,
        counter('process_cpu_seconds_total', step(0.3, 6)),
      ],
      is: true,
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('pool-exhaustion')).toBe(is);
  });
});

describe('queue-backlog and traffic-spike', () => {
  const rises = gauge('mail_queue_depth', (index) => Math.max(0, index - 288) * 4);
  test.each([
    { says: 'a queue grows while as much is asked as before', seen: [rises, STEADY], classes: ['queue-backlog'] },
    { says: 'a queue grows because more is asked', seen: [rises, requests(step(30, 120))], classes: ['traffic-spike'] },
    { says: 'a queue of three', seen: [gauge('mail_queue_depth', step(0, 3)), STEADY], classes: [] },
    {
      says: 'a queue that was worked off again',
      seen: [gauge('mail_queue_depth', (index) => (index > 288 && index < 300 ? 60 : 0)), STEADY],
      classes: [],
    },
    {
      says: 'more is asked and answered as fast',
      seen: [requests(step(30, 120)), ...latency(() => 0.03)],
      classes: [],
    },
    {
      says: 'more is asked because what fails is tried again',
      seen: [
        requests(
          (index) => (index >= 296 ? 120 : 30),
          (index) => (isIncident(index) ? 28 : 0),
        ),
      ],
      classes: [],
    },
    {
      says: 'more is asked than its queue takes, and it says so',
      seen: [
        requests(step(30, 120), step(0, 40)),
        logged('HttpError: queue mails is full (150 jobs)\n    at push (/app/src/queue.ts:34:9)'),
      ],
      classes: ['traffic-spike'],
    },
  ])('$says: $classes', ({ seen, classes }) => {
    expect(classesOf(seen)).toEqual(classes);
  });
});

/** Six minutes, over since two. */
function outage(index: number): number {
  return index >= 285 && index < 310 ? 0 : 1;
}

function untilIncident(index: number): number | undefined {
  return isIncident(index) ? undefined : 1;
}

describe('what is away', () => {
  const down = gauge('up', (index) => (isIncident(index) ? 0 : 1));
  const refused = probeAnswer('health', { failure: 'refused' });
  const silent = probeAnswer('health', { failure: 'timeout' });
  const restartedOther = metricAnswer(
    'process_start_time_seconds',
    [seriesOf('process_start_time_seconds', (index) => Date.parse(instantAt(index < 308 ? 0 : 308)) / 1_000)],
    OTHER,
  );
  test.each([
    { says: 'nobody listens', seen: [down, refused], classes: ['process-down'] },
    {
      says: 'its samples end while others go on, and nobody listens',
      seen: [gauge('up', untilIncident), gauge('up', () => 1, OTHER), refused],
      classes: ['process-down'],
    },
    {
      says: 'its samples end while others go on, and it answers: it is scraped no more',
      seen: [gauge('up', untilIncident), gauge('up', () => 1, OTHER), probeAnswer('health', { httpStatus: 200 })],
      classes: [],
    },
    {
      says: 'all samples end at once: the scraper stopped',
      seen: [gauge('up', untilIncident), gauge('up', untilIncident, OTHER)],
      classes: [],
    },
    { says: 'somebody listens and does not answer', seen: [down, silent], classes: ['deadlock-stall'] },
    {
      says: 'somebody listens, does not answer and burns a processor',
      seen: [down, silent, counter('process_cpu_seconds_total', step(2, 14))],
      classes: ['cpu-saturation'],
    },
    {
      says: 'it was away for minutes and is back',
      seen: [gauge('up', outage), probeAnswer('health', { httpStatus: 200 })],
      classes: ['process-down'],
    },
    {
      says: 'it was away for a minute and is back',
      seen: [gauge('up', (index) => (index >= 300 && index < 304 ? 0 : 1)), probeAnswer('health', { httpStatus: 200 })],
      classes: [],
    },
    {
      says: 'another one was away at the same time',
      seen: [gauge('up', outage), gauge('up', outage, OTHER), gauge('up', () => 1, CALLER)],
      classes: ['host-network'],
    },
    {
      says: 'another one was away at another time',
      seen: [gauge('up', outage), gauge('up', (index) => (index >= 200 && index < 215 ? 0 : 1), OTHER)],
      classes: ['process-down'],
    },
    {
      says: 'another one was restarted at the same time',
      seen: [gauge('up', outage), gauge('up', outage, OTHER), restartedOther],
      classes: ['process-down'],
    },
  ])('$says: $classes', ({ seen, classes }) => {
    expect(classesOf(seen)).toEqual(classes);
  });

  test('requests that stay under way while hardly any ends are work that stands still', () => {
    const seen = [gauge('http_requests_in_flight', step(1, 20)), requests(step(30, 4))];
    expect(classesOf(seen)).toEqual(['deadlock-stall']);
    const busy = counter('process_cpu_seconds_total', step(2, 14));
    expect(classesOf([...seen, busy])).toEqual(['cpu-saturation']);
  });
});

describe('what runs out', () => {
  const random = noise(7);
  test.each([
    {
      says: 'as many files are open as may be',
      seen: [
        gauge('process_max_fds', () => 1_024),
        gauge('process_open_fds', (index) => (isIncident(index) ? 1_020 : 60 + random())),
      ],
      classes: ['file-descriptor-limit'],
    },
    {
      says: 'more files are open than before',
      seen: [gauge('process_max_fds', () => 1_024), gauge('process_open_fds', step(60, 200))],
      classes: [],
    },
    {
      says: 'hardly anything is free',
      seen: [gauge('disk_size_bytes', () => 1e9), gauge('disk_free_bytes', step(4e8, 1e6))],
      classes: ['disk-full'],
    },
    {
      says: 'less is free than before',
      seen: [gauge('disk_size_bytes', () => 1e9), gauge('disk_free_bytes', step(4e8, 2e8))],
      classes: [],
    },
    {
      says: 'as much memory is used as may be',
      seen: [
        gauge('jvm_memory_max_bytes', () => 512 * MIB),
        gauge('jvm_memory_used_bytes', step(200 * MIB, 505 * MIB)),
      ],
      classes: ['out-of-memory'],
    },
  ])('$says: $classes', ({ seen, classes }) => {
    expect(classesOf(seen)).toEqual(classes);
  });
});

describe('what is outside', () => {
  const failing = requests(() => 30, step(0, 20));
  test.each([
    {
      says: 'it answers 503',
      line: 'Error: payments.example.com answered 503 to POST /charges',
      classes: ['external-api-down'],
    },
    { says: 'an address answers 500', line: 'Refused: 10.0.0.8:8026 answered 500', classes: ['external-api-down'] },
    { says: 'it refuses one card', line: 'UpstreamError: bank answered 402 to POST /charges', classes: [] },
  ])('$says: $classes', ({ line, classes }) => {
    expect(classesOf([failing, logged(line)])).toEqual(classes);
  });

  test.each([
    { says: 'and its own check is well: a matter of time limits', isUp: 1, expected: 'timeout-latency' },
    { says: 'and its own check is not: it is down', isUp: 0, expected: 'external-api-down' },
  ])('it did not answer in time, $says', ({ isUp, expected }) => {
    const seen = [
      failing,
      metricAnswer('dependency_up', [seriesOf('dependency_up', step(1, isUp), { dependency: 'bank-api' })]),
      logged('UpstreamError: upstream bank-api did not answer POST /charges within 70 ms'),
    ];
    expect(classesOf(seen)).toContain(expected);
  });
});

describe('bad-config', () => {
  const down = gauge('up', (index) => (isIncident(index) ? 0 : 1));
  const key = (file: string) => logged(`Error: region of undefined\n    at read (/app/src/${file}:34:9)`);
  test.each([
    { says: 'what reads the settings throws and it does not run', seen: [key('settings.ts'), down], is: true },
    {
      says: 'what reads the settings throws while it runs',
      seen: [key('settings.ts'), gauge('up', () => 1)],
      is: false,
    },
    { says: 'something else throws and it does not run', seen: [key('routes.ts'), down], is: false },
    {
      says: 'it says that its settings are not valid',
      seen: [logged('Error: Invalid configuration: port: expected number')],
      is: true,
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('bad-config')).toBe(is);
  });
});

test('a database that refuses what is written is no matter of its schema unless that was changed', () => {
  const scene = sceneFrom([logged('sqlite3.IntegrityError: NOT NULL constraint failed: orders.note')]);
  const rule = FAULT_RULES.find((candidate) => candidate.class === 'schema-migration')!;
  expect(readRule(rule, scene).status).toBe('not-met');
  const hash = 'a'.repeat(40);
  const migrated = (path: string, isRecent: boolean) => ({
    ...scene,
    evidence: [
      ...scene.evidence,
      { ...scene.evidence[0]!, id: 'E90', kind: 'history', data: { commits: [{ hash }] } } as never,
    ],
    ranking: {
      suspects: [
        {
          commit: { hash, files: [{ path, status: 'added', additions: 1, deletions: 0 }] },
          isRecent,
        },
      ],
    } as never,
  });
  expect(readRule(rule, migrated('migrations/004_note.sql', true)).status).toBe('fits');
  expect(readRule(rule, migrated('migrations/004_note.sql', false)).status).toBe('not-met');
  expect(readRule(rule, migrated('src/orders.ts', true)).status).toBe('not-met');
});
