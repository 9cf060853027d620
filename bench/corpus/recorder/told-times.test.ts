import { expect, test } from 'vitest';
import { stretchAround } from './stretch.ts';
import { toldTimes } from './told-times.ts';

const ONSET = Date.parse('2026-11-30T10:51:00.000Z');
const TOLD = Date.parse('2025-04-02T03:07:41.318Z');
const stretch = stretchAround(ONSET, TOLD);

function told(text: string): string {
  return toldTimes(text, ONSET + 5_000, stretch);
}

test.each([
  // ten seconds after the onset are 150 s in the story: 03:10:11.318
  { says: 'ISO', from: '{"time":"2026-11-30T10:51:10.000Z"}', to: '{"time":"2025-04-02T03:10:11.318Z"}' },
  { says: 'Python logging', from: '2026-11-30 10:51:10,000 ERROR', to: '2025-04-02 03:10:11,318 ERROR' },
  { says: 'an offset', from: 'at 2026-11-30T12:51:10+02:00.', to: 'at 2025-04-02T05:10:11+02:00.' },
  { says: 'nanoseconds', from: '2026-11-30T10:51:10.000456789Z', to: '2025-04-02T03:10:11.318456789Z' },
  { says: 'minutes only', from: 'until 2026-11-30T10:51', to: 'until 2025-04-02T03:07' },
  { says: 'an access log', from: '[30/Nov/2026:10:51:10 +0000]', to: '[02/Apr/2025:03:10:11 +0000]' },
  { says: 'HTTP', from: 'Date: Mon, 30 Nov 2026 10:51:10 GMT', to: 'Date: Wed, 02 Apr 2025 03:10:11 GMT' },
  { says: 'java.util.logging', from: 'Nov 30, 2026 10:51:10 AM shop', to: 'Apr 2, 2025 3:10:11 AM shop' },
  { says: 'a clock at the start', from: '10:51:10.000 [main] INFO', to: '03:10:11.318 [main] INFO' },
  { says: 'seconds', from: 'iat=1796035870', to: 'iat=1743563411' },
  { says: 'milliseconds', from: '"time":1796035870000,', to: '"time":1743563411318,' },
  { says: 'seconds with decimals', from: 'ts 1796035870.000', to: 'ts 1743563411.318' },
  { says: 'a day', from: 'report of 2026-11-30', to: 'report of 2025-04-02' },
  { says: 'durations stay', from: 'took 1530 ms, 3600000 left', to: 'took 1530 ms, 3600000 left' },
  { says: 'other times stay', from: 'since 1970-01-01T00:00:00Z', to: 'since 1970-01-01T00:00:00Z' },
])('$says', ({ from, to }) => {
  expect(told(from)).toBe(to);
});

test('beyond an hour nothing is stretched further: a day ago is 38 hours ago, not 360', () => {
  expect(told('Nov 29 10:51:00 2026 GMT')).toBe('Mar 31 13:07:41 2025 GMT');
});

test('the order of instants is kept', () => {
  const instants = [-5_000_000, -3_600_000, -60_000, 0, 1, 3_600_000, 3_600_001].map((away) =>
    stretch.instant(ONSET + away),
  );
  expect(instants).toEqual(instants.toSorted((left, right) => left - right));
});
