import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapConfidence } from './confidence-map.ts';

test.each([
  { says: 'identity says what was scored', raw: 0.37, map: { kind: 'identity' } as const, confidence: 0.37 },
  {
    says: 'slope 1 without intercept is identity too',
    raw: 0.8,
    map: { kind: 'platt', slope: 1, intercept: 0 } as const,
    confidence: 0.8,
  },
  {
    says: 'half the slope takes 16:1 to 4:1',
    raw: 16 / 17,
    map: { kind: 'platt', slope: 0.5, intercept: 0 } as const,
    confidence: 0.8,
  },
  {
    says: 'a raw probability at an end belongs to the next bin',
    raw: 0.5,
    map: { kind: 'bins', below: [0.3, 0.5], values: [0.1, 0.4, 0.9] } as const,
    confidence: 0.9,
  },
  {
    says: 'the first bin begins at 0',
    raw: 0,
    map: { kind: 'bins', below: [0.3, 0.5], values: [0.1, 0.4, 0.9] } as const,
    confidence: 0.1,
  },
])('$says', ({ raw, map, confidence }) => {
  expect(mapConfidence(raw, map)).toBeCloseTo(confidence, 12);
});

test('certainty stays finite and order is kept', () => {
  const map = { kind: 'platt', slope: 0.7, intercept: -0.4 } as const;
  const ratio = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(ratio, ratio, (a, b) => {
      const low = mapConfidence(Math.min(a, b), map);
      const high = mapConfidence(Math.max(a, b), map);
      expect(low).toBeGreaterThan(0);
      expect(high).toBeLessThan(1);
      expect(low).toBeLessThanOrEqual(high);
    }),
  );
});
