import { expect, test } from 'vitest';
import type { Observed } from './evidence.ts';
import { FeedbackCause, signaturesOf } from './memory.ts';

const COMMON = {
  title: '',
  source: 's',
  query: '',
  window: { from: '', to: '' },
  digest: '',
  service: 'orders',
};
const LOG = {
  baselineCount: 0,
  incidentCount: 3,
  firstAt: null,
  lastAt: null,
  samples: [],
  context: [],
};
const observed: Observed[] = [
  {
    ...COMMON,
    kind: 'alert',
    data: {
      alertCount: 1,
      alerts: [{ name: 'ServiceDown', status: 'firing', startsAt: '', summary: '' }],
    },
  },
  { ...COMMON, kind: 'logs', data: { ...LOG, level: 'error', template: 'cannot reach <*>' } },
  { ...COMMON, kind: 'logs', data: { ...LOG, level: 'info', template: 'started in <*> ms' } },
  { ...COMMON, service: 'other', kind: 'logs', data: { ...LOG, level: 'error', template: 'not ours' } },
];

test('a failure is known by its error texts and its alerts, not by what is logged on any day or by others', () => {
  expect(signaturesOf(observed, 'orders')).toEqual(['log orders cannot reach <*>', 'alert orders ServiceDown']);
});

test('what a person knows better is said in words or field by field; a field that does not exist is refused', () => {
  expect(FeedbackCause.safeParse('the cache was cold').success).toBe(true);
  expect(FeedbackCause.safeParse({ class: 'dns', commit: null }).success).toBe(true);
  expect(FeedbackCause.safeParse({ culprit: 'me' }).success).toBe(false);
  expect(FeedbackCause.safeParse({ commit: 'HEAD; rm -rf /' }).success).toBe(false);
});
