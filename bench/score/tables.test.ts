import { expect, test } from 'vitest';
import type { CaseResult } from './case-result.ts';
import { scoreCase } from './levels.ts';
import type { Prediction } from './prediction.ts';
import { candidate, INNOCENT, labelOf, said } from './score.test-helper.ts';
import { summarise } from './summary.ts';
import { intervalLine, leftOutLines, missLines, share, summaryTable, table } from './tables.ts';

function scored(id: string, prediction: Prediction, changes: Partial<CaseResult> = {}): CaseResult {
  const label = labelOf();
  return {
    id,
    part: 'test',
    label,
    template: 'rounding',
    language: 'typescript',
    engine: { prediction, score: scoreCase(prediction, label), removal: null },
    raw: [],
    dummies: {},
    milliseconds: 10,
    analysisMilliseconds: 5,
    digest: 'd',
    isRepeatable: true,
    ...changes,
  };
}

test('names to the left, numbers to the right', () => {
  expect(
    table([
      ['', 'a'],
      ['longer', '1'],
      ['b', '1.00'],
    ]),
  ).toEqual(['           a', 'longer     1', 'b       1.00']);
});

test.each([
  { hits: 5, of: 6, words: '.83 (5/6)' },
  { hits: 6, of: 6, words: '1.00 (6/6)' },
  { hits: 0, of: 0, words: '–' },
])('$hits of $of is told as $words', ({ hits, of, words }) => {
  expect(share({ hits, of })).toBe(words);
});

test('a miss is told with what is true and what was said; a hit is not told', () => {
  const lines = missLines([
    scored('c-0001', said(candidate())),
    scored('c-0002', said(candidate({ commit: INNOCENT, line: 90 }), candidate({ confidence: 0.5 }))),
  ]);
  expect(lines).toEqual([
    'c-0002 (test, rounding): commit at 2, line at 2, blames bbbbbbbb falsely',
    '  true  code-error in orders, commit aaaaaaaa src/price.ts:40',
    '  said  established',
    '        .80 code-error in orders, commit bbbbbbbb src/price.ts:90',
    '        .50 code-error in orders, commit aaaaaaaa src/price.ts:40',
  ]);
});

test('a right answer that blames somebody once the culprit is gone is a miss', () => {
  const right = said(candidate());
  const removal = { prediction: right, falselyBlamed: { commit: INNOCENT, confidence: 0.7 } };
  const one = scored('c-0001', right);
  expect(missLines([{ ...one, engine: { ...one.engine, removal } }])[0]).toContain(
    'without the culprit blames bbbbbbbb at .70',
  );
});

test('what was left out is named with its reason', () => {
  const failure = { failure: 'commit x is the oldest one there is' };
  const one = scored('c-0003', said(candidate()));
  const lines = leftOutLines(
    [scored('mine', said(candidate()), { label: null }), { ...one, engine: { ...one.engine, removal: failure } }],
    [{ file: 'torn.tar.gz', reason: 'not readable: it is no .tar.gz' }],
  );
  expect(lines).toEqual([
    'torn.tar.gz: not readable: it is no .tar.gz',
    'mine: no label, replayed only: established, .80 code-error in orders, commit aaaaaaaa src/price.ts:40',
    'c-0003: its guilty commit could not be removed: commit x is the oldest one there is',
  ]);
});

test('the engine stands beside the dummies, and few cases are told as few', () => {
  const label = labelOf();
  const summary = summarise([{ label, score: scoreCase(said(candidate()), label), removal: null }]);
  const lines = summaryTable([
    { name: 'engine', summary },
    { name: 'random', summary },
  ]);
  expect(lines[0]?.trim().split(/\s+/)).toEqual(['engine', 'random']);
  expect(lines.find((line) => line.startsWith('commit A@1'))).toContain('1.00 (1/1)  1.00 (1/1)');
  expect(intervalLine(summary)).toContain('commit A@1 .21 … 1.00');
});
