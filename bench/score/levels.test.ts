import { expect, test } from 'vitest';
import { scoreCase } from './levels.ts';
import { candidate, diskLabel, GUILTY, INNOCENT, labelOf, said } from './score.test-helper.ts';

const plain = { commit: null, file: null, line: null };

test('all right', () => {
  expect(scoreCase(said(candidate()), labelOf())).toEqual({
    ranks: { class: 1, service: 1, commit: 1, file: 1, line: 1 },
    confidence: 0.8,
    isRight: true,
    abstained: false,
    namesNoCommit: false,
    falselyBlamed: null,
  });
});

test.each([
  { line: 45, rank: 1 },
  { line: 35, rank: 1 },
  { line: 46, rank: null },
  { line: null, rank: null },
])('line 40 is met by $line at rank $rank', ({ line, rank }) => {
  expect(scoreCase(said(candidate({ line })), labelOf()).ranks.line).toBe(rank);
});

test('the right line of another file is no hit', () => {
  expect(scoreCase(said(candidate({ file: 'src/other.ts' })), labelOf()).ranks).toMatchObject({
    file: null,
    line: null,
  });
});

test('answers that say the same at a level count once there', () => {
  const prediction = said(
    candidate({ class: 'dns', service: 'ledger', ...plain }),
    candidate({ commit: INNOCENT, service: 'ledger' }),
    candidate(),
  );
  expect(scoreCase(prediction, labelOf()).ranks).toMatchObject({ class: 2, service: 2, commit: 3 });
});

test('to name no commit is an answer that stands before the commits after it', () => {
  const score = scoreCase(said(candidate(plain), candidate({ confidence: 0.3 })), labelOf());
  expect(score.ranks).toMatchObject({ class: 1, commit: 2 });
  expect(score).toMatchObject({ isRight: true, namesNoCommit: true });
});

test('where no commit is guilty only class and service are ranked, and a named commit makes it wrong', () => {
  const right = candidate({ class: 'disk-full', kind: 'infrastructure', ...plain });
  expect(scoreCase(said(right), diskLabel())).toMatchObject({ ranks: { class: 1, service: 1 }, isRight: true });
  expect(Object.keys(scoreCase(said(right), diskLabel()).ranks)).toEqual(['class', 'service']);
  expect(scoreCase(said({ ...right, commit: INNOCENT }), diskLabel())).toMatchObject({
    isRight: false,
    falselyBlamed: { commit: INNOCENT, confidence: 0.8 },
  });
});

test.each([
  { says: 'another commit at .66', commit: INNOCENT, confidence: 0.66, blamed: true },
  { says: 'another commit at .65', commit: INNOCENT, confidence: 0.65, blamed: false },
  { says: 'the guilty one', commit: GUILTY, confidence: 0.9, blamed: false },
])('false blame: $says: $blamed', ({ commit, confidence, blamed }) => {
  expect(scoreCase(said(candidate({ commit, confidence })), labelOf()).falselyBlamed !== null).toBe(blamed);
});

test('that nothing is wrong is met only by saying so', () => {
  const label = labelOf({ class: null, kind: 'none', commit: null, file: null, line: null });
  const calm = candidate({ class: null, kind: 'none', ...plain });
  expect(scoreCase(said(calm), label)).toMatchObject({ ranks: { class: 1 }, isRight: true });
  expect(scoreCase(said(candidate({ class: null, ...plain, confidence: 0.2 })), label)).toMatchObject({
    ranks: { class: null },
    isRight: false,
    abstained: true,
  });
  expect(scoreCase(said({ ...calm, service: 'a victim' }), label)).toMatchObject({
    ranks: { class: 1 },
    isRight: true,
  });
  expect(scoreCase(said(calm), labelOf()).isRight).toBe(false);
});

test('who says nothing is not right, and sure of nothing', () => {
  expect(scoreCase({ status: 'unknown', candidates: [] }, diskLabel())).toMatchObject({
    ranks: { class: null, service: null },
    confidence: 0,
    isRight: false,
    namesNoCommit: true,
  });
});
