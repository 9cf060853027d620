import { describe, expect, test } from 'vitest';
import { noise } from './observations.test-helper.ts';
import { findOnset } from './onset.ts';
import type { Sample } from './samples.ts';

const FLOOR = 0.1;

function samples(length: number, valueAt: (index: number) => number): Sample[] {
  return Array.from({ length }, (_, index) => ({ atMilliseconds: index * 1_000, value: valueAt(index) }));
}

/** About normal, with spread 1. */
function jitter(seed: number): () => number {
  const next = noise(seed);
  return () => (next() + next() + next() + next() + next() + next() - 3) * Math.SQRT2;
}

function onsetIndex(found: readonly Sample[]): number | undefined {
  const onset = findOnset(found, FLOOR);
  return onset && onset.atMilliseconds / 1_000;
}

describe('a step is dated at its first sample', () => {
  test.each([
    { says: 'from a constant level', valueAt: (index: number) => (index < 60 ? 0 : 5), index: 60 },
    { says: 'downwards', valueAt: (index: number) => (index < 60 ? 9 : 1), index: 60 },
    { says: 'with an outlier in the baseline', valueAt: (i: number) => (i === 20 ? 500 : i < 60 ? 1 : 5), index: 60 },
    { says: 'with three samples after it', valueAt: (index: number) => (index < 117 ? 1 : 5), index: 117 },
  ])('$says', ({ valueAt, index }) => {
    expect(onsetIndex(samples(120, valueAt))).toBe(index);
  });
});

test.each([
  { says: 'a constant series has none', series: samples(120, () => 7) },
  { says: 'a single spike is none', series: samples(120, (index) => (index === 80 ? 50 : 1)) },
  { says: 'too short a series has none', series: samples(12, (index) => (index < 6 ? 0 : 9)) },
  { says: 'no samples have none', series: [] },
  { says: 'a change below the floor is none', series: samples(120, (index) => (index < 60 ? 0 : 0.05)) },
])('$says', ({ series }) => {
  expect(findOnset(series, FLOOR)).toBeUndefined();
});

test('a pulse that is over is found by its start', () => {
  expect(onsetIndex(samples(120, (index) => (index >= 50 && index < 62 ? 8 : 1)))).toBe(50);
});

test('a ramp is dated before its middle', () => {
  const index = onsetIndex(samples(120, (at) => 10 + Math.min(6, Math.max(0, at - 70) * 0.5)));
  expect(index).toBeGreaterThanOrEqual(71);
  expect(index).toBeLessThanOrEqual(74);
});

test('of 400 quiet series at most four have an onset, of 400 with a step of six spreads nearly all, at the right sample', () => {
  let falseAlarms = 0;
  let right = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const quiet = jitter(seed);
    if (
      findOnset(
        samples(120, () => 10 + quiet()),
        FLOOR,
      )
    )
      falseAlarms += 1;
    const loud = jitter(seed + 1_000);
    const index = onsetIndex(samples(120, (at) => 10 + loud() + (at < 80 ? 0 : 6)));
    if (index !== undefined && Math.abs(index - 80) <= 1) right += 1;
  }
  expect(falseAlarms).toBeLessThanOrEqual(4);
  expect(right).toBeGreaterThanOrEqual(385);
});
