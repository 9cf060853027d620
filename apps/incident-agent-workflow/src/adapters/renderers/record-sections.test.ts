import { expect, test } from 'vitest';
import type { Remediation } from '../../domain/proposal.ts';
import type { Report } from '../../domain/report.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { fixSection } from './fix-section.ts';
import { aboutRows, deliveryRows, impactRows, similarRows } from './record-sections.ts';
import type { Row } from './rows.ts';

function texts(rows: readonly Row[]): string[] {
  return rows.flatMap(({ label, claims }) => claims.map(({ text }) => `${label}: ${text}`));
}

test.each([
  {
    says: 'a short peak is not hidden by the middle',
    change: {
      family: 'latency',
      metric: 'http_request_duration_seconds',
      unit: 's',
      before: 0.0004,
      since: 0.0005,
      worst: 0.121,
    },
    row: ['Mean time per request of checkout', '0.4 ms', 'up to 121 ms'],
  },
  {
    says: 'a state that was lost for a while is not "up"',
    change: { family: 'availability', metric: 'up', unit: '1', before: 1, since: 1, worst: 0 },
    row: ['up of checkout', 'up', 'down at times'],
  },
  {
    says: 'what is counted has no percent, and is called as the metric is',
    change: { family: 'saturation', metric: 'process_open_fds', unit: '1', before: 35, since: 81, worst: 85 },
    row: ['process_open_fds of checkout', '35', '81'],
  },
  {
    says: 'the lag of an event loop is not the time of a request',
    change: {
      family: 'latency',
      metric: 'nodejs_eventloop_lag_p99_seconds',
      unit: 's',
      before: 0.0158,
      since: 0.048,
      worst: null,
    },
    row: ['nodejs_eventloop_lag_p99_seconds of checkout', '15.8 ms', '48 ms'],
  },
] as const)('of the impact, $says', ({ change, row }) => {
  const figure = { service: 'checkout', last: null, onset: null, cite: 'E1', ...change };
  const [first = []] = impactRows({ ...exampleReport('code'), impact: [figure] });
  expect(first.slice(0, 3).map(({ text }) => text)).toEqual(row);
});

test('the impact is told in figures, before and since, each with its evidence', () => {
  const [first] = impactRows(exampleReport('code'));
  expect(first?.map(({ text }) => text)).toEqual([
    'Share of failing requests of mongo-api-service',
    '0 %',
    '38 %',
    '38 %',
    '10:42:10',
  ]);
  expect(first?.[0]?.cites).toEqual(['E2']);
  expect(
    impactRows(exampleReport('dependency'))[0]
      ?.map(({ text }) => text)
      .slice(1, 4),
  ).toEqual(['up', 'down', 'down']);
});

test('deliveries tell what arrived, and why something did not', () => {
  const common = { kind: 'opened', reportVersion: 1 } as const;
  const deliveries: Report['deliveries'] = [
    {
      ...common,
      destination: 'email',
      state: 'sent',
      attempts: 1,
      sentAt: '2026-11-12T10:45:04.000Z',
      lastError: null,
    },
    { ...common, destination: 'slack', state: 'failed', attempts: 4, sentAt: null, lastError: 'no token' },
  ];
  expect(texts(deliveryRows({ ...exampleReport('code'), deliveries }))).toEqual([
    'email: first report, version 1: sent 12 Nov 2026 10:45:04 UTC',
    'slack: first report, version 1: not sent after 4 tries: no token',
  ]);
  expect(deliveryRows(exampleReport('code'))).toEqual([]);
});

test.each([
  { says: 'no model was asked', cost: undefined, words: 'Cost: $0.00: no model was asked' },
  {
    says: 'the price is known',
    cost: { calls: 4, promptTokens: 12_400, replyTokens: 1, usd: 0.0312 },
    words: 'Cost: $0.03: 4 calls, 12,400 tokens read, 1 written',
  },
  {
    says: 'the price is not known',
    cost: { calls: 1, promptTokens: 1, replyTokens: 1, usd: null },
    words: 'Cost: price not known: 1 call, 1 tokens read, 1 written',
  },
])('what it cost is said where $says', ({ cost, words }) => {
  expect(texts(aboutRows({ ...exampleReport('code'), ...(cost && { modelCost: cost }) }))).toContain(words);
});

