import { afterAll, expect, test } from 'vitest';
import { commitOf, hunk } from './commits/commit.test-helper.ts';
import type { Suspect, SuspectRanking } from './commits/rank.ts';
import { observeTelemetry } from './producers.ts';
import { CRASH_LINE_CHANGED, externalWorld, itemsRepository } from './scenarios.test-helper.ts';
import {
  commitShare,
  firstOfDeploy,
  isStrong,
  isTelling,
  rankSuspects,
  shortensPatience,
  standingOut,
} from './suspicion.ts';
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

const NAMED = [{ name: 'brought-in', value: 1 }] as const;
const suspectOf = (more: Partial<Suspect>): Suspect => ({
  commit: commitOf(1, 'config/a.json', hunk('-"bank": 3000', '+"bank": 70')),
  suspicion: 0.9,
  features: NAMED,
  isDirect: true,
  isRecent: true,
  at: undefined,
  ...more,
});

const alike = (nearness: number) =>
  [
    { name: 'token-overlap', value: 0.5 },
    { name: 'relied-on', value: 0.4 },
    { name: 'service-match', value: nearness },
  ] as const;

test.each([
  { says: 'what came lately and brought in what the error says', more: {}, strong: true, telling: true },
  { says: 'the same, in service for long', more: { isRecent: false }, strong: false, telling: true },
  { says: 'what only came lately', more: { features: [] }, strong: false, telling: false },
  { says: 'what changed the names of the failing line', more: { features: alike(1) }, strong: true, telling: true },
  {
    says: 'what only says something else in these names',
    more: { features: [...alike(1), { name: 'inert' as const, value: 0.5 }] },
    strong: false,
    telling: false,
  },
  { says: 'what has them in another service', more: { features: alike(0.3) }, strong: false, telling: false },
])('$says may be blamed: $strong, and named: $telling', ({ more, strong, telling }) => {
  expect(isStrong(suspectOf(more))).toBe(strong);
  expect(isTelling(suspectOf(more))).toBe(telling);
});

test.each([
  { says: 'that was cut, and the error names it', more: {}, shortens: true },
  { says: 'that the error does not name', more: { features: [] }, shortens: false },
  {
    says: 'that was raised',
    more: { commit: commitOf(1, 'config/a.json', hunk('-"bank": 30', '+"bank": 70')) },
    shortens: false,
  },
])('a limit $says is impatience of our own: $shortens', ({ more, shortens }) => {
  expect(shortensPatience(suspectOf(more))).toBe(shortens);
});

const JUST_BEFORE = [{ name: 'deploy-proximity', value: 0.9 }] as const;

test.each([
  { says: 'just before, far ahead of the others', first: {}, second: 0.1, none: 0.2, named: true },
  { says: 'just before, a little ahead of one other', first: {}, second: 0.4, none: 0.1, named: true },
  { says: 'just before, beside one as likely', first: {}, second: 0.6, none: 0.1, named: false },
  { says: 'just before, where none of them is more likely', first: {}, second: 0.1, none: 0.7, named: false },
  { says: 'at a time nobody knows', first: { features: [] }, second: 0.1, none: 0.2, named: false },
  { says: 'long before', first: { isRecent: false }, second: 0.1, none: 0.2, named: false },
  {
    says: 'long before, doing what brings it about',
    first: { isRecent: false, isDirect: true },
    second: 0.1,
    none: 0.2,
    named: true,
  },
  {
    says: 'just before, rewording what is said',
    first: { features: [...JUST_BEFORE, { name: 'inert' as const, value: 0.5 }] },
    second: 0.1,
    none: 0.2,
    named: false,
  },
  {
    says: 'just before, changing documents alone',
    first: { features: [...JUST_BEFORE, { name: 'inert' as const, value: 1 }] },
    second: 0.1,
    none: 0.2,
    named: false,
  },
])('what came into service $says stands out: $named', ({ first, second, none, named }) => {
  const leading = suspectOf({ features: JUST_BEFORE, suspicion: 0.6, isDirect: false, ...first });
  const suspects = [leading, suspectOf({ suspicion: second })];
  expect(standingOut({ suspects, none, excluded: [] })).toBe(named ? leading : undefined);
});

const OF_DEPLOY = [...JUST_BEFORE, { name: 'service-match' as const, value: 1 }];

test.each([
  { says: 'two as likely as each other', second: {}, none: 0.3, named: true },
  { says: 'two, while none of them is more likely', second: {}, none: 0.7, named: false },
  { says: 'one, and one of before', second: { isRecent: false }, none: 0.3, named: false },
  {
    says: 'one, and one of another service',
    second: { features: [...JUST_BEFORE, { name: 'service-match' as const, value: 0.3 }] },
    none: 0.3,
    named: false,
  },
  {
    says: 'one, and one that changes documents alone',
    second: { features: [...OF_DEPLOY, { name: 'inert' as const, value: 1 }] },
    none: 0.3,
    named: false,
  },
])('of a deploy with $says the first is named: $named', ({ second, none, named }) => {
  const each = { features: OF_DEPLOY, suspicion: (1 - none) / 2, isDirect: false };
  const leading = suspectOf(each);
  const ranking = { suspects: [leading, suspectOf({ ...each, ...second })], none, excluded: [] };
  expect(standingOut(ranking)).toBe(undefined);
  expect(firstOfDeploy(ranking)).toBe(named ? leading : undefined);
});
