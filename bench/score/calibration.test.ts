import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mapConfidence } from '../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import { calibrationFile, fitCalibration } from './calibration.ts';
import type { RawAnswer } from './case-result.ts';
import { seededRandom } from './statistics/seeded.ts';

/** Says .95 of every commit and is right in `rightShare`; says .5 of causes and is right as often. */
function tooSure(count: number, rightShare: number): { template: string; raw: RawAnswer[] }[] {
  const random = seededRandom(4);
  return Array.from({ length: count }, (_, index) => ({
    template: `t${index % 12}`,
    raw: [
      index % 2 === 0
        ? { claimed: 'commit', raw: 0.9 + 0.09 * random(), cap: 0.9, isRight: random() < rightShare }
        : { claimed: 'cause', raw: 0.4 + 0.2 * random(), cap: 0.9, isRight: random() < 0.5 },
    ],
  }));
}

test('what is said too surely is worth less, what is said rightly stays', () => {
  const { calibration, crossFitted, asScored } = fitCalibration(tooSure(120, 0.6));
  expect(mapConfidence(0.95, calibration.maps.commit)).toBeGreaterThan(0.5);
  expect(mapConfidence(0.95, calibration.maps.commit)).toBeLessThan(0.7);
  expect(mapConfidence(0.5, calibration.maps.cause)).toBeGreaterThan(0.35);
  expect(mapConfidence(0.5, calibration.maps.cause)).toBeLessThan(0.65);
  expect(crossFitted.brier).toBeLessThan(asScored.brier);
});

test('of a claim that hardly occurs nothing is fitted', () => {
  expect(fitCalibration(tooSure(120, 0.6)).calibration.maps.none).toEqual({ kind: 'identity' });
});

/** So many answers with this score, of which so many in ten are right. */
function answers(claimed: RawAnswer['claimed'], raw: number, rightInTen: number, count = 60) {
  return Array.from({ length: count }, (_, index) => ({
    template: `t${Math.floor(index / 10)}`,
    raw: [{ claimed, raw, cap: 0.9, isRight: index % 10 < rightInTen }],
  }));
}

test('answers begin where they are precise enough: with the causes right in six of ten, not with those right in three', () => {
  const { calibration, isPreciseSomewhere } = fitCalibration([
    ...answers('commit', 0.95, 10),
    ...answers('cause', 0.7, 6),
    ...answers('cause', 0.5, 3),
  ]);
  expect(calibration.abstainBelow).toBeGreaterThan(0.45);
  expect(calibration.abstainBelow).toBeLessThan(0.65);
  expect(isPreciseSomewhere).toBe(true);
});

test('where they never are, the lowest level stands and it is said', () => {
  const { calibration, isPreciseSomewhere } = fitCalibration(answers('commit', 0.95, 2));
  expect(calibration.abstainBelow).toBe(0.4);
  expect(isPreciseSomewhere).toBe(false);
});

test('the file holds what was fitted, as the formatter would write it, the same each time', () => {
  const fitted = fitCalibration(tooSure(60, 0.6));
  const text = calibrationFile(fitted, { cases: 60, templates: 12 });
  expect(calibrationFile(fitCalibration(tooSure(60, 0.6)), { cases: 60, templates: 12 })).toBe(text);
  const biome = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'biome');
  const formatted = execFileSync(biome, ['format', '--stdin-file-path=calibration.ts'], {
    input: text,
    encoding: 'utf8',
  });
  expect(formatted).toBe(text);
  expect(text).toContain('60 cases of 12 templates');
});
