import { expect, test } from 'vitest';
import { broughtAlone, broughtBy } from './brought-in.ts';
import { commitOf, hunk } from './commit.test-helper.ts';

const OTHER = commitOf(1, 'src/other.ts', hunk('+const retries = 12;', '+log(order);'));

function countOf(lines: readonly string[], message: string, path = 'src/a.ts'): number {
  const commit = commitOf(2, path, hunk(...lines));
  const all = new Map([commit, OTHER].map((one) => [one.hash, broughtBy(one)]));
  return broughtAlone(commit, all, [message]);
}

test.each([
  { says: 'a type', lines: ['+total: Money(sum)'], message: 'cannot serialise an object of type Money' },
  { says: 'a time limit', lines: ['-"bank": 3000', '+"bank": 70'], message: 'bank did not answer within 70 ms' },
  { says: 'a limit on a size', lines: ['-const MAX = 100;', '+const MAX = 4_000;'], message: 'must be at most 4000' },
  { says: 'a column', lines: ["+WHERE sold_via <> 'x'"], message: 'no such column: sold_via' },
])('$says that the error says was brought in', ({ lines, message }) => {
  expect(countOf(lines, message)).toBe(1);
});

test.each([
  { says: 'a word of a sentence', lines: ['+charge(customer)'], message: 'the customer was refused' },
  { says: 'the kind of error', lines: ['+throw new RangeError(text)'], message: 'RangeError: not so many' },
  { says: 'a name that was there', lines: ['-a(MaxRows)', '+b(MaxRows)'], message: 'MaxRows is too small' },
  { says: 'a number that another change brought in too', lines: ['+const most = 12;'], message: 'more than 12 items' },
  { says: 'a number of no limit', lines: ['+const port = 8042;'], message: 'order 8042 failed' },
  { says: 'a single digit', lines: ['+pause(3)'], message: 'failed after 3 attempts' },
  { says: 'a comment', lines: ['+// Money is whole cents'], message: 'no Money left' },
])('$says is no such thing', ({ lines, message }) => {
  expect(countOf(lines, message)).toBe(0);
});

test('a document brings in nothing', () => {
  expect(countOf(['+within 70 ms'], 'did not answer within 70 ms', 'README.md')).toBe(0);
});
