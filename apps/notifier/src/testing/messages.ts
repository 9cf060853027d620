/** Messages for tests. */
import type { NotifyRequest, ReportCourse } from '@incident-agent/contracts/notify';
import type { Message } from '../ports.ts';

export const minimal = {
  service: 'checkout',
  alertname: 'Service5xxErrors',
  summary: 'checkout answers 5xx',
  analysis: 'Errors began with the last deploy.',
};

export const incident = {
  id: 'INC-147',
  url: 'https://incidents.example.com/incidents/INC-147?run=3FA9C21B',
  title: '38 % of requests fail',
  severity: 'critical',
  status: 'open, not mitigated',
  confidence: 0.87,
  started_at: '2026-11-12T10:42:10.000Z',
} as const satisfies NotifyRequest['incident'];

export const report = {
  verdict: { word: 'Likely', sentence: 'Commit `a41f9c2` likely broke GET /items. [E4, E5]', confidence: 0.87 },
  facts: [{ label: 'How bad', value: '38 % of requests', detail: 'about 2,740 failed so far [E1]' }],
  support: ['1,204 log lines of one new pattern. [E3]'],
  actions: ['Roll back to 5d07b3e: `git revert --no-edit a41f9c2`', 'Review https://git.example.com/pull/214.'],
  ruled_out: ['MongoDB is healthy. [E8]'],
  not_seen: ['[G1] Gateway logs: Loki timed out twice.'],
} satisfies NotifyRequest['report'];

export const course = {
  title: '5xx share of checkout rose from 0 % to 38 % [E1]',
  sentence: '5xx share of checkout, 10:37 to 10:48 UTC: 0 % before, 38 % since.',
  kind: 'quantity',
  from: '2026-11-12T10:37:00.000Z',
  to: '2026-11-12T10:48:00.000Z',
  values: [0, 0, null, 0.19, 0.38, 0.38],
  onset: '2026-11-12T10:42:10.000Z',
  highest: '38 %',
  last: '37 %',
} satisfies ReportCourse;

export const now = '2026-11-12T10:48:10.000Z';

export function message(changes: Partial<Message> = {}): Message {
  return { ...minimal, channel: 'email', kind: 'opened', idempotencyKey: 'INC-147/1', ...changes };
}
