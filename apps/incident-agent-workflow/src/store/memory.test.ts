import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../ports.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';
import { at, newIncident, noQueue } from './test-rows.ts';
import { createUnitOfWork } from './unit-of-work.ts';

let testDatabase: TestDatabase;
let stores: Stores;
beforeAll(async () => {
  testDatabase = await startTestDatabase();
});
beforeEach(async () => {
  await sql`TRUNCATE incidents CASCADE`.execute(testDatabase.database);
  stores = createUnitOfWork(testDatabase.database, () => noQueue).stores;
});
afterAll(() => testDatabase.dispose());

async function remembered(minutes: number, signatures: readonly string[]): Promise<string> {
  const [incident] = await stores.incidents.insert([newIncident({ openedAt: at(minutes) })]);
  const id = incident?.id ?? '';
  await stores.memory.remember(id, signatures);
  return id;
}

test('incidents that share a signature are found, newest first, with what they share', async () => {
  const first = await remembered(-60, ['trace a', 'alert x']);
  const second = await remembered(-30, ['alert x', "log it's <*>"]);
  await remembered(-20, ['trace b']);
  const found = await stores.memory.earlier(['alert x', 'trace a', "log it's <*>"], at(0), 10);
  expect(found.map(({ id, matched }) => [id, matched])).toEqual([
    [second, ['alert x', "log it's <*>"]],
    [first, ['alert x', 'trace a']],
  ]);
  expect(await stores.memory.earlier(['alert x'], at(0), 1)).toMatchObject([{ id: second }]);
  expect(await stores.memory.earlier(['alert x'], at(-30), 10)).toMatchObject([{ id: first }]);
  expect(await stores.memory.earlier([], at(0), 10)).toEqual([]);
});

test('of an incident what its newest report says is kept', async () => {
  const id = await remembered(-10, ['trace a', 'alert x']);
  await stores.memory.remember(id, ['alert x', 'trace b']);
  expect(await stores.memory.earlier(['trace a'], at(0), 10)).toEqual([]);
  expect(await stores.memory.earlier(['trace b'], at(0), 10)).toMatchObject([{ id, statement: null, feedback: null }]);
});

test('the newest word of people goes with the incident; all of them can be read', async () => {
  const id = await remembered(-10, ['trace a']);
  const wrong = { pipelineId: '3FA9C21B', verdict: 'wrong' as const, at: at(1) };
  const right = { pipelineId: '3FA9C21B', verdict: 'right' as const, note: 'after all\u0000', at: at(2) };
  await stores.memory.addFeedback(id, wrong);
  await stores.memory.addFeedback(id, right);
  expect((await stores.memory.feedbackOn(id)).map(({ verdict }) => verdict)).toEqual(['wrong', 'right']);
  expect((await stores.memory.earlier(['trace a'], at(0), 10))[0]?.feedback).toMatchObject({ verdict: 'right' });
});
