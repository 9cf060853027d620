import { expect, test } from 'vitest';
import { commitOf, hunk, ONSET, replacing } from './commit.test-helper.ts';
import { isNotRolledOut, proximity, type Rollout, type RolloutScene } from './rollout.ts';

const COMMITS = [0, 1, 2, 3].map((index) => commitOf(index, `src/${index}.ts`, replacing(1, 'a', 'b')));
const [newest, second, third, oldest] = COMMITS.map((commit) => commit);
const minutesBefore = (minutes: number) => new Date(Date.parse(ONSET) - minutes * 60_000).toISOString();
function deploy(minutes: number, revision: string | undefined, more: Partial<Rollout> = {}): Rollout {
  const at = minutesBefore(minutes);
  return { at, kind: 'deploy', service: 'api', revision, previousRevision: undefined, name: 'v1', ...more };
}
function sceneWith(rollouts: readonly Rollout[], more: Partial<RolloutScene> = {}): RolloutScene {
  const deploys = { deployedAt: undefined, previousAt: undefined, previousRevision: undefined };
  return { onset: ONSET, deploys, rollouts, isSlow: false, ...more };
}

test.each([
  { says: 'half an hour before: 1/e', minutes: 30, value: Math.exp(-1) },
  { says: 'just before: full', minutes: 0, value: 1 },
  { says: 'within the skew of clocks: full', minutes: -0.5, value: 1 },
  { says: 'after the onset: nothing, for all that it stays a candidate', minutes: -5, value: 0 },
])('the tip of a deploy $says', ({ minutes, value }) => {
  expect(proximity(second!, COMMITS, sceneWith([deploy(minutes, second?.hash)]))).toBeCloseTo(value, 9);
});

test('what came with the tip counts nearly as much, what was there before nothing', () => {
  const scene = sceneWith([deploy(60, oldest?.hash), deploy(0, newest?.hash.slice(0, 8))]);
  expect(COMMITS.slice(0, 3).map((commit) => proximity(commit, COMMITS, scene))).toEqual([1, 0.95, 0.95]);
  expect(proximity(oldest!, COMMITS, scene)).toBeCloseTo(Math.exp(-2), 9);
});

test.each([
  {
    says: 'before the alert: less, as the beginning may be dated too early',
    alertMinutes: 10,
    value: 0.5 * Math.exp(-0.5),
  },
  { says: 'after the alert: nothing, it may be the remedy', alertMinutes: 2, value: 0 },
])('a deploy after the dated beginning and $says', ({ alertMinutes, value }) => {
  const scene = sceneWith([deploy(-5, second?.hash)], { alertedAt: minutesBefore(-alertMinutes) });
  expect(proximity(second!, COMMITS, scene)).toBeCloseTo(value, 9);
});

test('what another service was deployed with counts less, what it is made of does not run in the process that fails', () => {
  const serviceOf = new Map([[second!.hash, 'web']]);
  const process = { deployedAt: ONSET, previousAt: undefined, previousRevision: undefined };
  const beside = { serviceOf, failing: 'api', deploys: process };
  expect(proximity(second!, COMMITS, sceneWith([{ ...deploy(0, second?.hash), service: 'web' }], beside))).toBe(0.7);
  expect(proximity(second!, COMMITS, sceneWith([], beside))).toBe(0);
  expect(proximity(third!, COMMITS, sceneWith([], beside))).toBe(0.6);
});

test('what builds up is looked for further back', () => {
  const far = sceneWith([deploy(120, second?.hash)]);
  expect(proximity(second!, COMMITS, { ...far, isSlow: true })).toBeGreaterThan(0.5);
  expect(proximity(second!, COMMITS, far)).toBeLessThan(0.05);
});

test('a switch that is turned counts for the change that speaks of it, and for no other', () => {
  const behind = commitOf(9, 'src/rail.ts', hunk("+if (flags.isOn('new-rail')) render();"));
  const turned: Rollout = { ...deploy(1, undefined), kind: 'switch', name: 'new_rail' };
  expect(proximity(behind, [...COMMITS, behind], sceneWith([turned]))).toBeGreaterThan(0.9);
  expect(proximity(third!, COMMITS, sceneWith([turned]))).toBe(0);
});

test('a commit that no deploy has reached is known, where deploys are known', () => {
  expect(isNotRolledOut(newest!, COMMITS, sceneWith([deploy(5, second?.hash)]))).toBe(true);
  expect(isNotRolledOut(third!, COMMITS, sceneWith([deploy(5, second?.hash)]))).toBe(false);
  expect(isNotRolledOut(newest!, COMMITS, sceneWith([]))).toBe(false);
});
