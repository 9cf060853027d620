import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mapConfidence } from '../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import { calibrationFile, fitCalibration } from './calibration.ts';
import type { RawAnswer } from './case-result.ts';
import { seededRandom } from './statistics/seeded.ts';

/** Says .95 of every commit and is right in `rightShare`; says .5 of causes and is right in `causeShare`. */
function tooSure(count: number, rightShare: number, causeShare = 0.5): { template: string; raw: RawAnswer[] }[] {
  const random = seededRandom(4);
  return Array.from({ length: count }, (_, index) => ({
    template: `t${index % 12}`,
    raw: [
      index % 2 === 0
        ? { claimed: 'commit', raw: 0.9 + 0.09 * random(), cap: 0.9, isRight: random() < rightShare }
        : { claimed: 'cause', raw: 0.4 + 0.2 * random(), cap: 0.9, isRight: random() < causeShare },
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

test('answers begin where they are precise enough; where they never are, the lowest level stands and it is said', () => {
  const good = fitCalibration(tooSure(120, 0.95, 0.45));
  expect(good.calibration.abstainBelow).toBeGreaterThan(0.4);
  expect(good.isPreciseSomewhere).toBe(true);
  const bad = fitCalibration(tooSure(120, 0.2, 0.2));
  expect(bad.calibration.abstainBelow).toBe(0.4);
  expect(bad.isPreciseSomewhere).toBe(false);
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
