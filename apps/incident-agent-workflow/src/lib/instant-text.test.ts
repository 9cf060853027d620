import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalMilliseconds, isCanonicalInstant } from './instant-text.ts';

test('what it reads is what a Date reads, anywhere in a text', () => {
  const instant = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, fc.string(), (date, before) => {
      const read = canonicalMilliseconds(`${before}${date.toISOString()} ERROR`, before.length);
      expect(date.getUTCDate() > 28 ? Number.NaN : date.getTime()).toEqual(read);
    }),
  );
});

test.each([
  '',
  '2026-13-01T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '2026-01-01T24:00:00.000Z',
  '2026-01-01T00:00:60.000Z',
  '2026-01-01 00:00:00.000Z',
  '2026-01-01T00:00:00.000+',
  '2026-01-01T00:00:00.0a0Z',
  '1969-12-31T00:00:00.000Z',
])('%j is left to others', (text) => {
  expect(canonicalMilliseconds(text)).toBeNaN();
  expect(isCanonicalInstant(text)).toBe(false);
});

test('an instant with something behind it is no instant as a whole', () => {
  expect(isCanonicalInstant('2026-01-01T00:00:00.000Z')).toBe(true);
  expect(isCanonicalInstant('2026-01-01T00:00:00.000Z ')).toBe(false);
});
