/** How a change is said: never "rose" to something lower, never "fell" to something higher. */
import { expect, test } from 'vitest';
import { counterKind } from './families.ts';
import { changeInWords, type MetricValues } from './finding.ts';

test.each([
  { direction: 'up', before: 1, after: 4, extreme: 5, says: 'rose from 1 per second to 4 per second' },
  { direction: 'up', before: 1, after: 1, extreme: 5, says: 'rose from 1 per second to at most 5 per second' },
  { direction: 'up', before: 1, after: 0, extreme: 5, says: 'rose from 1 per second to at most 5 per second' },
  { direction: 'down', before: 4, after: 1, extreme: 0.5, says: 'fell from 4 per second to 1 per second' },
  { direction: 'down', before: 4, after: 4, extreme: 1, says: 'fell from 4 per second to at least 1 per second' },
  { direction: 'down', before: 4, after: 9, extreme: 1, says: 'fell from 4 per second to at least 1 per second' },
] as const)(
  '$direction from $before, mostly $after, once $extreme: $says',
  ({ direction, before, after, extreme, says }) => {
    const values: MetricValues = {
      metric: 'requests',
      family: 'traffic',
      unit: 'per second',
      points: [],
      baselineMedian: before,
      incidentMedian: after,
      incidentExtreme: extreme,
      score: 9,
      direction,
      onset: null,
      lastValue: after,
    };
    expect(changeInWords(values, counterKind('requests_total'))).toBe(says);
  },
);
