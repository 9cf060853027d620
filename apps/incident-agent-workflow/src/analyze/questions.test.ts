import { afterAll, expect, test } from 'vitest';
import { type Question, questionKey } from '../domain/question.ts';
import { openingQuestions } from './questions.ts';
import {
  CALLEE_CHANGED,
  CRASH_LINE_CHANGED,
  ITEMS,
  itemsRepository,
  mongoDownWorld,
  processDownWorld,
  regressionWorld,
  STORE,
} from './scenarios.test-helper.ts';
import { answerOf, contextOf, jsonLine, leads, ONSET, serviceOf, type World } from './world.test-helper.ts';

const kept: { remove(): void }[] = [];
afterAll(() => {
  for (const repository of kept) repository.remove();
});
function worldWith(change: typeof CALLEE_CHANGED, property: string): World {
  const repository = itemsRepository(change);
  kept.push(repository);
  return regressionWorld(repository, {
    type: 'TypeError',
    message: `Cannot read properties of undefined (reading '${property}')`,
    frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`, `/srv/repo/${ITEMS}:21:29`, '../../etc/passwd:1:1'],
  });
}
function look(world: World, questions: readonly Question[]) {
  return questions.map((question) => answerOf(question, world));
}
function places(questions: readonly Question[]): string[] {
  return questions.flatMap((question) =>
    question.kind === 'file-lines' || question.kind === 'blame'
      ? [`${question.kind} ${question.path}:${question.toLine - 20}`]
      : [],
  );
}

test('the opening asks for what every alert needs, each thing once', () => {
  const questions = openingQuestions(contextOf(worldWith(CRASH_LINE_CHANGED, '0')));
  const kinds = new Set(questions.map(({ kind }) => kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['metric', 'targets', 'probe', 'logs', 'history', 'files']));
  expect(new Set(questions.map(questionKey)).size).toBe(questions.length);
});

test('a dependency that is a registered service is asked whether it lives', () => {
  const world = worldWith(CRASH_LINE_CHANGED, '0');
  const store = serviceOf('store');
  const service = { ...world.service, dependsOn: ['store', 'nobody-knows-this', 'items-api'] };
  const context = { ...contextOf(world), service, registry: { services: [service, store] } };
  const asked = openingQuestions(context).filter((question) => question.service.name !== 'items-api');
  expect(asked.map((question) => [question.service.name, question.kind])).toEqual([
    ['store', 'metric'],
    ['store', 'probe'],
    ['store', 'metric-names'],
  ]);
});

test('a crash leads to its code and its authors, then to the change that is suspect, then to nothing new', () => {
  const world = worldWith(CALLEE_CHANGED, 'amount');
  const context = contextOf(world);
  const opening = look(world, openingQuestions(context));
  const first = leads(opening, context);
  expect(places(first)).toEqual([`file-lines ${ITEMS}:15`, `blame ${ITEMS}:15`]);
  const second = leads([...opening, ...look(world, first)], context);
  expect(places(second)).toEqual([`file-lines ${STORE}:16`, `blame ${STORE}:16`]);
  // What the crash uses is defined where the suspect change is: that is known by then, and so is what it uses itself.
  let seen = [...opening, ...look(world, first), ...look(world, second)];
  const further = [1, 2, 3].map(() => {
    const questions = leads(seen, context);
    seen = [...seen, ...look(world, questions)];
    return questions;
  });
  expect(further.flatMap(places).every((place) => place.includes('apps/items-api/'))).toBe(true);
  expect(further.at(-1)).toEqual([]);
});

test('a path from a log line that is not in the repository is never asked for', () => {
  const world = worldWith(CRASH_LINE_CHANGED, '0');
  const context = contextOf(world);
  const asked = leads(look(world, openingQuestions(context)), context);
  expect(places(asked).join()).not.toContain('passwd');
});

test('what a service has is asked for once its metrics are known, of a neighbour what its requests do', () => {
  const world = worldWith(CRASH_LINE_CHANGED, '0');
  const service = { ...world.service, dependsOn: ['store'] };
  const metrics = {
    ...world.metrics,
    [`${service.name} db_pool_in_use`]: [],
    'store up': [],
    'store http_requests_total': [],
    'store basket_value': [],
  };
  const known = { ...world, service, metrics, registry: { services: [service, serviceOf('store')] } };
  const further = leads(look(known, openingQuestions(contextOf(known))), contextOf(known));
  const asked = further.flatMap((question) =>
    question.kind === 'metric' ? [`${question.service.name} ${question.metric}`] : [],
  );
  expect(asked).toContain(`${service.name} db_pool_in_use`);
  expect(asked.filter((each) => each.startsWith('store '))).toEqual(['store http_requests_total']);
});

test('an error that names a neighbour leads to the neighbour', () => {
  const base = worldWith(CRASH_LINE_CHANGED, '0');
  const shop = serviceOf('shop', { healthUrl: 'http://localhost:7777/health' });
  const line = jsonLine('items-api', ONSET, 'ERROR', 'calling failed: connect ECONNREFUSED 127.0.0.1:7777');
  const world: World = { ...base, registry: { services: [base.service, shop] }, logs: [line], repository: undefined };
  const context = contextOf(world);
  const asked = leads(look(world, openingQuestions(context)), context);
  expect(asked.map((question) => [question.service.name, question.kind])).toEqual([
    ['shop', 'metric'],
    // Whether it was started anew: it may call as well as be called.
    ['shop', 'metric'],
    ['items-api', 'earlier-incidents'],
    ['shop', 'probe'],
    ['shop', 'metric-names'],
  ]);
});

test('a dependency that refuses connections leads to no code', () => {
  const repository = itemsRepository(CRASH_LINE_CHANGED);
  kept.push(repository);
  const world = mongoDownWorld(repository);
  const context = contextOf(world);
  const asked = leads(look(world, openingQuestions(context)), context);
  expect(asked.map(({ kind }) => kind)).toEqual(['history', 'earlier-incidents']);
});

test.each([
  {
    says: 'could not be scraped',
    upAt: (index: number) => (index < 180 ? 1 : 0),
    asked: ['up', 'process_start_time_seconds'],
  },
  { says: 'could be scraped', upAt: () => 1, asked: [] },
])('where the service $says, others are asked whether they could', ({ upAt, asked }) => {
  const other = serviceOf('unrelated');
  const context = contextOf(processDownWorld());
  const known = { ...context, registry: { services: [context.service, other] } };
  const up = openingQuestions(known).find((question) => question.kind === 'metric' && question.metric === 'up')!;
  const points = Array.from({ length: 300 }, (_none, index) => ({
    at: new Date(Date.parse(context.window.from) + index * 15_000).toISOString(),
    value: upAt(index),
  })).filter(({ at }) => at <= context.window.to);
  const seen = [
    {
      question: up,
      answer: { source: 'p', query: 'up', telemetry: { series: [{ metric: 'up', labels: {}, points }] }, gaps: [] },
    },
  ];
  const found = leads(seen, known).filter((question) => question.service.name === 'unrelated');
  expect(found.map((question) => (question.kind === 'metric' ? question.metric : question.kind))).toEqual(asked);
});
