import { array, assert, constantFrom, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { carryLine, changedLines, readHunks } from './patches.ts';

const PATCH = `--- a/x.ts
+++ b/x.ts
@@ -3,5 +3,6 @@ function first() {
 three
-four
+four, changed
+and more
 five
 six
 seven
@@ -20,3 +21,1 @@ function second() {
-twenty
-twenty-one
 twenty-two
`;

test('lines get their numbers before and after the change, and hunks their function', () => {
  expect(readHunks(PATCH).map(({ section }) => section)).toEqual(['function first() {', 'function second() {']);
  expect(changedLines(PATCH)).toEqual([
    { sign: '-', text: 'four', oldLine: 4, newLine: 4 },
    { sign: '+', text: 'four, changed', oldLine: undefined, newLine: 4 },
    { sign: '+', text: 'and more', oldLine: undefined, newLine: 5 },
    { sign: '-', text: 'twenty', oldLine: 20, newLine: 21 },
    { sign: '-', text: 'twenty-one', oldLine: 21, newLine: 21 },
  ]);
});

test.each([
  { line: 1, now: 1, says: 'before the first hunk nothing moves' },
  { line: 3, now: 3, says: 'context moves as the lines around it' },
  { line: 4, now: undefined, says: 'a replaced line is gone' },
  { line: 5, now: 6, says: 'what follows an addition moves down' },
  { line: 10, now: 11, says: 'between the hunks too' },
  { line: 20, now: undefined, says: 'a removed line is gone' },
  { line: 22, now: 21, says: 'what follows a removal moves up' },
  { line: 100, now: 99, says: 'far below everything counts' },
])('line $line becomes $now: $says', ({ line, now }) => {
  expect(carryLine(line, PATCH)).toBe(now);
});

test('an addition without context is placed after the line that git names', () => {
  const patch = '@@ -5,0 +6,2 @@\n+a\n+b';
  expect(changedLines(patch).map(({ newLine }) => newLine)).toEqual([6, 7]);
  expect([carryLine(5, patch), carryLine(6, patch)]).toEqual([5, 8]);
});

test('a removal without context is placed where it stood', () => {
  const patch = '@@ -6,2 +5,0 @@\n-a\n-b';
  expect(changedLines(patch).map(({ newLine }) => newLine)).toEqual([6, 6]);
  expect([carryLine(5, patch), carryLine(6, patch), carryLine(8, patch)]).toEqual([5, undefined, 6]);
});

test('whatever a patch says, reading it ends and gives whole lines', () => {
  const line = constantFrom(
    '@@ -1,2 +1,3 @@',
    '@@ -0,0 +1 @@',
    '+a',
    '-b',
    ' c',
    '\\ No newline at end of file',
    '@@ -x +y @@',
  );
  assert(
    property(array(line), string(), integer({ min: 1, max: 50 }), (lines, noise, at) => {
      const patch = [...lines, noise].join('\n');
      for (const changed of changedLines(patch)) expect(Number.isSafeInteger(changed.newLine)).toBe(true);
      const carried = carryLine(at, patch);
      expect(carried === undefined || Number.isSafeInteger(carried)).toBe(true);
    }),
  );
});
