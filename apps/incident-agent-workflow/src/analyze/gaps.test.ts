import { expect, test } from 'vitest';
import type { Gap } from '../domain/gap.ts';
import type { Observation } from '../domain/telemetry.ts';
import { numberGaps } from './gaps.ts';
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
