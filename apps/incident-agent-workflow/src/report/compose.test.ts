import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts } from '../domain/facts.ts';
import { Report } from '../domain/report.ts';
import { composeReport } from './compose.ts';
import { CASES, exampleComposition, exampleReport } from './example-report.test-helper.ts';

test.each(CASES)('the report of the case %s fits its schema and survives JSON unchanged', (name) => {
  const report = exampleReport(name);
  expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test.each(CASES)('the same input gives the same bytes (%s)', (name) => {
  expect(JSON.stringify(exampleReport(name))).toBe(JSON.stringify(exampleReport(name)));
});

test.each([
  { name: 'code', status: 'established', band: 'likely', confidence: 0.87 },
  { name: 'dependency', status: 'established', band: 'very-likely', confidence: 0.9 },
  { name: 'not-confirmed', status: 'not-confirmed', band: 'not-established', confidence: null },
  { name: 'unknown', status: 'unknown', band: 'not-established', confidence: null },
] as const)('the verdict of the case $name is $status', ({ name, ...expected }) => {
  expect(exampleReport(name).verdict).toMatchObject(expected);
});

function verdictWith(change: Partial<Facts>): Report['verdict'] {
  const composition = exampleComposition('code');
  return composeReport({ ...composition, facts: { ...composition.facts, ...change } }).verdict;
}
function atConfidence(confidence: number): Facts['hypotheses'] {
  const [first] = exampleComposition('code').facts.hypotheses;
  return [{ ...first!, confidence }];
}

test.each([
  {
    says: 'just below the abstain level no cause is named',
    change: { hypotheses: atConfidence(0.399) },
    status: 'unknown',
    cause: null,
  },
  {
    says: 'at the abstain level it is',
    change: { hypotheses: atConfidence(0.4) },
    status: 'established',
    cause: 'code',
  },
  { says: 'without hypotheses the cause is unknown', change: { hypotheses: [] }, status: 'unknown', cause: null },
  {
    says: 'a contradicted alert outweighs a cause that is only possible',
    change: { alertConfirmed: 'not-confirmed' as const, hypotheses: atConfidence(0.5) },
    status: 'not-confirmed',
    cause: null,
  },
  {
    says: 'a cause that is likely stands, although the alert speaks of something else',
    change: { alertConfirmed: 'not-confirmed' as const },
    status: 'established',
    cause: 'code',
  },
])('$says', ({ change, status, cause }) => {
  const verdict = verdictWith(change);
  expect(verdict.status).toBe(status);
  expect(verdict.cause?.kind ?? null).toBe(cause);
});

test('the statement of an established cause is the hypothesis, letter by letter', () => {
  const { facts } = exampleComposition('code');
  expect(exampleReport('code').verdict.statement).toEqual(facts.hypotheses[0]?.statement);
});

test('a support that cites nothing that exists is left out, and at most four are kept', () => {
  const [first] = exampleComposition('code').facts.hypotheses;
  const supporting = [
    { text: 'invented', cites: ['E99'] },
    { text: 'bare', cites: [] },
    ...first!.supporting,
    ...first!.supporting,
  ];
  const verdict = verdictWith({ hypotheses: [{ ...first!, supporting }] });
  expect(verdict.support).toHaveLength(4);
  expect(verdict.support.map(({ text }) => text)).not.toContain('invented');
});

test('every chip leads to evidence or a gap of the report, whatever the facts cite', () => {
  const id = fc.constantFrom('E1', 'E2', 'E9', 'G1', 'G7', 'E404');
  fc.assert(
    fc.property(fc.array(id), fc.constantFrom(...CASES), (cites, name) => {
      const composition = exampleComposition(name);
      const facts: Facts = {
        ...composition.facts,
        timeline: composition.facts.timeline.map((entry) => ({ ...entry, cites })),
        notChecked: [{ what: 'x', because: 'y', cites }],
        alertCheck: { text: 'The alert holds.', cites },
        hypotheses: composition.facts.hypotheses.map((item) => ({ ...item, statement: { text: 'A cause.', cites } })),
      };
      const report = composeReport({ ...composition, facts });
      const known = new Set([...report.evidence, ...report.gaps].map((item) => item.id));
      const used = [
        ...report.verdict.statement.cites,
        ...report.verdict.support.flatMap((claim) => claim.cites),
        ...report.keyFacts.flatMap((fact) => fact.cites),
        ...report.timeline.flatMap((entry) => entry.cites),
        ...report.notChecked.flatMap((item) => item.cites),
      ];
      expect(used.filter((cite) => !known.has(cite))).toEqual([]);
    }),
  );
});

test('the head has at most four cells, the first of them since when', () => {
  for (const name of CASES) {
    const { keyFacts } = exampleReport(name);
    expect(keyFacts.length).toBeLessThanOrEqual(4);
    expect(keyFacts[0]?.label).toBe('Since');
    expect(keyFacts.filter(({ cites }) => cites.length === 0)).toEqual([]);
  }
});

test('the head says how bad it is in figures, and where', () => {
  expect(exampleReport('code').keyFacts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Since: 10:42:10 UTC · 2 min before the first alert',
    'How bad: 38 % of requests fail · before: 0 %',
    'Where: GET /items/ · answered 500',
    'Alert: Service5xxErrors · confirmed',
  ]);
});

test('the operator step comes first and the same command is not recommended twice', () => {
  const { actions } = exampleReport('code');
  expect(actions[0]).toContain('git revert');
  expect(actions.filter((action) => action.includes('git revert'))).toHaveLength(1);
});

test('without a known cause nothing is recommended but to look', () => {
  const findings = {
    ...exampleComposition('unknown').findings,
    ...exampleComposition('code').findings,
    quick: exampleComposition('unknown').findings.quick!,
  };
  const { actions } = composeReport({ ...exampleComposition('unknown'), findings });
  expect(actions.join(' ')).not.toMatch(/revert|roll back/i);
  expect(actions[0]).toBe('The first error lines at 10:42:10');
});

test('claims that did not survive the check are listed and counted, and nowhere else', () => {
  const report = exampleReport('code');
  expect(report.claimCounts).toEqual({ supported: 4, refused: 1 });
  expect(JSON.stringify({ ...report, refusedClaims: [] })).not.toContain('Latency doubled');
});

test('events of one instant are in the order of cause and effect, and said once', () => {
  const composition = exampleComposition('code');
  const at = '2026-11-12T10:42:10.000Z';
  const twice = [
    { at, kind: 'alert' as const, text: 'fires', cites: ['E1'] },
    { at, kind: 'deploy' as const, text: 'deployed', cites: ['E6'] },
    { at, kind: 'deploy' as const, text: 'deployed', cites: ['E7'] },
  ];
  const { timeline } = composeReport({
    ...composition,
    facts: { ...composition.facts, timeline: twice },
    findings: {},
  });
  expect(timeline.slice(0, 2)).toEqual([
    { at, kind: 'deploy', text: 'deployed', cites: ['E6', 'E7'] },
    { at, kind: 'alert', text: 'fires', cites: ['E1'] },
  ]);
});

test('a long timeline keeps its turning points', () => {
  const composition = exampleComposition('code');
  const lines = Array.from({ length: 500 }, (_unused, index) => ({
    at: `2026-11-12T10:43:${String(index % 60).padStart(2, '0')}.000Z`,
    kind: 'log' as const,
    text: `line ${index}`,
    cites: [],
  }));
  const facts = { ...composition.facts, timeline: [...composition.facts.timeline, ...lines] };
  const { timeline } = composeReport({ ...composition, facts });
  expect(timeline).toHaveLength(40);
  expect(timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['onset', 'commit', 'agent']));
});