test('how long it took is told from the instants of the report', () => {
  expect(texts(aboutRows(exampleReport('code'))).join('\n')).toContain('written 32 s after it was opened, 1 s after');
});

test('an earlier incident is told with its cause, its end and what people said of its report', () => {
  const report = exampleReport('code');
  const [alert] = report.evidence;
  if (!alert) throw new Error('the example has evidence');
  const earlier = {
    id: 'INC-12',
    title: 'again',
    openedAt: '2026-10-01T08:00:00.000Z',
    resolvedAt: null,
    statement: 'Commit a1b2c3d likely broke it.',
    cause: null,
    ending: 'rolled back',
    feedback: { pipelineId: '3FA9C21B', verdict: 'right', at: '2026-10-02T08:00:00.000Z' } as const,
    matched: [],
  };
  const { data: _, kind: __, ...common } = alert;
  const data = { sameBy: 'trace' as const, incidents: [earlier], days: 42 };
  const rows = similarRows({ ...report, evidence: [{ ...common, id: 'E50', kind: 'memory', data }] });
  expect(rows.map((cells) => cells.map(({ text }) => text))).toEqual([
    [
      'INC-12, 1 Oct 2026',
      'Commit a1b2c3d likely broke it. (the same stack trace)',
      'rolled back; its report was right',
    ],
  ]);
});

const NOTHING: Remediation = {
  status: 'none',
  reason: 'the cause is not a change',
  proposal: null,
  draft: null,
  refused: [{ what: 'revert of a1b2c3d', because: 'it conflicts' }],
  operatorAction: 'restart it',
  runbook: 'https://runbooks.test/x',
};

test('where there is no fix, the reason and what to do instead are told', () => {
  expect(fixSection(exampleReport('code'))).toBeNull();
  const section = fixSection({ ...exampleReport('code'), remediation: NOTHING });
  expect(section?.state).toBeNull();
  expect(texts(section?.rows ?? [])).toEqual([
    'No fix is proposed: the cause is not a change',
    'Instead: restart it',
    'Runbook: https://runbooks.test/x',
    'Not taken: revert of a1b2c3d: it conflicts',
  ]);
});

test('a fix is told with how it was tried at all three states of the code', () => {
  const remediation: Remediation = {
    ...NOTHING,
    status: 'shown',
    reason: 'no draft is opened',
    proposal: {
      kind: 'revert',
      title: 'Revert a1b2c3d',
      story: 'Takes it back.',
      recipe: { kind: 'revert', commit: 'a1b2c3d' },
      files: [
        { path: 'a.ts', status: 'modified', addedLines: 2, removedLines: 1, patch: '@@ -1 +1,2 @@\n-a\n+b\n+c\n' },
      ],
      proof: {
        state: 'proven',
        reason: 'it failed, and does not any more.',
        revision: 'a1b2c3d4e5',
        revisionFrom: 'head',
        checks: [{ name: 'test', command: 't', before: 'fails', after: 'passes', without: null, milliseconds: 1_500 }],
        reproduction: { style: 'script', path: 'a.test.ts', text: 'call()\n' },
        milliseconds: 1_500,
      },
      risks: ['takes back more'],
      undo: 'Close it.',
    },
  };
  const section = fixSection({ ...exampleReport('code'), remediation });
  expect(section).toMatchObject({ state: 'proven', title: 'Revert a1b2c3d', size: 'Revert, 1 file, +2 −1' });
  expect(section?.checks).toEqual([['test', 'fails', 'passes', '–', '2 s']]);
  expect(texts(section?.rows ?? [])).toContain('Proof: Proven: it failed, and does not any more.');
  expect(texts(section?.rows ?? [])).toContain('No draft: no draft is opened');
});
