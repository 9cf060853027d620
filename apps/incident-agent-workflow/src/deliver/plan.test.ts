import { expect, test } from 'vitest';
import type { Report } from '../domain/report.ts';
import { exampleReport } from '../report/example-report.test-helper.ts';
import { planDrafts, planReport, planResolved } from './plan.ts';

const makeId = (): string => '11111111-1111-4111-8111-111111111111';

function withConfidence(report: Report, confidence: number, band: Report['verdict']['band']): Report {
  return { ...report, version: report.version + 1, verdict: { ...report.verdict, confidence, band } };
}

test('the first report of an incident is announced, keyed by its run so that two installations never share a key', () => {
  const report = exampleReport('code');
  const [delivery] = planReport(report, undefined, makeId);
  expect(delivery).toMatchObject({ destination: 'email', kind: 'opened', reportVersion: 1, runId: report.run.id });
  expect(delivery?.idempotencyKey).toBe(`${report.incident.id}.${report.run.pipelineId}.email.opened.v1`);
});

test.each([
  {
    says: 'a new version that says the same is not announced',
    later: (report: Report) => withConfidence(report, 0.81, report.verdict.band),
    kinds: [],
  },
  {
    says: 'a new confidence band is announced as an update',
    later: (report: Report) => withConfidence(report, 0.5, 'possible'),
    kinds: ['updated'],
  },
  {
    says: 'another cause is announced as an update',
    later: () => ({ ...exampleReport('dependency'), version: 2 }),
    kinds: ['updated'],
  },
])('$says', ({ later, kinds }) => {
  const first = exampleReport('code');
  expect(planReport(later(first), first, makeId).map(({ kind }) => kind)).toEqual(kinds);
});

test('the same version published again, as after a crash, plans nothing', () => {
  const report = exampleReport('code');
  expect(planReport(report, report, makeId)).toEqual([]);
});

test('only who was told that it broke is told that it is over', () => {
  const report = exampleReport('code');
  expect(planResolved(report, undefined, makeId)).toEqual([]);
  expect(planResolved(report, report, makeId)).toMatchObject([{ kind: 'resolved' }]);
});

const REMEDIATION = {
  status: 'draft' as const,
  reason: '',
  proposal: null,
  refused: [],
  operatorAction: null,
  runbook: null,
  draft: {
    forge: 'local',
    repository: 'file:///f',
    base: 'main',
    branch: 'incident/x',
    title: 't',
    body: 'b',
    marker: 'm',
    labels: [],
  },
};

test.each([
  { says: 'a fix with a draft is planned', remediation: REMEDIATION, earlier: undefined, cap: true, kinds: ['draft'] },
  { says: 'beyond the daily cap none is opened', remediation: REMEDIATION, earlier: undefined, cap: false, kinds: [] },
  {
    says: 'one that is open is brought up to date all the same',
    remediation: REMEDIATION,
    earlier: 'local',
    cap: false,
    kinds: ['draft'],
  },
  {
    says: 'a fix that no longer holds ends its draft',
    remediation: { ...REMEDIATION, draft: null },
    earlier: 'local',
    cap: true,
    kinds: ['draft-closed'],
  },
  {
    says: 'while no fix was looked for yet an earlier draft stays',
    remediation: undefined,
    earlier: 'local',
    cap: true,
    kinds: [],
  },
  {
    says: 'where there was none nothing is closed',
    remediation: { ...REMEDIATION, draft: null },
    earlier: undefined,
    cap: true,
    kinds: [],
  },
])('$says', ({ remediation, earlier, cap, kinds }) => {
  const report = { ...exampleReport('code'), ...(remediation ? { remediation } : {}) };
  expect(planDrafts(report, earlier, cap, makeId).map(({ kind, destination }) => [kind, destination])).toEqual(
    kinds.map((kind) => [kind, 'local']),
  );
});
