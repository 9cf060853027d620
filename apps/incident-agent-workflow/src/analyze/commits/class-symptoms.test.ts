import { expect, test } from 'vitest';
import type { CommitEvidence } from '../../domain/commit-evidence.ts';
import { placeShare, withClasses } from './class-symptoms.ts';
import { commitOf, hunk, inputOf, replacing } from './commit.test-helper.ts';
import { rankCommits, type Suspect } from './rank.ts';
import { symptomsIn } from './symptoms.ts';

test('a class adds its symptoms, and takes no weight from one that was met', () => {
  const shown = symptomsIn([{ text: 'latency', weight: 0.9 }]);
  const weights = [...withClasses(shown, new Map([['timeout-latency', 0.4]]))].map(([{ name }, weight]) => [
    name,
    weight,
  ]);
  expect(Object.fromEntries(weights)).toEqual({ slowness: 0.9, deadline: 0.4 });
});

test.each([
  { says: 'no class', classes: [], share: 1 },
  { says: 'an error in the program', classes: [['code-error', 0.9]], share: 1 },
  { says: 'half a used-up pool', classes: [['pool-exhaustion', 0.5]], share: 0.7 },
  { says: 'a used-up pool', classes: [['pool-exhaustion', 1]], share: 0.4 },
] as const)('with $says the place of a failure keeps $share of its weight', ({ classes, share }) => {
  expect(placeShare(new Map(classes))).toBeCloseTo(share, 9);
});

test('of a used-up pool whoever cut it is suspect, not whoever waits for it', () => {
  const cut = commitOf(5, 'config/shop.ini', hunk('-pool_size = 8', '+pool_size = 1'));
  const waits = commitOf(6, 'src/a.ts', replacing(38, 'pool.take(3)', 'pool.take(4)'));
  const frames = [{ path: 'src/a.ts', line: 40, function: null, depth: 0 }];
  const first = (classes: ReadonlyMap<'pool-exhaustion', number>): Suspect | undefined =>
    rankCommits(inputOf([cut, waits], { frames, classes })).suspects[0];
  expect(first(new Map())?.commit).toBe(waits);
  expect(first(new Map([['pool-exhaustion', 0.9]]))).toMatchObject({
    commit: cut,
    isDirect: true,
    at: { path: 'config/shop.ini', line: 10 },
  });
});

test('what a change does counts for nothing where a bench leaves it out', () => {
  const cut = commitOf(5, 'config/shop.ini', hunk('-pool_size = 8', '+pool_size = 1'));
  const others = [6, 7].map((index) => commitOf(index, 'src/a.ts', replacing(38, 'one', 'two')));
  const classes = new Map([['pool-exhaustion', 0.9]] as const);
  const seen = (...without: readonly CommitEvidence[]): readonly string[] => {
    const { suspects } = rankCommits(inputOf([cut, ...others], { classes, without: new Set(without) }));
    return suspects.find(({ commit }) => commit === cut)?.features.map(({ name }) => name) ?? [];
  };
  expect(seen('time')).toContain('brings-about');
  expect(seen('time')).not.toContain('recency');
  expect(seen('changes')).toEqual(['service-match', 'churn', 'recency']);
});
