import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunRecord } from '../domain/bundle.ts';
import type { Observation } from '../domain/telemetry.ts';
import type { RunJournal, StageResult, UnitOfWork } from '../ports.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';
import { at, NOON, newAlert, newIncident, newReport, newRun, noQueue, openRun } from './test-rows.ts';
import { createUnitOfWork } from './unit-of-work.ts';

let testDatabase: TestDatabase;
let unitOfWork: UnitOfWork;
let runs: RunJournal;
let incidentId: string;
let runId: string;
beforeAll(async () => {
  testDatabase = await startTestDatabase({ poolSize: 10 });
  unitOfWork = createUnitOfWork(testDatabase.database, () => noQueue);
  ({ runs } = unitOfWork.stores);
});
beforeEach(async () => {
  await sql`TRUNCATE incidents CASCADE`.execute(testDatabase.database);
  ({ incidentId, runId } = await openRun(unitOfWork.stores));
});
afterAll(() => testDatabase.dispose());

function stage(overrides: Partial<StageResult> = {}): StageResult {
  return { runId, stage: 'look', attempt: 1, startedAt: at(1), finishedAt: at(2), result: { seen: 1 }, ...overrides };
}

test('a run is read as it was created, the newest of an incident first', async () => {
  const later = newRun(incidentId, { createdAt: at(5), reason: 'joined', forcedRoute: 'quick' });
  await runs.create(later);
  expect(await runs.get(later.id)).toEqual({ ...later, status: 'queued', attempt: 0, finishedAt: undefined });
  expect((await runs.ofIncident(incidentId)).map(({ id }) => id)).toEqual([later.id, runId]);
  expect(await runs.ofIncident('INC-999999')).toEqual([]);
});

test.each(['', 'nonsense', '00000000-0000-0000-0000-000000000000', "'; DROP TABLE runs"])(
  'there is no run %j, nor anything of it',
  async (id) => {
    expect(await runs.get(id)).toBeUndefined();
    expect(await unitOfWork.stores.reports.get(id, 1)).toBeUndefined();
  },
);

test('a run is taken by attempts that count up; an earlier or the same one is refused', async () => {
  expect(await runs.take(runId, 1)).toBe(true);
  expect(await runs.take(runId, 1)).toBe(false);
  expect(await runs.take(runId, 3)).toBe(true);
  expect(await runs.take(runId, 2)).toBe(false);
  expect(await runs.get(runId)).toMatchObject({ status: 'running', attempt: 3 });
});

test.each(['done', 'failed'] as const)('a run that is %s is not taken again', async (status) => {
  await runs.take(runId, 1);
  await runs.end(runId, 1, status, at(3));
  expect(await runs.get(runId)).toMatchObject({ status, finishedAt: at(3) });
  expect(await runs.take(runId, 2)).toBe(false);
});

test('of many workers that take the same attempt, one has it', async () => {
  const taken = await Promise.all(Array.from({ length: 10 }, () => runs.take(runId, 1)));
  expect(taken.filter(Boolean)).toHaveLength(1);
});

test.each([
  { says: 'a structure', result: { a: [1, null, { b: 'x' }] }, kept: { a: [1, null, { b: 'x' }] } },
  { says: 'nothing', result: undefined, kept: null },
  { says: 'null', result: null, kept: null },
  { says: 'a text', result: 'quick', kept: 'quick' },
  {
    says: 'text that Postgres cannot hold, in names too',
    result: { 'a\0': 'b\ud800', '\\u0000': '\\\0' },
    kept: { 'a\uFFFD': 'b\uFFFD', '\\u0000': '\\\uFFFD' },
  },
])('a stage’s result is kept: $says', async ({ result, kept }) => {
  await runs.take(runId, 1);
  expect(await runs.finished(runId, 'look')).toBeUndefined();
  await runs.finish(stage({ result, note: 'slow \0' }));
  expect(await runs.finished(runId, 'look')).toEqual({ result: kept, note: 'slow \uFFFD' });
});

test('a stage of an earlier attempt is refused, and what the newer one wrote stands', async () => {
  await runs.take(runId, 1);
  await runs.take(runId, 2);
  await runs.finish(stage({ attempt: 2, result: 'new' }));
  await expect(runs.finish(stage({ attempt: 1, result: 'old' }))).rejects.toMatchObject({
    code: 'refused',
    retryable: false,
  });
  await runs.end(runId, 1, 'failed', at(9));
  expect(await runs.finished(runId, 'look')).toMatchObject({ result: 'new' });
  expect(await runs.get(runId)).toMatchObject({ status: 'running' });
});

test('a stage that is written while a newer attempt takes the run is either kept or refused, and never overwrites', async () => {
  for (let round = 0; round < 20; round += 1) {
    const run = newRun(incidentId);
    await runs.create(run);
    await runs.take(run.id, 1);
    const [late] = await Promise.all([
      runs.finish(stage({ runId: run.id, result: 'old' })).then(
        () => 'kept',
        (error: { code: string }) => error.code,
      ),
      runs
        .take(run.id, 2)
        .then(
          async () =>
            (await runs.finished(run.id, 'look')) ?? runs.finish(stage({ runId: run.id, attempt: 2, result: 'new' })),
        ),
    ]);
    expect(['kept', 'refused']).toContain(late);
    const { result } = (await runs.finished(run.id, 'look'))!;
    expect(late === 'refused' ? result : 'old or new').toBe(late === 'refused' ? 'new' : 'old or new');
  }
});

test('a stage of a run that does not exist is refused', async () => {
  await expect(runs.finish(stage({ runId: randomUUID() }))).rejects.toMatchObject({ code: 'refused' });
});

