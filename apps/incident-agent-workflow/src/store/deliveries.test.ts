import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../domain/delivery.ts';
import type { DeliveryStore, UnitOfWork } from '../ports.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';
import { at, NOON, noQueue, openRun } from './test-rows.ts';
import { createUnitOfWork } from './unit-of-work.ts';

let testDatabase: TestDatabase;
let unitOfWork: UnitOfWork;
let deliveries: DeliveryStore;
let incidentId: string;
let runId: string;
beforeAll(async () => {
  testDatabase = await startTestDatabase({ poolSize: 10 });
  unitOfWork = createUnitOfWork(testDatabase.database, () => noQueue);
  ({ deliveries } = unitOfWork.stores);
});
beforeEach(async () => {
  await sql`TRUNCATE incidents CASCADE`.execute(testDatabase.database);
  ({ incidentId, runId } = await openRun(unitOfWork.stores));
});
afterAll(() => testDatabase.dispose());

function planned(overrides: Partial<Delivery> = {}): Parameters<DeliveryStore['plan']>[0][number] {
  const id = randomUUID();
  return {
    id,
    incidentId,
    runId,
    destination: 'email',
    kind: 'opened',
    reportVersion: 1,
    idempotencyKey: id,
    plannedAt: NOON,
    nextAttemptAt: NOON,
    ...overrides,
  };
}

function ids(rows: readonly Delivery[]): string[] {
  return rows.map(({ id }) => id);
}

test('a second plan with the same key changes nothing', async () => {
  const first = planned({ idempotencyKey: 'k' });
  await deliveries.plan([first, planned({ idempotencyKey: 'k', destination: 'slack' })]);
  await deliveries.plan([planned({ idempotencyKey: 'k', destination: 'slack', reportVersion: 2 })]);
  expect(await deliveries.list()).toEqual([
    { ...first, state: 'planned', attempts: 0, sentAt: null, receipt: null, lastError: null },
  ]);
});

test('what is due is taken, the longest due first, and no more than asked for', async () => {
  const due = [3, 1, 2].map((minutes) => planned({ nextAttemptAt: at(minutes) }));
  await deliveries.plan([...due, planned({ nextAttemptAt: at(60) })]);
  const first = await deliveries.takeDue(at(5), 2);
  expect(first.map(({ delivery }) => delivery.nextAttemptAt)).toEqual([at(1), at(2)]);
  expect(first.every(({ delivery, interrupted }) => delivery.state === 'sending' && !interrupted)).toBe(true);
  const second = await deliveries.takeDue(at(5), 10);
  expect(second.map(({ delivery }) => [delivery.nextAttemptAt, delivery.attempts])).toEqual([[at(3), 1]]);
});

test('of many outboxes that look at once, each row goes to one', async () => {
  await deliveries.plan(Array.from({ length: 40 }, () => planned()));
  const taken = await Promise.all(Array.from({ length: 10 }, () => deliveries.takeDue(at(1), 8)));
  const given = taken.flat().map(({ delivery }) => delivery.id);
  const rest = await deliveries.takeDue(at(1), 40);
  expect(given.length + rest.length).toBe(40);
  expect(new Set([...given, ...rest.map(({ delivery }) => delivery.id)]).size).toBe(40);
});

test('what a dead outbox left is handed out as interrupted when its lease has run out, not before', async () => {
  await deliveries.plan([planned()]);
  await deliveries.takeDue(at(1), 1);
  expect(await deliveries.takeDue(at(1.9), 1)).toEqual([]);
  const again = await deliveries.takeDue(at(2.1), 1);
  expect(again).toMatchObject([{ interrupted: true, delivery: { attempts: 2, state: 'sending' } }]);
  expect(await deliveries.takeDue(at(2.2), 1)).toEqual([]);
});

