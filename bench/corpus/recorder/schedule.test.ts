import { expect, test } from 'vitest';
import type { CasePlan } from './plan.ts';
import { takeNext, type Weighed, type Weight } from './schedule.ts';

function weighed(id: string, ...weights: Weight[]): Weighed {
  return { plan: { id } as CasePlan, weights: new Set(weights) };
}

test('no more run at once than wished', () => {
  expect(takeNext([weighed('c', 'light')], [weighed('a', 'light'), weighed('b', 'light')], 2)).toBeUndefined();
});

test('a second case that burns a processor waits, and the next one passes it by', () => {
  const queue = [weighed('b', 'cpu'), weighed('c', 'light')];
  expect(takeNext(queue, [weighed('a', 'cpu')], 8)?.plan.id).toBe('c');
  expect(queue.map(({ plan }) => plan.id)).toEqual(['b']);
});

test('half of those at once may have a Java machine', () => {
  const running = ['a', 'b', 'c', 'd'].map((id) => weighed(id, 'jvm'));
  expect(takeNext([weighed('e', 'jvm')], running, 8)).toBeUndefined();
  expect(takeNext([weighed('e', 'jvm')], running.slice(1), 8)?.plan.id).toBe('e');
});

test('a case with both weights needs room for both', () => {
  expect(takeNext([weighed('b', 'cpu', 'jvm')], [weighed('a', 'cpu')], 8)).toBeUndefined();
});
