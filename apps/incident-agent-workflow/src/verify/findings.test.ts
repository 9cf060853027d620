import { describe, expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Findings } from '../domain/finding.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import { verifyFacts, verifyFindings } from './findings.ts';

const WINDOW = { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' };
const PROBE: Evidence = {
  id: 'E1',
  title: 'The health address of items-api answered 503 at 10:00:00',
  source: 'health',
  query: '',
  window: WINDOW,
  digest: 'd',
  service: 'items-api',
  kind: 'probe',
  data: {
    of: 'health',
    url: 'http://localhost:9000/health',
    at: '2026-03-02T10:00:00.000Z',
    httpStatus: 503,
    detail: '',
    durationMilliseconds: 12,
    body: '',
  },
};
const TRUE_CLAIM = { text: 'The health address answered 503.', cites: ['E1'] };
const LIE = { text: 'The health address answered 200.', cites: ['E1'] };

function hypothesis(text: string, confidence: number): Hypothesis {
  return {
    id: 'H1',
    cause: { kind: 'code', class: null, service: 'items-api', dependency: null, commit: null, file: null, line: null },
    statement: { text, cites: ['E1'] },
    confidence,
    groups: ['direct state'],
    supporting: [TRUE_CLAIM, LIE],
    contradicting: [],
    wouldChange: [],
    actions: [],
  };
}

function facts(hypotheses: Hypothesis[]): Facts {
  return {
    service: 'items-api',
    registered: true,
    alertConfirmed: 'confirmed',
    alertCheck: TRUE_CLAIM,
    window: WINDOW,
    onset: null,
    repository: null,
    evidence: [PROBE],
    gaps: [],
    hypotheses,
    ruledOut: [
      { what: 'the network', because: TRUE_CLAIM },
      { what: 'the moon', because: LIE },
    ],
    notChecked: [],
    timeline: [
      { at: WINDOW.to, kind: 'probe', ...TRUE_CLAIM },
      { at: WINDOW.to, kind: 'probe', ...LIE },
    ],
  };
}

describe('facts', () => {
  test('lies are taken out of support, exclusions and timeline, and listed', () => {
    const { facts: kept, checked } = verifyFacts(facts([hypothesis('It answers 503.', 0.8)]), []);
    expect(kept.hypotheses[0]?.supporting).toEqual([TRUE_CLAIM]);
    expect(kept.ruledOut.map(({ what }) => what)).toEqual(['the network']);
    expect(kept.timeline).toHaveLength(1);
    expect(checked.filter(({ result }) => result !== 'supported')).toEqual([
      { ...LIE, result: 'contradicted', reason: expect.any(String) },
    ]);
  });

  test('a hypothesis goes with its statement', () => {
    expect(verifyFacts(facts([hypothesis('It answers 200.', 0.8)]), []).facts.hypotheses).toEqual([]);
  });

  test('an alert check that lies is replaced, not shown', () => {
    const { facts: kept } = verifyFacts({ ...facts([]), alertCheck: LIE }, []);
    expect(kept.alertCheck.text).not.toContain('200');
  });

  test.each([
    { text: 'It broke items-api.', confidence: 0.65, stands: false },
    { text: 'It broke items-api.', confidence: 0.66, stands: true },
    { text: 'It caused errors.', confidence: 0.5, stands: false },
    { text: 'It coincides with errors.', confidence: 0.5, stands: true },
    {
      text: 'items-api says “The health address of items-api answered 503 at 10:00:00”.',
      confidence: 0.1,
      stands: true,
    },
  ])('"$text" at $confidence stands: $stands', ({ text, confidence, stands }) => {
    expect(verifyFacts(facts([hypothesis(text, confidence)]), []).facts.hypotheses).toHaveLength(stands ? 1 : 0);
  });
});

describe('findings', () => {
  const findings: Findings = {
    quick: { claims: [TRUE_CLAIM, LIE], checkFirst: ['look'] },
    route: { route: 'full', reason: 'because' },
    code: {
      locations: [
        { path: 'a.ts', line: 1, function: null, cite: 'E1' },
        { path: 'b.ts', line: 1, function: null, cite: 'E9' },
      ],
      rootCause: { status: 'located', path: 'a.ts', line: 1, commit: null, why: LIE },
      affectedCode: [],
      fix: { kind: 'revert', commit: 'abc', text: 'Revert it', commands: ['git revert abc'], risk: '' },
      nextSteps: [],
    },
  };

  test('a lie is gone and what nobody questioned stays', () => {
    const { findings: kept, refused } = verifyFindings(findings, facts([]), []);
    expect(kept.quick).toEqual({ claims: [TRUE_CLAIM], checkFirst: ['look'] });
    expect(kept.route).toEqual(findings.route);
    expect(refused.map(({ text }) => text)).toEqual([LIE.text]);
  });

  test('a root cause whose reason is a lie is undetermined, and its fix is gone', () => {
    const { findings: kept } = verifyFindings(findings, facts([]), []);
    expect(kept.code?.rootCause).toEqual({ status: 'undetermined', alternatives: [] });
    expect(kept.code?.fix).toMatchObject({ kind: 'none', commands: [] });
    expect(kept.code?.locations.map(({ path }) => path)).toEqual(['a.ts']);
  });

  test('findings that are not there yet stay away', () => {
    expect(verifyFindings({}, facts([]), [])).toEqual({ findings: {}, checked: [], refused: [] });
  });

  test('the investigation loses the sentence of a hypothesis that does not stand', () => {
    const wrong = hypothesis('It answers 200.', 0.8);
    const investigation = {
      order: [],
      health: LIE,
      stackTrace: null,
      request: null,
      logEvidence: [],
      affected: [],
      hypothesis: wrong.statement.text,
      confidence: 0.8,
      ruledOut: [],
      filesToCheck: [],
      claims: [TRUE_CLAIM],
    };
    const { findings: kept } = verifyFindings({ investigation }, facts([wrong]), []);
    expect(kept.investigation).toMatchObject({ hypothesis: null, health: null, claims: [TRUE_CLAIM] });
  });
});
