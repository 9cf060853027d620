import { expect, test } from 'vitest';
import type { Gap } from '../domain/gap.ts';
import type { Observation } from '../domain/telemetry.ts';
import { analysisContext } from './context.ts';
import { numberGaps, refusedPaths, unlookedAt } from './gaps.ts';
import { serviceOf } from './world.test-helper.ts';

function observationWith(...gaps: Gap[]): Observation {
  const question = { kind: 'targets' as const, service: serviceOf('items-api') };
  return { question, answer: { source: 'x', query: '', telemetry: {}, gaps } };
}
const UNSET: Gap = {
  source: 'loki',
  query: '',
  reason: 'not-configured',
  detail: 'LOKI_URL is not set',
  unknown: 'logs',
};
const LATE: Gap = { source: 'prometheus', query: 'up', reason: 'timeout', detail: 'no answer in 3 s', unknown: 'up' };

test('what is not configured is told once for each source, with all that stays unknown', () => {
  const gaps = numberGaps([
    observationWith(UNSET),
    observationWith(LATE),
    observationWith({ ...UNSET, unknown: 'traces' }),
  ]);
  expect(gaps).toEqual([
    { ...UNSET, id: 'G1', unknown: 'logs and traces' },
    { ...LATE, id: 'G2' },
  ]);
});

test('failures of different questions stay apart, the same one is told once', () => {
  const other = { ...LATE, query: 'down', unknown: 'down' };
  expect(numberGaps([observationWith(LATE, LATE), observationWith(other)]).map(({ id, query }) => [id, query])).toEqual(
    [
      ['G1', 'up'],
      ['G2', 'down'],
    ],
  );
});

test('a gap that another source covers does not hide one that nothing covers', () => {
  const covered = { ...UNSET, coveredBy: 'log-files' };
  expect(numberGaps([observationWith(covered), observationWith(UNSET)])).toHaveLength(2);
});

test('many unknowns are cut with their number', () => {
  const gaps = Array.from({ length: 9 }, (_, index) => ({ ...UNSET, unknown: `u${index}` }));
  expect(numberGaps([observationWith(...gaps)])[0]?.unknown).toBe('u0, u1, u2, u3 and 5 more');
});

function frame(file: string) {
  return { file, line: 1, column: null, function: null, inApp: true, repositoryPath: null };
}
function alert(service: string, startsAt: string) {
  return {
    status: 'firing' as const,
    labels: { service },
    annotations: {},
    startsAt,
    fingerprint: service,
    format: 'test',
    receivedAt: '2026-01-01T12:00:00Z',
  };
}

function nothing(query: string): Gap {
  return {
    source: 'samples',
    query,
    reason: 'not-found',
    detail: 'never scraped',
    unknown: query,
  };
}

test('what a source has nothing of at all is told once, with all that stays unknown', () => {
  expect(numberGaps([observationWith(nothing('up')), observationWith(nothing('dependency_up'))])).toMatchObject([
    { id: 'G1', unknown: 'up and dependency_up' },
  ]);
});

test('a path in a stack trace that climbs out of the repository is a gap, told once; a path inside is none', () => {
  const data = {
    frames: [frame('../../etc/passwd'), frame('../../etc/passwd'), frame('src/items.ts'), frame('a..b/c.ts')],
  };
  const observed: unknown = [{ kind: 'stack-trace', data }];
  const gaps = refusedPaths(observed as Parameters<typeof refusedPaths>[0]);
  expect(gaps).toMatchObject([{ reason: 'refused', unknown: 'what is at ../../etc/passwd' }]);
});

test('the other services of a storm, and what lies before the window, are gaps', () => {
  const gapsOf = (...alerts: ReturnType<typeof alert>[]) => {
    const incident = {
      id: 'INC-1',
      status: 'investigating' as const,
      severity: 'warning' as const,
      title: 't',
      groupKey: 'k',
      openedAt: '2026-01-01T12:00:00Z',
      startedAt: '2026-01-01T12:00:00Z',
      alerts,
    };
    return unlookedAt(
      analysisContext(
        incident,
        { createdAt: '2026-01-01T12:00:00Z' },
        { registry: { services: [] }, digest: (text) => text },
      ),
    );
  };
  expect(gapsOf(alert('a', '2026-01-01T11:59:00Z'))).toEqual([]);
  expect(gapsOf(alert('a', '2026-01-01T11:59:00Z'), alert('b', '2026-01-01T11:59:00Z'))).toMatchObject([
    { unknown: 'the state of 1 other service' },
  ]);
  expect(gapsOf(alert('a', '2020-01-01T00:00:00Z'))).toMatchObject([
    { unknown: expect.stringContaining('2020-01-01') },
  ]);
});
