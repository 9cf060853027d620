import { expect, test } from 'vitest';
import type { Alert } from '../domain/alert.ts';
import type { Incident } from '../domain/incident.ts';
import { nextStep } from './lifecycle.ts';

const HEARD = '2026-01-01T12:00:00.000Z';
function incident(...statuses: Alert['status'][]): Incident {
  const alerts = statuses.map((status, index) => ({
    status,
    labels: {},
    annotations: {},
    startsAt: HEARD,
    fingerprint: String(index),
    format: 'alertmanager',
    receivedAt: HEARD,
  }));
  return {
    id: 'INC-1',
    status: 'diagnosed',
    severity: 'critical',
    title: 't',
    groupKey: 'k',
    openedAt: HEARD,
    startedAt: HEARD,
    alerts,
  };
}
const seen = {
  recovered: { state: 'recovered', reason: 'health 200' },
  broken: { state: 'broken', reason: 'up 0' },
  unknown: { state: 'unknown', reason: 'nothing seen' },
} as const;

test.each([
  {
    says: 'resolved and seen to be well: over',
    reason: 'resolved' as const,
    of: incident('resolved'),
    saw: seen.recovered,
    step: 'resolve',
  },
  {
    says: 'resolved but still broken: stays open and is checked again',
    reason: 'resolved' as const,
    of: incident('resolved'),
    saw: seen.broken,
    step: 'keep-open',
  },
  {
    says: 'resolved and nothing to be seen: over, by the word of the sender',
    reason: 'resolved' as const,
    of: incident('resolved'),
    saw: seen.unknown,
    step: 'resolve',
  },
  {
    says: 'one of two alerts still fires: nothing happens',
    reason: 'resolved' as const,
    of: incident('resolved', 'firing'),
    saw: seen.recovered,
    step: 'nothing',
  },
  {
    says: 'a silent sender and a service seen to be well: over',
    reason: 'silent' as const,
    of: incident('firing'),
    saw: seen.recovered,
    step: 'resolve',
  },
  {
    says: 'a silent sender proves nothing: what stays unknown stays open',
    reason: 'silent' as const,
    of: incident('firing'),
    saw: seen.unknown,
    step: 'keep-open',
  },
])('$says', ({ reason, of, saw, step }) => {
  const next = nextStep(of, reason, saw, HEARD);
  expect(next.step).toBe(step);
  expect('note' in next ? next.note : saw.reason).toContain(saw.reason);
});

test('a check that found it broken comes again, a silence is left to the next round', () => {
  expect(nextStep(incident('resolved'), 'resolved', seen.broken, HEARD)).toMatchObject({ checkAgainSeconds: 30 });
  expect(nextStep(incident('firing'), 'silent', seen.broken, HEARD)).toMatchObject({
    checkAgainSeconds: undefined,
    note: `Sender silent since ${HEARD}; up 0`,
  });
});
