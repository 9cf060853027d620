import { expect, test } from 'vitest';
import { mapConfidence } from '../../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import { crossFitted, fitBins, fitMap, fitPlatt, type Labelled } from './fit.ts';
import { calibrationError } from './reliability.ts';
import { seededRandom } from './seeded.ts';

function said(raw: number, rightCount: number, wrongCount: number, family = 'f'): Labelled[] {
  return [
    ...Array.from({ length: rightCount }, () => ({ raw, isRight: true, family })),
    ...Array.from({ length: wrongCount }, () => ({ raw, isRight: false, family })),
  ];
}

/** A scorer that is too sure of itself: its log-odds are twice what they should be. */
function tooSure(count: number, seed: number): Labelled[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const odds = (random() - 0.4) * 5;
    const truth = 1 / (1 + Math.exp(-odds));
    return { raw: 1 / (1 + Math.exp(-2 * odds)), isRight: random() < truth, family: `t${index % 10}` };
  });
}

test('Platt: two levels are met exactly, but for the smoothed targets', () => {
  // 30 of 40 at .9, 10 of 40 at .1: with targets 41/42 and 1/42 the means are (30·41 + 10)/(42·40) and its mirror.
  const map = fitPlatt([...said(0.9, 30, 10), ...said(0.1, 10, 30)]);
  expect(mapConfidence(0.9, map)).toBeCloseTo((30 * 41 + 10) / (42 * 40), 6);
  expect(mapConfidence(0.1, map)).toBeCloseTo((10 * 41 + 30) / (42 * 40), 6);
});

test('Platt finds that the odds were doubled', () => {
  const map = fitPlatt(tooSure(5_000, 3));
  expect(map).toMatchObject({ kind: 'platt' });
  expect(map.kind === 'platt' && map.slope).toBeCloseTo(0.5, 1);
  expect(map.kind === 'platt' && map.intercept).toBeCloseTo(0, 1);
});

test.each([
  { says: 'all are right', labelled: said(0.8, 50, 0) },
  { says: 'all are wrong', labelled: said(0.8, 0, 50) },
  { says: 'right and wrong are parted by the score', labelled: [...said(0.9, 25, 0), ...said(0.2, 0, 25)] },
])('Platt stays between 0 and 1 where $says', ({ labelled }) => {
  const map = fitPlatt(labelled);
  for (const raw of [0, 0.3, 1]) {
    const confidence = mapConfidence(raw, map);
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThan(1);
  }
});

test('a score that is right the wrong way round is worth its base rate', () => {
  const map = fitPlatt([...said(0.9, 5, 35), ...said(0.1, 35, 5)]);
  expect(mapConfidence(0.9, map)).toBeCloseTo(0.5, 2);
  expect(mapConfidence(0.1, map)).toBeCloseTo(0.5, 2);
});

test('bins by hand: three of two cases each, drawn to the base rate of one half by four', () => {
  const map = fitBins([...said(0.1, 0, 2), ...said(0.5, 1, 1), ...said(0.9, 2, 0)]);
  expect(map).toEqual({ kind: 'bins', below: [0.3, 0.7], values: [2 / 6, 3 / 6, 4 / 6] });
});

test('bins that fall are pooled', () => {
  const map = fitBins([...said(0.1, 1, 1), ...said(0.5, 0, 2), ...said(0.9, 2, 0)]);
  expect(map).toEqual({ kind: 'bins', below: [0.7], values: [(1 + 2) / 8, (2 + 2) / 6] });
});

test('few cases give bins, more a line, hardly any nothing', () => {
  expect(fitMap(said(0.5, 2, 2)).kind).toBe('identity');
  expect(fitMap(tooSure(39, 1)).kind).toBe('bins');
  expect(fitMap(tooSure(40, 1)).kind).toBe('platt');
});

test('what a family says is judged without it', () => {
  // `odd` is always wrong at .9, all others are right there: fitted without it, .9 looks good.
  const labelled = [...said(0.9, 30, 0, 'a'), ...said(0.2, 0, 30, 'b'), ...said(0.9, 0, 10, 'odd')];
  const fitted = crossFitted(labelled);
  expect(fitted.at(-1)).toBeGreaterThan(0.9);
  expect(mapConfidence(0.9, fitMap(labelled))).toBeLessThan(0.85);
});

test('fitting lowers the error of a scorer that is too sure, on cases it has not seen', () => {
  const map = fitMap(tooSure(120, 5));
  const fresh = tooSure(4_000, 6);
  const error = (confidence: (raw: number) => number) =>
    calibrationError(fresh.map(({ raw, isRight }) => ({ confidence: confidence(raw), isRight })));
  expect(error((raw) => mapConfidence(raw, map))).toBeLessThan(error((raw) => raw) / 2);
});
