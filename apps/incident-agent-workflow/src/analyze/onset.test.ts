import { expect, test } from 'vitest';
import type { Observed } from '../domain/evidence.ts';
import { contextOf, instantAt, ONSET_INDEX, SERVICE } from './metrics/observations.test-helper.ts';
import { dateOnset } from './onset.ts';

const at = (minutes: number) => instantAt(ONSET_INDEX + minutes * 4);

function metric(minutes: number, score: number): Observed {
  return {
    kind: 'metric',
    service: SERVICE.name,
    data: { onset: at(minutes), score, direction: 'up', family: 'latency' },
  } as unknown as Observed;
}
function line(minutes: number, text: string, level: string): Observed {
  const data = { level, samples: [{ text }], template: text, baselineCount: 0, firstAt: at(minutes) };
  return { kind: 'logs', service: SERVICE.name, data } as unknown as Observed;
}

const EARLY = [metric(-9, 5), metric(-9, 6), metric(-1, 7), metric(0, 50)];

test.each<{ says: string; seen: Observed[]; minutes: number }>([
  { says: 'most changes and the first error agree', seen: [metric(0, 9), line(1, 'x failed', 'error')], minutes: 1 },
  { says: 'weak changes came long before it', seen: [...EARLY, line(1, 'x failed', 'error')], minutes: 1 },
  {
    says: 'it says so without a level',
    seen: [...EARLY, line(1, '[Error: ENOENT: no such file]', 'unknown')],
    minutes: 1,
  },
  { says: 'what it says without a level is no error', seen: [...EARLY, line(1, 'listening', 'unknown')], minutes: -9 },
  { says: 'no error is near any of them', seen: [...EARLY, line(8, 'x failed', 'error')], minutes: -9 },
])('where $says, it began at minute $minutes', ({ seen, minutes }) => {
  expect(dateOnset(seen, contextOf())).toBe(at(minutes));
});

function upUntil(minutes: number, service: string = SERVICE.name): Observed {
  const points = [-40, -20, minutes].map((minute) => ({ at: at(minute), value: 1 }));
  const ended = { direction: 'down', onset: at(minutes), score: 0 };
  const data = {
    family: 'availability',
    ...(minutes < 5 ? ended : { direction: 'flat', onset: null, score: 0 }),
    points,
  };
  return { kind: 'metric', service, data } as unknown as Observed;
}

test('a target that is gone is away since its last sample, if others were scraped later', () => {
  expect(dateOnset([upUntil(-2), upUntil(5, 'other')], contextOf())).toBe(at(-2));
  expect(dateOnset([upUntil(-2), upUntil(-2, 'other')], contextOf())).toBeUndefined();
});
