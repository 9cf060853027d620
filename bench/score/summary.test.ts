import { expect, test } from 'vitest';
import type { RemovalResult } from './case-result.ts';
import { scoreCase } from './levels.ts';
import type { Prediction } from './prediction.ts';
import { candidate, diskLabel, INNOCENT, labelOf, said } from './score.test-helper.ts';
import { groupRows, type Labelled, summarise } from './summary.ts';

const QUIET: RemovalResult = { prediction: said(), falselyBlamed: null };
const BLAMING: RemovalResult = { prediction: said(), falselyBlamed: { commit: INNOCENT, confidence: 0.8 } };

function coded(prediction: Prediction, removal: RemovalResult = QUIET): Labelled {
  return { label: labelOf(), score: scoreCase(prediction, labelOf()), removal };
}
function disk(prediction: Prediction): Labelled {
  return { label: diskLabel(), score: scoreCase(prediction, diskLabel()), removal: null };
}

const full = candidate({ class: 'disk-full', kind: 'infrastructure', commit: null, file: null, line: null });
const CASES: readonly Labelled[] = [
  coded(said(candidate())),
  coded(said(candidate({ commit: INNOCENT }), candidate({ confidence: 0.5 })), BLAMING),
  coded(said(candidate({ confidence: 0.3 })), { failure: 'no repository' }),
  disk(said(full)),
  disk(said(candidate({ commit: INNOCENT }))),
];

test('counts by hand: three of code, two of a full disk', () => {
  const summary = summarise(CASES);
  expect(summary.levels.class.first).toEqual({ hits: 4, of: 5 });
  expect(summary.levels.commit).toEqual({
    first: { hits: 2, of: 3 },
    third: { hits: 3, of: 3 },
    reciprocalRank: 2.5 / 3,
  });
  expect(summary.noneRight).toEqual({ hits: 1, of: 2 });
  expect(summary.wrongCommit).toEqual({ hits: 1, of: 3 });
  expect(summary.abstained).toEqual({ hits: 1, of: 5 });
  expect(summary.rightWhenAnswered).toEqual({ hits: 2, of: 4 });
});

test('false blame counts the innocent cases and the replays without the culprit, as far as they could be made', () => {
  const { falseBlame, notRemoved } = summarise(CASES);
  expect(falseBlame).toEqual({ hits: 2, of: 4 });
  expect(notRemoved).toBe(1);
});

test('without cases there is nothing to count, and nothing throws', () => {
  expect(summarise([])).toMatchObject({ count: 0, consistency: undefined, falseBlame: { hits: 0, of: 0 } });
});

test('groups are told apart by name', () => {
  const rows = groupRows(CASES, ({ label }) => [label.kind, 'every']);
  expect(rows.map(({ name, count, commit, falseBlames }) => [name, count, commit.of, falseBlames])).toEqual([
    ['code', 3, 3, 1],
    ['every', 5, 3, 2],
    ['infrastructure', 2, 0, 1],
  ]);
});
