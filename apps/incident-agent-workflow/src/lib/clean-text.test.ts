import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, cutText, lengthsOf, oneLine } from './clean-text.ts';

test('NUL and lone surrogates become visible replacements', () => {
  expect(cleanText('a\0b\uD800c')).toBe('a\uFFFDb\uFFFDc');
});

test('what is cut says how much is missing and keeps whole characters', () => {
  expect(cutText('abcdef', 6)).toBe('abcdef');
  expect(cutText('abcdef', 2)).toBe('ab… [cut: 4 more characters]');
  expect(lengthsOf(cutText('abcdef', 2))).toEqual({ kept: 2, whole: 6 });
  expect(lengthsOf('abc [cut: 4 more]')).toEqual({ kept: 17, whole: 17 });
  expect(cutText('a😀b', 2)).toBe('a… [cut: 3 more characters]');
});

test('one line is one line, clean and no longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, maxCharacters) => {
      const line = oneLine(text, maxCharacters);
      expect(line.length).toBeLessThanOrEqual(maxCharacters);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(line.isWellFormed()).toBe(true);
    }),
  );
});
