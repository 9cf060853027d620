import { assert, asyncProperty, constantFrom, oneof, string } from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../ports.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';
import { at, NOON, newAlert, newIncident, noQueue } from './test-rows.ts';
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

async function open(overrides = {}): Promise<string> {
  const [incident] = await stores.incidents.insert([newIncident(overrides)]);
  return incident!.id;
}

test('incidents are numbered upwards and given back in the order of the request', async () => {
  const opened = await stores.incidents.insert([
    newIncident({ groupKey: 'b' }),
    newIncident({ groupKey: 'a', severity: 'critical' }),
    newIncident({ groupKey: 'c', service: undefined }),
  ]);
  expect(opened.map(({ groupKey }) => groupKey)).toEqual(['b', 'a', 'c']);
  const numbers = opened.map(({ id }) => Number(id.replace('INC-', '')));
  expect(numbers).toEqual([numbers[0], numbers[0]! + 1, numbers[0]! + 2]);
  expect(await stores.incidents.insert([])).toEqual([]);
});

test('an incident is read as it was written, with its alerts, earliest start first', async () => {
  const id = await open();
  const later = newAlert({ fingerprint: 'late', startsAt: '2026-03-01T11:58:00.123456789Z' });
  const earlier = newAlert({ fingerprint: 'early', startsAt: '2026-03-01T13:57:00+02:00' });
  await stores.incidents.upsertAlerts([later, earlier].map((alert) => ({ incidentId: id, alert })));
  expect(await stores.incidents.get(id)).toEqual({
    id,
    groupKey: 'service:checkout',
    status: 'investigating',
    severity: 'warning',
    service: 'checkout',
    title: 'Checkout fails',
    openedAt: NOON,
    startedAt: at(-5),
    resolvedAt: undefined,
    closedAt: undefined,
    note: undefined,
    alerts: [earlier, later],
  });
});

test.each(['INC-999999999', 'INC-', 'inc-1', '', 'INC-1; DROP TABLE incidents', `INC-${'9'.repeat(40)}`])(
  'there is no incident %j',
  async (id) => {
    expect(await stores.incidents.get(id)).toBeUndefined();
  },
);

test('an alert that comes again replaces what is known of it', async () => {
  const id = await open();
  await stores.incidents.upsertAlerts([{ incidentId: id, alert: newAlert() }]);
  const resolved = newAlert({ status: 'resolved', endsAt: at(3), annotations: { summary: 'Over' }, receivedAt: at(4) });
  await stores.incidents.upsertAlerts([{ incidentId: id, alert: resolved }]);
  expect((await stores.incidents.get(id))?.alerts).toEqual([resolved]);
});

test('the same alert twice in one batch: the last word counts', async () => {
  const id = await open();
  const resolved = newAlert({ status: 'resolved', endsAt: at(1) });
  await stores.incidents.upsertAlerts([newAlert(), resolved].map((alert) => ({ incidentId: id, alert })));
  expect((await stores.incidents.get(id))?.alerts).toEqual([resolved]);
});

test('20,000 alerts go into one incident at once, and 1,000 of them are shown', async () => {
  const id = await open();
  const rows = Array.from({ length: 20_000 }, (_, index) => ({
    incidentId: id,
    alert: newAlert({ fingerprint: `f${index}` }),
  }));
  await stores.incidents.upsertAlerts(rows);
  expect((await stores.incidents.get(id))?.alerts).toHaveLength(1_000);
});

test('an alert is found by its fingerprint: of the open incident before a newer one that is over', async () => {
  const older = await open();
  const newer = await open({ groupKey: 'other' });
  await stores.incidents.upsertAlerts([
    { incidentId: older, alert: newAlert({ startsAt: '2026-03-01T11:55:00.123456789Z' }) },
    { incidentId: newer, alert: newAlert({ status: 'resolved' }) },
    { incidentId: newer, alert: newAlert({ fingerprint: 'f2' }) },
  ]);
  await stores.incidents.setStatus(newer, 'resolved', at(1));
  expect(await stores.incidents.alertsByFingerprint(['f1', 'f2', 'unheard of'])).toEqual([
    {
      incidentId: older,
      incidentOpen: true,
      fingerprint: 'f1',
      startsAt: '2026-03-01T11:55:00.123456789Z',
      status: 'firing',
    },
    { incidentId: newer, incidentOpen: false, fingerprint: 'f2', startsAt: at(-5), status: 'firing' },
  ]);
  await stores.incidents.setStatus(older, 'closed', at(2));
  expect(await stores.incidents.alertsByFingerprint(['f1'])).toMatchObject([{ incidentId: newer }]);
});

