/** What a model makes up does not reach a reader: not a figure, not a name, not a cause, not an order. */
import { afterAll, expect, test } from 'vitest';
import {
  CALLEE_CHANGED,
  CRASH_LINE_CHANGED,
  externalWorld,
  itemsRepository,
  mongoDownWorld,
  processDownWorld,
  regressionWorld,
} from './analyze/scenarios.test-helper.ts';
import { investigate, type World } from './analyze/world.test-helper.ts';
import type { Facts } from './domain/facts.ts';
import { liesAbout } from './lies.test-helper.ts';
import { sentenceJudge } from './verify/model-sentences.ts';

const repositories = [itemsRepository(CALLEE_CHANGED), itemsRepository(CRASH_LINE_CHANGED)] as const;
afterAll(() => {
  for (const repository of repositories) repository.remove();
});
const WORLDS: Record<string, World> = {
  'a regression': regressionWorld(repositories[0], undefined),
  'a dependency that is down': mongoDownWorld(repositories[1]),
  'a process that is gone': processDownWorld(),
  'an external service': externalWorld(repositories[1]),
};
const FACTS: [string, Facts, string[]][] = Object.entries(WORLDS).map(([says, world]) => [
  says,
  investigate(world),
  [...world.registry.services.map(({ name }) => name), 'shop'],
]);

test.each(FACTS)('no lie about %s stands', (_, facts, names) => {
  const lies = liesAbout(facts);
  expect(lies.length).toBeGreaterThan(100);
  const judge = sentenceJudge(facts, names);
  const believed = lies.filter((lie) => judge(lie).result === 'supported');
  expect(believed).toEqual([]);
});

test('more than 200 lies were told', () => {
  const told = new Set(FACTS.flatMap(([says, facts]) => liesAbout(facts).map((lie) => JSON.stringify([says, lie]))));
  expect(told.size).toBeGreaterThan(600);
});

test('what the engine says itself, and says in other words, stands', () => {
  for (const [, facts, names] of FACTS)
    for (const { id, title } of facts.evidence) {
      const { reason } = sentenceJudge(facts, names)({ text: `${title}.`, cites: [id] });
      expect([title, reason]).toEqual([title, '']);
    }
});

test.each<[string, string, string[]]>([
  [
    'a dependency that is down',
    'The readiness address of mongo-api-service answered 503 at 10:01:30 while its health address answered 200.',
    ['E8', 'E9'],
  ],
  ['a dependency that is down', 'MongoDB cannot be connected to.', ['E3', 'E11']],
  [
    'a dependency that is down',
    'The log shows `connect ECONNREFUSED 127.0.0.1:27017` 42 times since 09:58:06.',
    ['E11'],
  ],
  [
    'a dependency that is down',
    'The share of 5xx answers of mongo-api-service increased from 0 % to 90 % at 09:58:20.',
    ['E4'],
  ],
  [
    'a dependency that is down',
    'The stack trace ends at apps/items-api/src/store.ts:21 with MongoServerSelectionError.',
    ['E11'],
  ],
  ['a dependency that is down', 'GET /items/ returned 5xx answers for 90 % of the requests.', ['E4']],
  [
    'a dependency that is down',
    'At 09:58:20 the 5xx share rose to 90 %, and the request rate stayed near 2 per second.',
    ['E4', 'E5'],
  ],
  ['a dependency that is down', 'MongoDB very likely broke mongo-api-service.', ['E3', 'E11']],
  ['a regression', 'items-api was restarted at 09:57:25 and its 5xx share rose to 32 % at 09:58:20.', ['E3', 'E5']],
  ['a regression', '14 commits touched items-api, and 62fa4f2 is deployed.', ['E9']],
  ['a process that is gone', 'The health address of weather-app1 refused the connection.', ['E4']],
  ['a process that is gone', 'Nothing listens at the address of weather-app1.', ['E2', 'E4']],
  ['a process that is gone', 'weather-app1 logged nothing after 09:56:20.', ['E6']],
])('of %s, "%s" is borne out', (name, text, cites) => {
  const [, facts, names] = FACTS.find(([says]) => says === name)!;
  expect(sentenceJudge(facts, names)({ text, cites })).toMatchObject({ result: 'supported', reason: '' });
});
