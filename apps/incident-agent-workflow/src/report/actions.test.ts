import { expect, test } from 'vitest';
import { actionsOf, oncePerGap } from './actions.ts';
import { exampleComposition, exampleReport } from './example-report.test-helper.ts';

test('what could not be seen is one step, however many agents advise it', () => {
  const advice = ['Look at the host', 'See what could not be seen (G1): the pool', 'Close the gap G1: one sample'];
  expect(oncePerGap(advice)).toEqual(advice.slice(0, 2));
  expect(oncePerGap(['G1 and G2', 'only G2', 'G3'])).toEqual(['G1 and G2', 'G3']);
});

test('a check by hand is not added for what another step already asks to see', () => {
  const { facts, findings } = exampleComposition('unknown');
  const { verdict } = exampleReport('unknown');
  const because = { what: 'what the pool did', because: 'one sample', cites: ['G1'] };
  const known = { ...facts, hypotheses: [], notChecked: [because] };
  const actions = (checkFirst: string[]) =>
    actionsOf(
      known,
      { ...findings, code: undefined, quick: findings.quick && { ...findings.quick, checkFirst } },
      verdict,
    );
  expect(actions(['See what could not be seen (G1): the pool'])).toEqual(['See what could not be seen (G1): the pool']);
  expect(actions([])).toEqual(['Check by hand: what the pool did (one sample)']);
});
