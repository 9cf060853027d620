/** Numbers stay, and a verdict moves by new evidence or not at all. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import { withAdded } from './added-evidence.ts';

const WINDOW = { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' };

function targets(id: string, service: string, title = `targets of ${service}`): Evidence {
  return {
    id,
    title,
    source: 'prometheus',
    query: service,
    window: WINDOW,
    digest: service,
    service,
    kind: 'targets',
    data: { targets: [] },
  };
}
function hypothesis(
  id: string,
  service: string,
  confidence: number,
  cites: string[],
  against: string[] = [],
): Hypothesis {
  return {
    id,
    cause: {
      kind: 'infrastructure',
      class: 'process-down',
      service,
      dependency: null,
      commit: null,
      file: null,
      line: null,
    },
    statement: { text: `${service} is down.`, cites },
    confidence,
    groups: ['direct state'],
    supporting: [{ text: `${service} does not answer.`, cites }],
    contradicting: against.length > 0 ? [{ text: `${service} answers.`, cites: against }] : [],
    wouldChange: ['Not seen, could change it: the log of a (G1)'],
    actions: [],
  };
}
function facts(evidence: Evidence[], hypotheses: Hypothesis[], more: Partial<Facts> = {}): Facts {
  return {
    service: 'a',
    registered: true,
    alertConfirmed: 'confirmed',
    alertCheck: { text: 'It is confirmed.', cites: ['E1'] },
    window: WINDOW,
    onset: null,
    repository: null,
    evidence,
    gaps: [{ id: 'G1', source: 'loki', query: '', reason: 'timeout', detail: 'late', unknown: 'the log of a' }],
    hypotheses,
    ruledOut: [],
    notChecked: [],
    timeline: [],
    ...more,
  };
}
const BEFORE = facts(
  [targets('E1', 'a'), targets('E2', 'b')],
  [hypothesis('H1', 'a', 0.7, ['E1']), hypothesis('H2', 'b', 0.5, ['E2'])],
);
/** The engine numbers anew: what is new may stand in front. */
const NEW_FIRST = [targets('E1', 'c'), targets('E2', 'a'), targets('E3', 'b')];

describe('after further questions', () => {
  test('the old keep their numbers wherever they stand, the new count on, citations follow', () => {
    const again = facts(NEW_FIRST, [hypothesis('H1', 'c', 0.8, ['E1']), hypothesis('H2', 'a', 0.4, ['E2'])]);
    const { facts: after, ids } = withAdded(BEFORE, again);
    expect(ids).toEqual(['E3']);
    expect(after.evidence.map(({ id, service }) => [id, service])).toEqual([
      ['E1', 'a'],
      ['E2', 'b'],
      ['E3', 'c'],
    ]);
    expect(after.hypotheses.map(({ cause, statement }) => [cause.service, statement.cites])).toEqual([
      ['c', ['E3']],
      ['a', ['E1']],
    ]);
  });

  test.each([
    {
      says: 'another cause that rests on what is new',
      first: hypothesis('H1', 'c', 0.8, ['E1']),
      verdict: 'c',
      confidence: 0.8,
    },
    {
      says: 'another cause that rests on what was there before',
      first: hypothesis('H1', 'b', 0.8, ['E3']),
      verdict: 'a',
      confidence: 0.7,
    },
    {
      says: 'the same cause, surer by what is new',
      first: hypothesis('H1', 'a', 0.9, ['E1', 'E2']),
      verdict: 'a',
      confidence: 0.9,
    },
    {
      says: 'the same cause, surer by nothing new',
      first: hypothesis('H1', 'a', 0.9, ['E2']),
      verdict: 'a',
      confidence: 0.7,
    },
  ])('$says', ({ first, verdict, confidence }) => {
    const { facts: after } = withAdded(BEFORE, facts(NEW_FIRST, [first]));
    expect(after.hypotheses[0]?.cause.service).toBe(verdict);
    expect(after.hypotheses[0]?.confidence).toBe(confidence);
    expect(after.evidence).toHaveLength(3);
  });

  test('the old first falls where what is new speaks against it', () => {
    const again = facts(NEW_FIRST, [hypothesis('H1', 'b', 0.6, ['E3']), hypothesis('H2', 'a', 0.2, ['E2'], ['E1'])]);
    expect(withAdded(BEFORE, again).facts.hypotheses[0]?.cause.service).toBe('b');
  });

  test('nothing new changes nothing, whatever the engine says now', () => {
    const again = facts([targets('E1', 'a'), targets('E2', 'b')], [hypothesis('H1', 'b', 0.9, ['E2'])]);
    expect(withAdded(BEFORE, again)).toEqual({ facts: BEFORE, ids: [] });
  });

  test('what the engine no longer shows was seen all the same; a title that knows more is taken', () => {
    const again = facts(
      [targets('E1', 'a', 'targets of a, none down'), targets('E2', 'c')],
      [hypothesis('H1', 'c', 0.8, ['E2'])],
    );
    const { facts: after } = withAdded(BEFORE, again);
    expect(after.evidence.map(({ id, title }) => [id, title])).toEqual([
      ['E1', 'targets of a, none down'],
      ['E2', 'targets of b'],
      ['E3', 'targets of c'],
    ]);
  });

  test('a gap that a sentence names by its number is named by its new one', () => {
    const other = {
      id: 'G1',
      source: 'git',
      query: '',
      reason: 'timeout' as const,
      detail: 'late',
      unknown: 'the code of c',
    };
    const own = { ...BEFORE.gaps[0]!, id: 'G2' };
    const first = { ...hypothesis('H1', 'c', 0.8, ['E1']), wouldChange: ['the log of a (G2)', 'the code of c (G1)'] };
    const { facts: after } = withAdded(BEFORE, facts(NEW_FIRST, [first], { gaps: [other, own] }));
    expect(after.gaps.map(({ id, source }) => [id, source])).toEqual([
      ['G1', 'loki'],
      ['G2', 'git'],
    ]);
    expect(after.hypotheses[0]?.wouldChange).toEqual(['the log of a (G1)', 'the code of c (G2)']);
  });
});
