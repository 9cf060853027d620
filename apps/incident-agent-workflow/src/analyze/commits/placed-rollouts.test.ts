import { expect, test } from 'vitest';
import { commitOf, ONSET, replacing } from './commit.test-helper.ts';
import { placedRollouts } from './placed-rollouts.ts';
import { proximity, type Rollout } from './rollout.ts';

/** Newest first: of the service, of a stranger, of the service, of a stranger, of the service. */
const ALL = [0, 1, 2, 3, 4].map((index) =>
  commitOf(index, `${index % 2 === 0 ? 'api' : 'other'}/${index}.ts`, replacing(1, 'a', 'b')),
);
const [newest, afterMiddle, middle, afterOldest, oldest] = ALL.map(({ hash }) => hash);
const CANDIDATES = ALL.filter((_commit, index) => index % 2 === 0);
const deploy = (revision: string | undefined, previousRevision: string | undefined): Rollout => ({
  at: ONSET,
  kind: 'deploy',
  service: 'api',
  revision,
  previousRevision,
  name: 'v1',
});
const known = (readAt: [string, { revision: string; newest: string | undefined }][] = []) => ({
  all: ALL,
  candidates: CANDIDATES,
  readAt: new Map(readAt),
});

test.each([
  { says: 'commits of the service', from: oldest, to: middle, placed: [middle, oldest] },
  {
    says: 'the beginning of such a hash',
    from: oldest,
    to: middle?.slice(0, 9),
    placed: [middle?.slice(0, 9), oldest],
  },
  { says: 'commits that touch others only', from: afterOldest, to: afterMiddle, placed: [middle, oldest] },
  { says: 'what is not in the history', from: undefined, to: 'f'.repeat(40), placed: ['f'.repeat(40), undefined] },
])('a deploy at $says stands at the newest commit of the service that it holds', ({ from, to, placed }) => {
  const [rollout] = placedRollouts([deploy(to, from)], known());
  expect([rollout?.revision, rollout?.previousRevision]).toEqual(placed);
});

test('a revision at which the history of the service was read, and which is not in it, holds all of that history', () => {
  const revision = 'e'.repeat(40);
  const readAt = known([['api', { revision, newest }]]);
  expect(placedRollouts([deploy(revision.slice(0, 12), middle)], readAt)[0]?.revision).toBe(newest);
  expect(placedRollouts([deploy('d'.repeat(40), middle)], readAt)[0]?.revision).toBe('d'.repeat(40));
});

test('a deploy that brought commits of others only brought none of the service', () => {
  const rollouts = placedRollouts([deploy(afterOldest, oldest), deploy(afterMiddle, afterOldest)], known());
  const deploys = { deployedAt: undefined, previousAt: undefined, previousRevision: undefined };
  const values = (only: readonly Rollout[]) =>
    CANDIDATES.map((commit) => proximity(commit, CANDIDATES, { onset: ONSET, deploys, rollouts: only, isSlow: false }));
  expect(values(rollouts.slice(0, 1))).toEqual([0, 0, 0]);
  expect(values(rollouts)).toEqual([0, 1, 0]);
});
