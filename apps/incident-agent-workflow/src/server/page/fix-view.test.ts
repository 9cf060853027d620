import { expect, test } from 'vitest';
import { markdownRenderer } from '../../adapters/renderers/markdown.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Remediation } from '../../domain/proposal.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { fixCard } from './fix-view.ts';

const HOSTILE = '<script>alert(1)</script>';
const CHECK = {
  name: 'the failure, as a vitest test',
  command: 'x',
  before: 'fails as in the incident (3 of 3)',
  after: 'passes (3 of 3)',
  without: 'fails as in the incident (3 of 3)',
  milliseconds: 1_500,
};
const REMEDIATION: Remediation = {
  status: 'draft',
  reason: 'a draft is planned',
  proposal: {
    kind: 'revert',
    title: `Revert abc ${HOSTILE}`,
    story: 'Takes back abc.',
    recipe: { kind: 'revert', commit: 'abc' },
    files: [
      {
        path: 'src/a.ts',
        status: 'modified',
        addedLines: 1,
        removedLines: 2,
        patch: `@@ -1 +1 @@\n-${HOSTILE}\n+good\n`,
      },
    ],
    proof: {
      state: 'proven',
      reason: 'the failure was made to happen',
      revision: 'abc',
      revisionFrom: 'registry',
      checks: [CHECK],
      reproduction: { style: 'vitest', path: 'src/inc-1.test.ts', text: 'await total({})' },
      milliseconds: 1,
    },
    risks: ['It takes back all.'],
    undo: 'Close the draft.',
  },
  draft: {
    forge: 'github',
    repository: 'github:shop/api',
    base: 'main',
    branch: 'incident/inc-1-x',
    title: 't',
    body: 'b',
    marker: 'm',
    labels: [],
  },
  refused: [{ what: 'Another', because: 'it changes a lock file' }],
  operatorAction: null,
  runbook: null,
};
const report = { ...exampleReport('code'), remediation: REMEDIATION };

function delivery(change: Partial<Delivery>): Delivery {
  const times = { plannedAt: '', nextAttemptAt: '', sentAt: null };
  return {
    id: '1',
    incidentId: 'INC-1',
    runId: 'r',
    destination: 'github',
    kind: 'draft',
    reportVersion: 2,
    idempotencyKey: 'k',
    state: 'planned',
    attempts: 0,
    receipt: null,
    lastError: null,
    ...times,
    ...change,
  };
}

test('the card tells fix, proof, draft and what was refused, and nothing in it is markup', () => {
  const url = 'https://github.com/shop/api/pull/1';
  const { text } = fixCard(report, [
    delivery({ state: 'sent', receipt: { state: 'opened', branch: 'incident/inc-1-x', url } }),
  ]);
  for (const said of [
    'Proof: proven',
    'fails as in the incident (3 of 3)',
    `href="${url}"`,
    'opened',
    'it changes a lock file',
    '+ good',
  ])
    expect(text).toContain(said);
  expect(text).not.toContain('<script>');
});

test.each([
  {
    says: 'one that was refused says why',
    one: delivery({ state: 'failed', lastError: 'the repository is archived' }),
    text: 'failed, the repository is archived',
  },
  { says: 'one that waits says so', one: undefined, text: 'planned' },
])('$says', ({ one, text }) => {
  expect(fixCard(report, one ? [one] : []).text).toContain(text);
});

test('before a fix was looked for the agents’ suggestion stands', () => {
  expect(fixCard(exampleReport('code'), []).text).toContain(exampleReport('code').code?.fix.commands[0]);
});

test('Markdown, and with it Word and paper, tell the same', async () => {
  const text = Buffer.from(await markdownRenderer().render(report)).toString('utf8');
  for (const said of [
    'Proof: Proven: the failure was made to happen',
    'passes (3 of 3)',
    'incident/inc-1-x',
    'await total({})',
  ])
    expect(text.replaceAll('\\', '')).toContain(said);
});
