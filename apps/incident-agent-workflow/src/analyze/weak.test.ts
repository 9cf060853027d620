import { expect, test } from 'vitest';
import { commitOf, hunk } from './commits/commit.test-helper.ts';
import type { Suspect } from './commits/rank.ts';
import { sceneFrom } from './scene.test-helper.ts';
import type { Scene } from './scene.ts';
import { weakHypotheses } from './weak.ts';

const COMMIT = commitOf(1, 'src/a.ts', hunk('-one()', '+two()'));
const SHOWN = { kind: 'commit', id: 'E9', service: 'weather-app1', data: { hash: COMMIT.hash } };
const TEXT = { cite: 'E1', group: 'logs', text: 'it went wrong', isNovel: true };

function sceneWith(suspect: Partial<Suspect>, more: Partial<Scene> = {}): Scene {
  const first: Suspect = {
    commit: COMMIT,
    suspicion: 0.85,
    features: [
      { name: 'deploy-proximity', value: 1 },
      { name: 'protection-removed', value: 1 },
    ],
    isDirect: false,
    isRecent: true,
    at: undefined,
    ...suspect,
  };
  const ranking = { suspects: [first], none: 0.1, excluded: [] };
  return { ...sceneFrom([]), ranking, evidence: [SHOWN], texts: [TEXT], ...more } as unknown as Scene;
}

test('where no class fits, the commit that came in as it began is named, and said not to be blamed', () => {
  const [first] = weakHypotheses([], sceneWith({}));
  expect(first?.cause).toMatchObject({ commit: COMMIT.hash, class: 'code-error' });
  expect(first?.statement.text).toMatch(/^Possibly commit .*; the commit is possible, not blamed\.$/);
  expect(first?.actions[0]).toMatch(/^Read what commit .* changed/);
  expect(first?.confidence).toBeLessThanOrEqual(0.6);
});

test.each([
  { path: 'config/orders.ini', patch: hunk('-title = Shop', '+title = The shop'), expected: 'bad-config' },
  { path: 'config/orders.ini', patch: hunk('-pool_size = 6', '+pool_size = 1'), expected: 'pool-exhaustion' },
  { path: 'migrations/004_lines.sql', patch: hunk('-select 1', '+select 2'), expected: 'schema-migration' },
])('what was changed at $path says of which kind it may be: $expected', ({ path, patch, expected }) => {
  const commit = { ...commitOf(1, path, patch), hash: COMMIT.hash };
  const [first] = weakHypotheses([], sceneWith({ commit, isDirect: true }));
  expect(first?.cause.class).toBe(expected);
});

test('one whose change fits is told by that', () => {
  const [first] = weakHypotheses([], sceneWith({ isDirect: true }));
  expect(first?.statement.text).toMatch(/its change fits the failure\.$/);
  expect(first?.actions[0]).toMatch(/^Revert commit/);
});

test.each([
  { says: 'it is hardly ahead', scene: sceneWith({ suspicion: 0.12 }) },
  { says: 'it came long before', scene: sceneWith({ isRecent: false }) },
  { says: 'nothing failed', scene: sceneWith({}, { texts: [] }) },
])('nobody is named where $says', ({ scene }) => {
  expect(weakHypotheses([], scene)).toEqual([]);
});
