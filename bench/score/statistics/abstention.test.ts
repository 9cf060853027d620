import { expect, test } from 'vitest';
import { abstainLevel, areaUnderRisk, riskCoverage } from './abstention.ts';
import type { Forecast } from './reliability.ts';

const FOUR: readonly Forecast[] = [
  { confidence: 0.9, isRight: true },
  { confidence: 0.7, isRight: false },
  { confidence: 0.7, isRight: true },
  { confidence: 0.2, isRight: false },
];

test('the curve by hand: equal confidences are answered together', () => {
  expect(riskCoverage(FOUR)).toEqual([
    { from: 0.9, coverage: 0.25, risk: 0 },
    { from: 0.7, coverage: 0.75, risk: 1 / 3 },
    { from: 0.2, coverage: 1, risk: 0.5 },
  ]);
  expect(areaUnderRisk(FOUR)).toBeCloseTo(0.5 / 3 + 0.25 * 0.5, 12);
});

test('who knows when it is wrong has less area than who does not', () => {
  const knowing = [0.9, 0.8, 0.2, 0.1].map((confidence) => ({ confidence, isRight: confidence > 0.5 }));
  const blind = knowing.map(({ confidence, isRight }) => ({ confidence: 1 - confidence, isRight }));
  expect(areaUnderRisk(knowing)).toBeLessThan(areaUnderRisk(blind));
});

test('the abstain level is the lowest from which on enough answers are right', () => {
  const sure = Array.from({ length: 10 }, () => ({ confidence: 0.9, isRight: true }));
  const fair = Array.from({ length: 10 }, (_, index) => ({ confidence: 0.5, isRight: index < 6 }));
  const wrong = Array.from({ length: 20 }, () => ({ confidence: 0.3, isRight: false }));
  expect(abstainLevel([...wrong, ...fair, ...sure])).toBe(0.5);
  expect(abstainLevel(wrong)).toBeUndefined();
  expect(abstainLevel([])).toBeUndefined();
});
