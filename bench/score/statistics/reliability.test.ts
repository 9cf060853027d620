import { expect, test } from 'vitest';
import { baseRateBrier, brier, calibrationError, consistency, equalMassBins, type Forecast } from './reliability.ts';
import { seededRandom } from './seeded.ts';

function said(confidence: number, ...outcomes: (0 | 1)[]): Forecast[] {
  return outcomes.map((outcome) => ({ confidence, isRight: outcome === 1 }));
}

/** Right as often as `truth` of what is said. */
function simulated(count: number, truth: (confidence: number) => number): Forecast[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => {
    const confidence = random();
    return { confidence, isRight: random() < truth(confidence) };
  });
}

test('Brier by hand: .9 right, .6 wrong, .3 wrong', () => {
  expect(brier([...said(0.9, 1), ...said(0.6, 0), ...said(0.3, 0)])).toBeCloseTo((0.01 + 0.36 + 0.09) / 3, 12);
});

test('the base rate of one right in four costs 3/16', () => {
  expect(baseRateBrier(said(0.5, 1, 0, 0, 0))).toBeCloseTo(0.1875, 12);
});

test('the error by hand: two bins, .2 said and none right, .8 said and three of four right', () => {
  const forecasts = [...said(0.8, 1, 1, 1, 0), ...said(0.2, 0, 0, 0, 0)];
  expect(equalMassBins(forecasts, 2)).toEqual([
    { count: 4, meanConfidence: 0.2, rightShare: 0 },
    { count: 4, meanConfidence: 0.8, rightShare: 0.75 },
  ]);
  expect(calibrationError(forecasts, 2)).toBeCloseTo(0.5 * 0.2 + 0.5 * 0.05, 12);
});

test('equal confidences share one bin, so the order of the cases does not count', () => {
  const forecasts = [...said(0.9, 1, 0, 1, 0, 1, 0, 1), ...said(0.1, 0)];
  expect(equalMassBins(forecasts)).toEqual(equalMassBins(forecasts.toReversed()));
  expect(equalMassBins(forecasts).map(({ count }) => count)).toEqual([1, 7]);
});

test('the error of a true forecaster on 500 cases is as METHODS measured it: near .045 with ten bins', () => {
  expect(
    calibrationError(
      simulated(500, (confidence) => confidence),
      10,
    ),
  ).toBeLessThan(0.067);
});

test('who says what is true is not rejected, who is too sure is', () => {
  expect(consistency(simulated(120, (confidence) => confidence))?.isRejected).toBe(false);
  expect(consistency(simulated(120, (confidence) => confidence ** 3))?.isRejected).toBe(true);
});

test('the same forecasts give the same limit, and none give no test', () => {
  const forecasts = simulated(40, (confidence) => confidence);
  expect(consistency(forecasts)).toEqual(consistency(forecasts));
  expect(consistency([])).toBeUndefined();
});