test('that a report doubts an alert is known to who takes its repeat, until it is looked at again', async () => {
  const id = await open();
  await stores.incidents.upsertAlerts([{ incidentId: id, alert: newAlert({ fingerprint: 'doubted' }) }]);
  const doubtedAt = async () => (await stores.incidents.alertsByFingerprint(['doubted']))[0]?.doubtedAt;
  expect(await doubtedAt()).toBeUndefined();
  await stores.incidents.setDoubt(id, at(3));
  expect(await doubtedAt()).toBe(at(3));
  await stores.incidents.setDoubt(id, undefined);
  expect(await doubtedAt()).toBeUndefined();
});

test('only open incidents are found by their group', async () => {
  const id = await open({ groupKey: 'a' });
  const diagnosed = await open({ groupKey: 'b' });
  const over = await open({ groupKey: 'c' });
  await stores.incidents.setStatus(diagnosed, 'diagnosed', at(1));
  await stores.incidents.setStatus(over, 'resolved', at(1));
  const found = await stores.incidents.openByGroupKey(['c', 'b', 'a', 'd']);
  expect(found.map((incident) => incident.id)).toEqual([id, diagnosed]);
  expect(await stores.incidents.countOpen()).toBe(2);
  expect((await stores.incidents.listOpen(9)).map((incident) => incident.id)).toEqual([diagnosed, id]);
  expect((await stores.incidents.listOpen(1)).map((incident) => incident.id)).toEqual([diagnosed]);
});

test.each([
  { from: 'warning', to: 'critical', severity: 'critical' },
  { from: 'critical', to: 'info', severity: 'critical' },
  { from: 'critical', to: 'warning', severity: 'critical' },
  { from: 'info', to: 'warning', severity: 'warning' },
  { from: 'info', to: 'info', severity: 'info' },
] as const)('$from widened by $to is $severity', async ({ from, to, severity }) => {
  const id = await open({ severity: from });
  await stores.incidents.widen(id, to, at(-1));
  expect(await stores.incidents.get(id)).toMatchObject({ severity, startedAt: at(-5) });
  await stores.incidents.widen(id, to, at(-9));
  expect(await stores.incidents.get(id)).toMatchObject({ startedAt: at(-9) });
});

test('a status has its time, and an incident that opens again is not resolved any more', async () => {
  const id = await open();
  await stores.incidents.setStatus(id, 'resolved', at(1), 'errors are gone');
  expect(await stores.incidents.get(id)).toMatchObject({ resolvedAt: at(1), note: 'errors are gone' });
  await stores.incidents.setStatus(id, 'closed', at(2));
  expect(await stores.incidents.get(id)).toMatchObject({ resolvedAt: at(1), closedAt: at(2), note: 'errors are gone' });
  await stores.incidents.setStatus(id, 'investigating', at(3), 'it fires again');
  const again = await stores.incidents.get(id);
  expect(again).toMatchObject({ status: 'investigating', note: 'it fires again' });
  expect([again?.resolvedAt, again?.closedAt]).toEqual([undefined, undefined]);
});

test('silent is an open incident of which nothing was heard since', async () => {
  const silent = await open({ groupKey: 'a' });
  const heard = await open({ groupKey: 'b' });
  const over = await open({ groupKey: 'c' });
  for (const [incidentId, minutes] of [
    [silent, 0],
    [heard, 10],
    [over, 0],
  ] as const)
    await stores.incidents.upsertAlerts([{ incidentId, alert: newAlert({ receivedAt: at(minutes) }) }]);
  await stores.incidents.upsertAlerts([
    { incidentId: heard, alert: newAlert({ fingerprint: 'old', receivedAt: at(0) }) },
  ]);
  await stores.incidents.setStatus(over, 'resolved', at(1));
  expect(await stores.incidents.silentSince(at(5))).toEqual([silent]);
});

test('the list pages from the newest to the oldest, each incident once, without its alerts', async () => {
  const opened = await stores.incidents.insert(Array.from({ length: 7 }, () => newIncident()));
  await stores.incidents.upsertAlerts([{ incidentId: opened[0]!.id, alert: newAlert() }]);
  const seen: string[] = [];
  let cursor: string | undefined;
  const sizes: number[] = [];
  do {
    const page = await stores.incidents.list({ limit: 3, cursor });
    seen.push(...page.items.map(({ id }) => id));
    sizes.push(page.items.length);
    expect(page.items.every(({ alerts }) => alerts.length === 0)).toBe(true);
    cursor = page.next;
  } while (cursor !== undefined);
  expect(sizes).toEqual([3, 3, 1]);
  expect(seen).toEqual(opened.map(({ id }) => id).toReversed());
});

