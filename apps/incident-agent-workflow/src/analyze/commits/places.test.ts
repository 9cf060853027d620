import { expect, test } from 'vitest';
import { commitOf } from './commit.test-helper.ts';
import { hunkValue } from './places.ts';

const FRAME = { path: 'src/shop.py', line: 20, function: 'Shop.total', depth: 0 };
const NEAR = commitOf(
  1,
  'src/shop.py',
  '@@ -22,3 +22,3 @@ class Shop:\n def total(self):\n-    a()\n+    b()\n     c()',
);
const NEXT = commitOf(
  1,
  'src/shop.py',
  '@@ -22,3 +22,3 @@ class Shop:\n def names(self):\n-    a()\n+    b()\n     c()',
);

test('a change near the frame counts more in the function that failed than in the next one', () => {
  expect(hunkValue(NEAR, [], [FRAME])).toBeCloseTo(Math.exp(-3 / 15), 9);
  expect(hunkValue(NEXT, [], [FRAME])).toBeCloseTo(0.4 * Math.exp(-3 / 15), 9);
});

test('the function that git names after the hunk holds until another one begins', () => {
  const patch = '@@ -22,2 +22,2 @@ def names(self):\n-    a()\n+    b()\n     c()';
  expect(hunkValue(commitOf(1, 'src/shop.py', patch), [], [FRAME])).toBeCloseTo(0.4 * Math.exp(-2 / 15), 9);
});

test('further out in the stack a change near the frame counts less', () => {
  expect(hunkValue(NEAR, [], [{ ...FRAME, depth: 2 }])).toBeCloseTo(0.64 * Math.exp(-3 / 15), 9);
});

test('where the function is not known nothing is taken off', () => {
  expect(hunkValue(NEXT, [], [{ ...FRAME, function: null }])).toBeCloseTo(Math.exp(-3 / 15), 9);
});