test('released, it is handed out as interrupted at once', async () => {
  await deliveries.plan([planned(), planned({ nextAttemptAt: at(60) })]);
  await deliveries.takeDue(at(1), 1);
  await deliveries.releaseLeases();
  expect(await deliveries.takeDue(at(1), 5)).toMatchObject([{ interrupted: true }]);
});

test('a sent one keeps its receipt and its time, and is not due any more', async () => {
  const one = planned();
  await deliveries.plan([one]);
  await deliveries.takeDue(at(1), 1);
  await deliveries.settle(one.id, { state: 'sent', at: at(2), receipt: { messageId: 'a\0b' } });
  expect(await deliveries.get(one.id)).toMatchObject({
    state: 'sent',
    sentAt: at(2),
    receipt: { messageId: 'a\uFFFDb' },
    lastError: null,
  });
  expect(await deliveries.takeDue(at(600), 5)).toEqual([]);
});

test('a late word about an earlier try does not take back that it was sent', async () => {
  const one = planned();
  await deliveries.plan([one]);
  await deliveries.takeDue(at(1), 1);
  await deliveries.takeDue(at(3), 1);
  await deliveries.settle(one.id, { state: 'sent', at: at(4), receipt: { messageId: 'a' } });
  await deliveries.settle(one.id, { state: 'planned', at: at(5), nextAttemptAt: at(5), lastError: 'timed out' });
  await deliveries.settle(one.id, { state: 'unknown', at: at(5), lastError: 'timed out' });
  expect(await deliveries.get(one.id)).toMatchObject({ state: 'sent', sentAt: at(4), lastError: null });
  expect(await deliveries.takeDue(at(600), 5)).toEqual([]);
});

test('a failed try waits for its next time, with what went wrong', async () => {
  const one = planned();
  await deliveries.plan([one]);
  await deliveries.takeDue(at(1), 1);
  await deliveries.settle(one.id, { state: 'planned', at: at(1), nextAttemptAt: at(10), lastError: 'refused \0' });
  expect(await deliveries.get(one.id)).toMatchObject({ state: 'planned', lastError: 'refused \uFFFD' });
  expect(await deliveries.takeDue(at(9), 1)).toEqual([]);
  expect(await deliveries.takeDue(at(10), 1)).toMatchObject([{ interrupted: false, delivery: { attempts: 2 } }]);
});

test('the first receipt is that of the message sent first at that destination', async () => {
  expect(await deliveries.firstReceipt(incidentId, 'email')).toBeUndefined();
  const [first, second, elsewhere] = [planned(), planned(), planned({ destination: 'slack' })];
  await deliveries.plan([first, second, elsewhere]);
  await deliveries.settle(second.id, { state: 'sent', at: at(3), receipt: 'second' });
  await deliveries.settle(first.id, { state: 'sent', at: at(2), receipt: 'first' });
  await deliveries.settle(elsewhere.id, { state: 'sent', at: at(1), receipt: 'elsewhere' });
  expect(await deliveries.firstReceipt(incidentId, 'email')).toBe('first');
  expect(await deliveries.firstReceipt('INC-999999', 'email')).toBeUndefined();
});

test('deliveries are listed by state and by incident', async () => {
  const other = await openRun(unitOfWork.stores);
  const [mine, theirs] = [planned(), planned({ incidentId: other.incidentId, runId: other.runId })];
  await deliveries.plan([mine, theirs]);
  await deliveries.settle(theirs.id, { state: 'failed', at: at(1), lastError: 'no' });
  expect(ids(await deliveries.list('failed'))).toEqual([theirs.id]);
  expect(ids(await deliveries.list()).toSorted()).toEqual([mine.id, theirs.id].toSorted());
  expect(ids(await deliveries.ofIncident(incidentId))).toEqual([mine.id]);
  expect(await deliveries.ofIncident('nonsense')).toEqual([]);
});

test.each(['', 'nonsense', "' OR true --", '00000000-0000-0000-0000-000000000000'])(
  'there is no delivery %j',
  async (id) => {
    expect(await deliveries.get(id)).toBeUndefined();
  },
);
