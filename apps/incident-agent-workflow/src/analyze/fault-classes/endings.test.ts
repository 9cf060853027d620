/** A process that ends with an error that nothing caught: the words of runtimes and of what starts them again. */
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { alertSaying, logAnswer, metricAnswer, SERVICE, seriesOf } from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { classesIn } from './suspect.test-helper.ts';

const TALK = linesAt(
  Array.from({ length: 100 }, (_none, index) => index * 3),
  '{"level":"info","msg":"still here"}',
);
const GONE = probeAnswer('health', { failure: 'refused' });
const WELL = probeAnswer('health', { httpStatus: 200 });

/** A start time for each of the samples from which on it holds. */
function startedAt(...samples: readonly number[]): Observation {
  const metric = 'process_start_time_seconds';
  const last = (index: number) => samples.findLast((sample) => sample <= index) ?? 0;
  return metricAnswer(metric, [seriesOf(metric, (index) => 1_767_000_000 + last(index) * 15)]);
}
/** Said at three samples, a line after the other. */
function said(...lines: readonly string[]): Observation {
  return logAnswer([...TALK, ...[289, 299, 309].flatMap((index) => lines.flatMap((line) => linesAt([index], line)))]);
}
function classesOf(seen: readonly Observation[]): string[] {
  const scene = sceneFrom(seen, { alerts: [alertSaying('ServiceDown')], registry: { services: [SERVICE] } });
  return classesIn(scene);
}

describe('an error that nothing caught', () => {
  test.each([
    [
      '    triggerUncaughtException(err, true /* fromPromise */);',
      "[Error: ENOENT: no such file or directory, open '/var/lib/shop/sales.txt'] {",
    ],
    [
      '[UnhandledPromiseRejection: This error originated by throwing inside of an async function without a catch block] {',
    ],
    ["throw er; // Unhandled 'error' event", 'Error: spawn tar ENOENT'],
    ['2026-01-01 03:12:20 CRITICAL orders could not be started', 'ValueError: not enough values to unpack'],
    ['Exception in thread "main" shop.Broken: no journal', 'supervisor: ledger ended: exit code 1'],
    ['ERROR o.s.boot.SpringApplication - Application run failed', 'BeanCreationException: no bean of type Clock'],
    ['panic: assignment to entry in nil map', 'exit status 2'],
    ["thread 'main' panicked at src/main.rs:4:10:", 'called `Result::unwrap()` on an `Err` value: ParseIntError'],
    ['orders.service: Main process exited, code=exited, status=1/FAILURE', 'AssertionError: no products'],
    ['exited: orders (exit status 1; not expected)', 'LookupError: unknown encoding'],
    ['Back-off restarting failed container orders', 'Error: Cannot find module ./clock'],
  ])('%s', (...lines) => {
    expect(classesOf([said(...lines), GONE, startedAt(0, 290, 300)])[0]).toBe('code-error');
  });

  test.each([
    {
      says: 'it ended for want of memory',
      lines: ['FATAL ERROR: JavaScript heap out of memory', 'ended: exit code 134'],
      first: 'out-of-memory',
    },
    { says: 'it was killed', lines: ['supervisor: ledger ended: exit code 137'], first: 'out-of-memory' },
    {
      says: 'a setting is missing',
      lines: ['orders could not be started', 'Error: DATABASE_URL is not set'],
      first: 'bad-config',
    },
    { says: 'it was told to end', lines: ['supervisor: ledger ended: exit code 143'], first: 'process-down' },
    {
      says: 'the schema is older',
      lines: ['Application run failed', 'Error: relation "receipts" does not exist'],
      first: 'schema-migration',
    },
  ])('is not the reason where $says: $first', ({ lines, first }) => {
    expect(classesOf([said(...lines), GONE])[0]).toBe(first);
  });

  test('of a process that runs on says nothing of its end', () => {
    expect(classesOf([said('uncaught in a handler: Error: no such basket'), WELL])).toEqual([]);
  });
});

describe('a process that is started again and again', () => {
  const flapping = metricAnswer('up', [seriesOf('up', (index) => (isIncident(index) && index % 10 < 6 ? 0 : 1))]);
  test.each([
    { says: 'answers at the moment of the look', seen: [flapping, WELL, startedAt(0, 290, 300, 310)], is: true },
    { says: 'was started once', seen: [flapping, WELL, startedAt(0, 290)], is: false },
    { says: 'was started twice long before', seen: [WELL, startedAt(0, 100, 110)], is: false },
  ])('$says: $is', ({ seen, is }) => {
    expect(classesOf(seen).includes('process-down')).toBe(is);
  });
});
