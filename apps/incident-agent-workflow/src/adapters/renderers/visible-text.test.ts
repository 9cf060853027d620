import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { breakable, visibleLine, wrapRows } from './visible-text.ts';

test.each([
  { in: 'plain', out: 'plain' },
  { in: 'a\u0000b', out: 'a[U+0000]b' },
  { in: 'a\nb\tc\r\nd', out: 'a b  c d' },
  { in: 'x\u202ey', out: 'x[U+202E]y' },
  { in: 'a\ud800', out: 'a\ufffd' },
  { in: '\u0001\u0002\u0003\u0004\u0005\u0006', out: '[U+0001 U+0002 U+0003 U+0004 and 2 more]' },
  { in: '', out: '' },
  { in: `z${'\u0301'.repeat(9)}`, out: 'z\u0301\u0301\u0301[U+0301 U+0301 U+0301 U+0301 and 2 more]' },
])('$in is shown as $out', ({ in: text, out }) => {
  expect(visibleLine(text, 100)).toBe(out);
});

test('what the fonts cannot draw is spelled out', () => {
  expect(visibleLine('a中b', 100, (point) => point < 128)).toBe('a[U+4E2D]b');
});

test('a long text is cut, and says how much is missing', () => {
  expect(visibleLine('x'.repeat(1_000_000), 10)).toBe(`${'x'.repeat(10)}… [cut: 999990 more characters]`);
});

test('no text whatever leaves a control, a direction mark or half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      expect(visibleLine(text, 200)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('rows put together are the line, unless it was cut, and none is longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 2, max: 20 }), (line, columns) => {
      expect(wrapRows(line, columns, 1_000).join('')).toBe(line);
      const cut = wrapRows(line, columns, 2);
      expect(cut.length).toBeLessThanOrEqual(2);
      for (const row of cut) expect(Array.from(row).length).toBeLessThanOrEqual(columns);
    }),
  );
});

test('a row ends behind a blank, else behind a separator, and in the middle of a word only if it must', () => {
  expect(wrapRows('up{service="a"} or up{exported="b"}', 20, 9)).toEqual(['up{service="a"} or ', 'up{exported="b"}']);
  expect(wrapRows('/var/lib/repositories/shop/orders', 20, 9)).toEqual(['/var/lib/repositorie', 's/shop/orders']);
  expect(wrapRows('{"a":1,"bcd":2}', 10, 9)).toEqual(['{"a":1,', '"bcd":2}']);
});

test('a long word may break, and loses nothing', () => {
  const shown = breakable('x'.repeat(60), 24);
  expect(shown.split('\u200b').map((part) => part.length)).toEqual([24, 24, 12]);
  expect(breakable('short words stay', 24)).toBe('short words stay');
  expect(breakable('GET /weather/:coordinates', 17).split('\u200b')).toEqual(['GET /weather/:', 'coordinates']);
});

test('what is searched for and copied stays whole: a path with its line, a hash, a command', () => {
  const text = 'apps/weather-app1/src/rounding.ts:34 `git revert --no-edit b970de2ad93f894007e750a626fef1f9dc0c3fab`';
  expect(breakable(text)).toBe(text);
});
