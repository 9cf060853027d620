import { expect, test } from 'vitest';
import { commitOf, ONSET, replacing } from './commit.test-helper.ts';
import { type Exposure, exposuresOf } from './exposure.ts';
import type { Rollout, RolloutScene } from './rollout.ts';

/** One hour, two days, ten days, and twelve days before the onset; the last one has added its whole file. */
const HOURS = [1, 48, 240, 288];
const COMMITS = HOURS.map((hours, index) =>
  commitOf(hours, `src/${index}.ts`, replacing(1, 'a', 'b'), index === 3 ? { status: 'added' } : {}),
);
const [lastHour, daysAgo, weekAgo, first] = COMMITS.map(({ hash }) => hash);
const minutesBefore = (minutes: number) => new Date(Date.parse(ONSET) - minutes * 60_000).toISOString();

function exposures(more: Partial<RolloutScene> = {}): Record<string, Exposure | undefined> {
  const deploys = { deployedAt: undefined, previousAt: undefined, previousRevision: undefined };
  const all = exposuresOf(COMMITS, { onset: ONSET, deploys, rollouts: [], isSlow: false, ...more });
  return Object.fromEntries(all);
}
function deploy(minutes: number, revision = lastHour, previousRevision = weekAgo, service = 'api'): Rollout {
  return { at: minutesBefore(minutes), kind: 'deploy', service, revision, previousRevision, name: 'v1' };
}

test('where no deploy is known, three days count as shortly before', () => {
  const seen = exposures();
  expect(COMMITS.map(({ hash }) => seen[hash]?.isRecent)).toEqual([true, true, false, false]);
  expect(COMMITS.map(({ hash }) => seen[hash]?.alreadyRan)).toEqual([0, 0, 0, 0]);
});

test('of an old commit that holds the failing line half of the likeness is left, of one that began its files less', () => {
  const seen = exposures();
  expect([daysAgo, weekAgo, first].map((hash) => seen[hash ?? '']?.share)).toEqual([1, 0.5, 0.2]);
});

test('what ran in the revision before the deploy has proved itself, what came with the deploy is recent at any age', () => {
  const seen = exposures({ rollouts: [deploy(5, lastHour, first)] });
  expect(COMMITS.map(({ hash }) => seen[hash]?.alreadyRan)).toEqual([0, 0, 0, 1]);
  expect(seen[weekAgo ?? '']?.isRecent).toBe(true);
  expect(seen[first ?? '']).toMatchObject({ isRecent: false, share: 0.15 });
});

test.each([
  { says: 'after the failure had begun', rollout: deploy(-10) },
  { says: 'of another service', rollout: deploy(5, lastHour, weekAgo, 'web') },
])('a deploy $says clears nobody', ({ rollout }) => {
  const serviceOf = new Map(COMMITS.map(({ hash }) => [hash, 'api']));
  const seen = exposures({ rollouts: [rollout], serviceOf, failing: 'api' });
  expect(COMMITS.map(({ hash }) => seen[hash]?.alreadyRan)).toEqual([0, 0, 0, 0]);
});

test('a restart just before lets the newest commit count as recent, and no older one', () => {
  const commits = COMMITS.slice(2);
  const deploys = { deployedAt: minutesBefore(5), previousAt: undefined, previousRevision: undefined };
  const seen = exposuresOf(commits, { onset: ONSET, deploys, rollouts: [], isSlow: false });
  expect(commits.map(({ hash }) => seen.get(hash)?.isRecent)).toEqual([true, false]);
});
