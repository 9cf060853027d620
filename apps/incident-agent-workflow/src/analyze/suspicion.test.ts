import { afterAll, expect, test } from 'vitest';
import type { SuspectRanking } from './commits/rank.ts';
import { observeTelemetry } from './producers.ts';
import { CRASH_LINE_CHANGED, externalWorld, itemsRepository } from './scenarios.test-helper.ts';
import { commitShare, rankSuspects } from './suspicion.ts';
import { contextOf, ONSET, observe } from './world.test-helper.ts';

const repository = itemsRepository(CRASH_LINE_CHANGED);
afterAll(() => repository.remove());

test('a failure that only speaks of the outside leaves nearly all suspicion with none of the commits', () => {
  const world = externalWorld(repository);
  const observations = observe(world);
  const context = contextOf(world);
  const telemetry = observeTelemetry(observations, context);
  const silent = telemetry.filter(({ kind }) => kind !== 'stack-trace' && kind !== 'logs');
  const told = rankSuspects(observations, telemetry, context, ONSET);
  const untold = rankSuspects(observations, silent, context, ONSET);
  expect(told?.none).toBeGreaterThan((untold?.none ?? 1) + 0.1);
  expect(told?.suspects.some(({ isDirect }) => isDirect)).toBe(false);
});

test.each([
  { says: 'a clear first', suspicions: [0.9, 0.03], none: 0.01, least: 0.9, most: 1 },
  { says: 'many weak rivals and no strong one', suspicions: [0.55, 0.05], none: 0.02, least: 0.7, most: 0.9 },
  { says: 'two alike', suspicions: [0.4, 0.4], none: 0.02, least: 0.3, most: 0.5 },
  { says: 'nobody', suspicions: [], none: 1, least: 0, most: 0 },
])('$says counts as $least to $most sure', ({ suspicions, none, least, most }) => {
  const suspects = suspicions.map((suspicion) => ({ suspicion })) as unknown as SuspectRanking['suspects'];
  const share = commitShare({ suspects, none, excluded: [] });
  expect(share).toBeGreaterThanOrEqual(least);
  expect(share).toBeLessThanOrEqual(most);
});
