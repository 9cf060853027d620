import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareInstants,
  isoOfMilliseconds,
  isoOfNanoseconds,
  millisecondsOf,
  nanosecondsOf,
  plusSeconds,
  secondsBetween,
} from './time.ts';

test('all nine decimals count', () => {
  expect(nanosecondsOf('2026-11-23T19:47:58.241426045Z')).toBe(1_795_463_278_241_426_045n);
  expect(isoOfNanoseconds(1_795_463_278_241_426_045n)).toBe('2026-11-23T19:47:58.241426045Z');
  expect(secondsBetween('2026-01-01T00:00:00.000000001Z', '2026-01-01T00:00:00.5Z')).toBeCloseTo(0.499999999, 12);
});

test('an offset is taken into account', () => {
  expect(compareInstants('2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00.000Z')).toBe(0);
  expect(compareInstants('2026-01-01T00:00:00.0000001Z', '2026-01-01T00:00:00Z')).toBe(1);
});

test('what is no instant has no time and sorts last', () => {
  expect(millisecondsOf('yesterday')).toBeUndefined();
  expect(isoOfMilliseconds(Number.POSITIVE_INFINITY)).toBeUndefined();
  expect(secondsBetween('yesterday', '2026-01-01T00:00:00Z')).toBeNaN();
  expect(['x', '2026-01-01T00:00:00Z'].sort(compareInstants)).toEqual(['2026-01-01T00:00:00Z', 'x']);
});

test('moving an instant keeps it in UTC, and never throws', () => {
  expect(plusSeconds('2026-01-01T00:00:00.123456789Z', -1.5)).toBe('2025-12-31T23:59:58.623Z');
  expect(plusSeconds('2026-01-01T00:00:00Z', Number.POSITIVE_INFINITY)).toBe('2026-01-01T00:00:00Z');
});

test('nanoseconds read back as they were written, before 1970 too', () => {
  fc.assert(
    fc.property(fc.bigInt(-10_000_000_000_000_000_000n, 10_000_000_000_000_000_000n), (nanoseconds) => {
      expect(nanosecondsOf(isoOfNanoseconds(nanoseconds) ?? '')).toBe(nanoseconds);
    }),
  );
});
