/** An example with all that a report can have beside its analysis: a fix, a model's words, deliveries, cost, an end. */
import type { ModelSaid } from '../../apps/incident-agent-workflow/src/domain/model-said.ts';
import type { Remediation } from '../../apps/incident-agent-workflow/src/domain/proposal.ts';
import type { Report } from '../../apps/incident-agent-workflow/src/domain/report.ts';

const SAID: ModelSaid = {
  summary: { text: 'it fails', cites: ['E2'] },
  claims: [{ text: 'the log says so', cites: ['E3'] }],
  disagreements: [{ engine: 'one', model: 'another', decides: 'E5', cites: ['E3'] }],
  openQuestions: [{ text: 'is it the disk', cites: ['E3'], confidence: 0.6 }],
  edits: [{ path: 'src/items.ts', search: 'a.b', replace: 'a?.b' }],
  dropped: [],
  asked: 1,
  refused: 0,
};

const CHECK = { name: 'the failure', command: 'x', before: 'fails', after: 'passes', without: 'fails' };
const REMEDIATION: Remediation = {
  status: 'draft',
  reason: 'a draft is planned',
  proposal: {
    kind: 'revert',
    title: 'revert it',
    story: 'takes it back',
    recipe: { kind: 'revert', commit: 'a41f9c2' },
    files: [
      { path: 'src/a.ts', status: 'modified', addedLines: 1, removedLines: 2, patch: '@@ -1 +1 @@\n-«bad»\n+«good»\n' },
    ],
    proof: {
      state: 'proven',
      reason: 'it was made to happen',
      revision: 'a41f9c2d9be7b60514f3c2a1908d7e6f5c4b3a291',
      revisionFrom: 'registry',
      checks: [{ ...CHECK, milliseconds: 1_500 }],
      reproduction: { style: 'vitest', path: 'src/inc-1.test.ts', text: 'await total({})' },
      milliseconds: 1,
    },
    risks: ['takes back all'],
    undo: 'close it',
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
  refused: [{ what: 'another', because: 'it changes a lock file' }],
  operatorAction: 'restart it',
  runbook: 'restart',
};

export function withEverything(report: Report): Report {
  const one = { kind: 'opened', reportVersion: 1, sentAt: null } as const;
  const { incident, evidence, gaps, triage, repository } = report;
  return {
    ...report,
    incident: { ...incident, resolvedAt: report.generatedAt, alertCount: 30 },
    remediation: REMEDIATION,
    triage: triage && { ...triage, registered: false, said: SAID },
    deliveries: [
      { ...one, destination: 'email', state: 'sent', attempts: 1, sentAt: report.generatedAt, lastError: null },
      { ...one, destination: 'slack', state: 'failed', attempts: 4, lastError: 'no token' },
    ],
    modelCost: { calls: 4, promptTokens: 12_400, replyTokens: 1, usd: null },
    repository: repository && { ...repository, shallow: true },
    // More than is printed: what is left out is counted.
    evidence: [...evidence, ...evidence, ...evidence, ...evidence, ...evidence, ...evidence].map((item, index) => ({
      ...item,
      id: `E${index + 1}`,
    })),
    gaps: Array.from({ length: 12 }, (_unused, index) => ({ ...gaps[0], id: `G${index + 1}` })).filter(isWhole),
  };
}

function isWhole(gap: Partial<Report['gaps'][number]>): gap is Report['gaps'][number] {
  return gap.source !== undefined;
}
