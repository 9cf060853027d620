import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneLine, printable } from './plain-text.ts';

test.each([
  { says: 'line breaks of any kind become one kind', text: 'a\r\nb\rc\u2028d', shown: 'a\nb\nc\nd' },
  { says: 'a direction override is made visible', text: 'exe.\u202Efdp', shown: 'exe.\uFFFDfdp' },
  { says: 'NUL and escape sequences are made visible', text: 'a\u0000b\u001B[31m', shown: 'a\uFFFDb\uFFFD[31m' },
  { says: 'half a surrogate pair becomes a replacement character', text: 'a\uD83Db', shown: 'a\uFFFDb' },
  { says: 'text that is too long says so', text: 'abcdefghijk', shown: 'abcdefghi…' },
])('$says', ({ text, shown }) => {
  expect(printable(text, 10)).toBe(shown);
});

test('one line stays one line: no control character, nothing that turns the direction, not too long', () => {
  const hostile = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\0', '\u202E', '\u2066', '\uD83D', ' ', 'é') });
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 30 }), (text, most) => {
      const line = oneLine(text, most);
      expect(line.length).toBeLessThanOrEqual(most);
      expect(line.isWellFormed()).toBe(true);
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
    }),
  );
});

test('printable text keeps no control character but line break and tab', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text, 50)).not.toMatch(/(?![\n\t])\p{Cc}|\p{Bidi_Control}/u);
    }),
  );
});
