import { expect, test } from 'vitest';
import { CaseFile, type ComparedCase, compare } from './comparison.ts';

function scored(index: number, rank: number | null, changes: Partial<ComparedCase> = {}): ComparedCase {
  return {
    id: `c-${index}`,
    template: `t${index % 5}`,
    milliseconds: 20,
    isRepeatable: true,
    engine: {
      score: { ranks: { class: rank, commit: rank }, confidence: 0.8, isRight: rank === 1, falselyBlamed: null },
      removal: null,
    },
    ...changes,
  };
}

/** `ranks[i]`: before and now of case i. */
function compared(...ranks: [number | null, number | null][]) {
  return compare(
    ranks.map(([before], index) => scored(index, before)),
    ranks.map(([, now], index) => scored(index, now)),
  );
}

function times(count: number, pair: [number | null, number | null]) {
  return Array.from({ length: count }, () => pair);
}

const WON: [number, number] = [2, 1];
const LOST: [number, null] = [1, null];
const SAME: [number, number] = [1, 1];

test('twelve won and three lost: p = .035, and nothing blocks', () => {
  const { firsts, blocks } = compared(...times(12, WON), ...times(3, LOST), ...times(20, SAME));
  expect(firsts[0]).toMatchObject({ name: 'class A@1', wins: 12, losses: 3 });
  expect(firsts[0]?.p).toBeCloseTo(0.035, 3);
  expect(blocks).toEqual([]);
});

test('five that differ are counted, not judged', () => {
  expect(compared(WON, WON, WON, WON, WON, SAME).firsts[0]).toMatchObject({ wins: 5, losses: 0, p: undefined });
});

test('an A@1 that is lower in every family blocks', () => {
  const { blocks, means } = compared(...times(15, LOST), ...times(15, SAME));
  expect(blocks).toEqual(['class A@1 is worse: at best by -0.500', 'commit A@1 is worse: at best by -0.500']);
  expect(means.map(({ name }) => name)).toEqual(['Brier score, lower by', 'class 1/rank', 'commit 1/rank']);
  for (const [index, change] of [-0.3, -0.5, -0.5].entries()) expect(means[index]?.change.mean).toBeCloseTo(change, 10);
});

test('p-values that are looked at together are corrected together', () => {
  const { corrected } = compared(...times(12, WON), ...times(3, LOST));
  const [first] = corrected;
  expect(corrected).toHaveLength(5);
  expect(first?.p).toBeGreaterThan(2 * 0.035);
});

test.each([
  {
    says: 'a commit newly blamed',
    now: { engine: { score: null, removal: { falselyBlamed: { commit: 'b'.repeat(40), confidence: 0.7 } } } },
    block: 'c-0: bbbbbbbb is newly blamed, falsely',
  },
  { says: 'a replay that differs', now: { isRepeatable: false }, block: 'c-0: two replays differ' },
  { says: 'a slow analysis', now: { milliseconds: 1_200 }, block: 'the p95 of the analysis is 1200 ms' },
])('$says blocks', ({ now, block }) => {
  expect(compare([scored(0, 1)], [scored(0, 1, now)]).blocks).toEqual([block]);
});

test('cases that only one result has are counted and left out', () => {
  const comparison = compare([scored(0, 1), scored(1, 1)], [scored(1, 1), scored(2, 1), scored(3, 1)]);
  expect(comparison).toMatchObject({ common: 1, onlyBefore: 1, onlyNow: 2 });
});

test('what is kept in a file is read back', () => {
  const file = { schema: 'incident-scores/1', cases: [scored(0, 1)] };
  expect(CaseFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
});
