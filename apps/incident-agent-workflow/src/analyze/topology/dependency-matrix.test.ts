import { expect, test } from 'vitest';
import { blameOf } from './dependency-matrix.ts';

test.each([
  { caller: false, itself: false, others: undefined, blame: 'dependency' },
  { caller: undefined, itself: false, others: undefined, blame: 'dependency' },
  { caller: false, itself: true, others: true, blame: 'way-of-caller' },
  { caller: false, itself: true, others: false, blame: 'way-of-all' },
  { caller: false, itself: true, others: undefined, blame: 'way' },
  { caller: false, itself: undefined, others: true, blame: 'way-of-caller' },
  { caller: false, itself: undefined, others: undefined, blame: 'open' },
  { caller: true, itself: true, others: undefined, blame: 'none' },
  { caller: true, itself: false, others: undefined, blame: 'open' },
  { caller: undefined, itself: undefined, others: undefined, blame: 'open' },
])('caller reaches it: $caller, it answers: $itself, others reach it: $others → $blame', (row) => {
  expect(blameOf({ callerReachesIt: row.caller, answersItself: row.itself, othersReachIt: row.others })).toBe(
    row.blame,
  );
});

test.each([
  { says: 'slow itself', isSlowItself: true, blame: 'dependency' },
  { says: 'fast itself while its caller waits', isSlowItself: false, blame: 'call' },
  { says: 'not measured', isSlowItself: undefined, blame: 'none' },
])('a dependency that answers and is $says: $blame', ({ isSlowItself, blame }) => {
  const view = {
    callerReachesIt: true,
    answersItself: true,
    othersReachIt: undefined,
    callerIsSlow: true,
    isSlowItself,
  };
  expect(blameOf(view)).toBe(blame);
});