test('stages are listed in the order in which they ended', async () => {
  await runs.take(runId, 1);
  await runs.finish(stage({ stage: 'triage', startedAt: at(3), finishedAt: at(4) }));
  await runs.finish(stage({ stage: 'look', note: 'a note' }));
  expect((await runs.stages(runId)).map((one) => [one.stage, one.attempt, one.finishedAt, one.note])).toEqual([
    ['look', 1, at(2), 'a note'],
    ['triage', 1, at(4), undefined],
  ]);
});

function record(telemetry: Observation['answer']['telemetry']): RunRecord {
  const service = { name: 'a', logPaths: {}, dependsOn: [], runbooks: [], owners: [], labels: {} };
  return {
    incident: { ...newIncident(), id: 'INC-1', status: 'investigating', alerts: [newAlert()] },
    registry: { services: [service] },
    observations: [
      { question: { kind: 'files', service }, answer: { source: 'git', query: 'git ls-tree', telemetry, gaps: [] } },
    ],
  };
}

test('what a run saw is kept and read back, and again replaces it', async () => {
  expect(await runs.record(runId)).toBeUndefined();
  await runs.keepRecord(runId, record({ paths: ['first'] }));
  await runs.keepRecord(runId, record({ paths: ['a\0b', 'ü'] }));
  expect(JSON.stringify(await runs.record(runId))).toBe(JSON.stringify(record({ paths: ['a\uFFFDb', 'ü'] })));
});

function noise(): string {
  return randomBytes(1024).toString('base64');
}

test('of what does not fit into 8 MB the newest lines and samples are kept, and gaps say so', async () => {
  const logLines = Array.from({ length: 16_000 }, (_, index) => ({
    stream: index % 4 ? 'a' : 'b',
    text: `${index} ${noise()}`,
  }));
  const points = Array.from({ length: 100 }, (_, index) => ({ at: at(index), value: index }));
  await runs.keepRecord(runId, record({ logLines, series: [{ metric: 'up', labels: {}, points }] }));
  const { telemetry, gaps } = (await runs.record(runId))!.observations[0]!.answer;
  expect(telemetry.logLines?.map(({ text }) => text).slice(-3)).toEqual(logLines.map(({ text }) => text).slice(-3));
  expect(telemetry.logLines?.filter(({ stream }) => stream === 'b')).toHaveLength(2_000);
  expect(telemetry.series?.[0]?.points).toEqual(points.slice(50));
  expect(gaps.map(({ detail }) => detail)).toEqual([
    'only the newest 8000 of 16000 log lines are kept: what the run saw does not fit into 8 MB',
    'only the newest 50 of 100 samples are kept: what the run saw does not fit into 8 MB',
  ]);
});

test('what cannot be cut so far is refused', async () => {
  const paths = Array.from({ length: 12 }, () => randomBytes(1024 * 1024).toString('base64'));
  await expect(runs.keepRecord(runId, record({ paths }))).rejects.toMatchObject({ code: 'too-large' });
});

test('what another version kept in another form is none', async () => {
  await sql`INSERT INTO run_observations (run_id, content) VALUES (${runId}, ${gzipSync('[]')})`.execute(
    testDatabase.database,
  );
  expect(await runs.record(runId)).toBeUndefined();
});

test('the newest report is the last version of the newest run that has one', async () => {
  const { reports } = unitOfWork.stores;
  const first = (await runs.get(runId))!;
  const second = newRun(incidentId, { createdAt: at(5) });
  await runs.create(second);
  expect(await reports.newest(incidentId)).toBeUndefined();
  for (const version of [2, 1]) await reports.save(newReport(incidentId, first, version));
  expect(await reports.newest(incidentId)).toEqual(newReport(incidentId, first, 2));
  await reports.save(newReport(incidentId, second, 1, 'Found: \0'));
  expect((await reports.newest(incidentId))?.run.id).toBe(second.id);
  expect((await reports.newest(incidentId, first.pipelineId))?.version).toBe(2);
  expect(await reports.newest(incidentId, 'FFFFFFFF')).toBeUndefined();
  expect((await reports.get(second.id, 1))?.verdict.statement.text).toBe('Found: \uFFFD');
  expect(await reports.get(second.id, 2)).toBeUndefined();
});

test('a version that is saved again replaces itself', async () => {
  const { reports } = unitOfWork.stores;
  const run = (await runs.get(runId))!;
  await reports.save(newReport(incidentId, run, 1, 'before'));
  await reports.save(newReport(incidentId, run, 1, 'after'));
  expect((await reports.newest(incidentId))?.verdict.statement.text).toBe('after');
});

test('with an old incident everything of it goes, and what is young or still heard of stays', async () => {
  const { incidents, reports, deliveries } = unitOfWork.stores;
  const young = await openRun(unitOfWork.stores, { openedAt: at(60) });
  await reports.save(newReport(incidentId, (await runs.get(runId))!, 1));
  await runs.take(runId, 1);
  await runs.finish(stage());
  await deliveries.plan([
    {
      id: randomUUID(),
      incidentId,
      runId,
      destination: 'email',
      kind: 'opened',
      reportVersion: 1,
      idempotencyKey: 'k',
      plannedAt: NOON,
      nextAttemptAt: NOON,
    },
  ]);
  expect(await incidents.removeOlderThan(at(30))).toBe(1);
  expect(await incidents.get(incidentId)).toBeUndefined();
  expect([await runs.get(runId), await reports.get(runId, 1), await deliveries.list()]).toEqual([
    undefined,
    undefined,
    [],
  ]);
  expect(await incidents.get(young.incidentId)).toBeDefined();
  expect(await incidents.removeOlderThan(at(30))).toBe(0);
});