test('a page that is exactly full has no next one', async () => {
  await stores.incidents.insert(Array.from({ length: 3 }, () => newIncident()));
  expect((await stores.incidents.list({ limit: 3 })).next).toBeUndefined();
});

test('a cursor that is none is refused, not taken for the first page', async () => {
  await open();
  await expect(stores.incidents.list({ limit: 3, cursor: 'page 2' })).rejects.toMatchObject({ code: 'invalid-input' });
});

test.each([
  { query: { status: 'resolved' }, titles: ['100% of checkouts'] },
  { query: { severity: 'critical' }, titles: ['a_b'] },
  { query: { service: 'cart' }, titles: ['Cart \\ slow'] },
  { query: { service: 'CART' }, titles: [] },
  { query: { q: 'CHECK' }, titles: ['a_b', '100% of checkouts'] },
  { query: { q: '%' }, titles: ['100% of checkouts'] },
  { query: { q: '_' }, titles: ['a_b'] },
  { query: { q: '\\' }, titles: ['Cart \\ slow'] },
  { query: { q: "'; DROP TABLE incidents; --" }, titles: [] },
  { query: { q: 'a\0b' }, titles: [] },
  { query: { q: 'cart', status: 'resolved' }, titles: [] },
] as const)('$query lists $titles', async ({ query, titles }) => {
  const [, resolved] = await stores.incidents.insert([
    newIncident({ title: 'Cart \\ slow', service: 'cart' }),
    newIncident({ title: '100% of checkouts', service: undefined }),
    newIncident({ title: 'a_b', severity: 'critical' }),
  ]);
  await stores.incidents.setStatus(resolved!.id, 'resolved', at(1));
  const { items } = await stores.incidents.list({ limit: 10, ...query });
  expect(items.map(({ title }) => title)).toEqual(titles);
});

test('an incident is found by its id', async () => {
  const id = await open();
  await open();
  expect((await stores.incidents.list({ limit: 10, q: id })).items.map((incident) => incident.id)).toEqual([id]);
});

/** As Postgres can hold it. */
function cleaned(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

test('any text of an alert is kept, but for what Postgres cannot hold, which is shown as replaced', async () => {
  const id = await open();
  const anyText = oneof(
    string({ unit: 'binary' }),
    constantFrom('\0', '\ud800', 'a\udc00b', '\\u0000', '\\\\ud800', '\\\0', '"\\', 'constructor'),
  );
  await assert(
    asyncProperty(anyText, anyText, async (name, value) => {
      const alert = newAlert({ labels: { [`x${name}`]: value }, annotations: { summary: value } });
      await stores.incidents.upsertAlerts([{ incidentId: id, alert }]);
      const [kept] = (await stores.incidents.get(id))?.alerts ?? [];
      expect([kept?.labels, kept?.annotations]).toEqual([
        { [cleaned(`x${name}`)]: cleaned(value) },
        { summary: cleaned(value) },
      ]);
    }),
    { numRuns: 100 },
  );
});

test('NUL and half characters in a title or a group do not cost the incident', async () => {
  const id = await open({ groupKey: 'a\0b', title: 'bad \0 text \ud800', service: 'check\0out' });
  expect(await stores.incidents.get(id)).toMatchObject({ groupKey: 'a\uFFFDb', title: 'bad \uFFFD text \uFFFD' });
  expect(await stores.incidents.openByGroupKey(['a\0b'])).toMatchObject([{ id }]);
  await stores.incidents.upsertAlerts([{ incidentId: id, alert: newAlert({ fingerprint: 'f\0' }) }]);
  expect(await stores.incidents.alertsByFingerprint(['f\0'])).toHaveLength(1);
  await stores.incidents.setStatus(id, 'resolved', at(1), 'no\0te');
  expect(await stores.incidents.get(id)).toMatchObject({ note: 'no\uFFFDte' });
});

test('a time that the database cannot hold is the input’s fault', async () => {
  await expect(stores.incidents.insert([newIncident({ startedAt: '0000-01-01T00:00:00Z' })])).rejects.toMatchObject({
    code: 'invalid-input',
    retryable: false,
  });
});
