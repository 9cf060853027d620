/** Drafts on their whole way: planned with a report, executed by the outbox on a real bare repository, cut off, closed. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { localForge } from '../adapters/forges/local.ts';
import { findRepository, standingOf } from '../adapters/sources/git-repository.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { gitWorkshop } from '../adapters/workshops/git-workshop.ts';
import type { Remediation } from '../domain/proposal.ts';
import type { Report } from '../domain/report.ts';
import { unregisteredService } from '../domain/service.ts';
import type { Notifier, Renderer, ReportFiles, UnitOfWork } from '../ports.ts';
import { exampleReport } from '../report/example-report.test-helper.ts';
import { startTestDatabase, type TestDatabase } from '../store/test-database.ts';
import { noQueue, openRun } from '../store/test-rows.ts';
import { createUnitOfWork } from '../store/unit-of-work.ts';
import { type TestRepository, testRepository } from '../testing/repository.ts';
import { type DraftSender, draftSender } from './drafts.ts';
import { startOutbox } from './outbox.ts';
import { publishReport, publishResolved } from './publish.ts';

const BRANCH = 'incident/inc-1-revert';
const SILENT = { info() {}, warn() {}, error() {} };
let testDatabase: TestDatabase;
let unitOfWork: UnitOfWork;
let repository: TestRepository;
let bare: string;
let guilty: string;
let report: Report;
let drafts: DraftSender;

beforeAll(async () => {
  testDatabase = await startTestDatabase({ poolSize: 10 });
  unitOfWork = createUnitOfWork(testDatabase.database, () => noQueue);
});
afterAll(() => testDatabase.dispose());

beforeEach(async () => {
  await sql`TRUNCATE incidents CASCADE`.execute(testDatabase.database);
  const { incidentId, runId } = await openRun(unitOfWork.stores);
  repository = testRepository();
  repository.commit('begin', {
    'a.txt': 'good\n',
    CODEOWNERS: '* @mira\n',
    'pull_request_template.md': '## Checklist\n',
  });
  guilty = repository.commit('worse', { 'a.txt': 'bad\n' });
  bare = `${repository.top}-${randomUUID()}.git`;
  execFileSync('git', ['clone', '-q', '--bare', repository.top, bare]);
  const example = exampleReport('code');
  const name = example.verdict.cause?.service ?? '';
  const services = [{ ...unregisteredService(name), repositoryPath: repository.top }];
  const workshop = gitWorkshop({ find: findRepository, standingOf });
  drafts = draftSender({ workshop, registry: { services }, forges: new Map([['local', localForge()]]) });
  report = {
    ...example,
    incident: { ...example.incident, id: incidentId },
    run: { ...example.run, id: runId },
    remediation: remediationOf(`<!-- ${incidentId} -->`),
  };
  return () => {
    repository.remove();
    execFileSync('rm', ['-rf', bare]);
  };
});

function remediationOf(marker: string): Remediation {
  const proof = {
    state: 'unproven' as const,
    reason: '',
    revision: guilty,
    revisionFrom: 'head' as const,
    checks: [],
    reproduction: null,
    milliseconds: 0,
  };
  return {
    status: 'draft',
    reason: '',
    refused: [],
    operatorAction: null,
    runbook: null,
    proposal: {
      kind: 'revert',
      title: 'Revert',
      story: '',
      recipe: { kind: 'revert', commit: guilty },
      files: [],
      proof,
      risks: [],
      undo: '',
    },
    draft: {
      forge: 'local',
      repository: pathToFileURL(bare).href,
      base: 'main',
      branch: BRANCH,
      title: 'Revert',
      body: `${marker}\nWhy.\n`,
      marker,
      labels: [],
    },
  };
}

const pdf: Renderer = { format: 'pdf', contentType: '', render: async () => new Uint8Array() };
const files: ReportFiles = { write: async () => '', read: async () => undefined };
const notifier: Notifier = { send: async () => ({ state: 'sent', receipt: null }), find: async () => 'none' };
const publishTools = () => ({
  unitOfWork,
  chance: { uuid: randomUUID, pipelineId: () => 'AAAAAAAA' },
  pdf,
  files,
  log: SILENT,
  wakeOutbox() {},
});

/** Until nothing is planned or being sent any more. */
async function settle(sender: DraftSender | undefined = drafts, tell: Notifier = notifier): Promise<void> {
  const { stores } = unitOfWork;
  const outbox = startOutbox({
    stores,
    notifier: tell,
    drafts: sender,
    pdf,
    files,
    clock: systemClock,
    log: SILENT,
    meter: { count() {}, observe() {} },
  });
  const isOver = async () =>
    (await stores.deliveries.list()).every(({ state }) => state !== 'planned' && state !== 'sending');
  for (let turn = 0; turn < 200 && !(await isOver()); turn += 1) await new Promise((next) => setTimeout(next, 50));
  await outbox.stop();
}
const ofDraft = async () => (await unitOfWork.stores.deliveries.list()).filter(({ kind }) => kind.startsWith('draft'));
const refs = (): string[] =>
  execFileSync('git', ['--git-dir', bare, 'for-each-ref', '--format=%(refname)'], { encoding: 'utf8' })
    .trim()
    .split('\n');
const show = (what: string): string => execFileSync('git', ['--git-dir', bare, 'show', what], { encoding: 'utf8' });

test('a published report with a fix ends in a draft, once, with its description and the project’s own template', async () => {
  await publishReport(report, publishTools());
  await publishReport(report, publishTools());
  await settle();
  expect(await ofDraft()).toMatchObject([
    { destination: 'local', kind: 'draft', state: 'sent', receipt: { state: 'opened', branch: BRANCH } },
  ]);
  expect(show(`${BRANCH}:a.txt`)).toBe('good\n');
  expect(show(BRANCH)).toMatch(/Why\.[\s\S]*## Checklist/);
  expect(show('main:a.txt')).toBe('bad\n');
});

test.each(['before', 'after'] as const)(
  'killed %s the forge was asked, the next outbox ends with one draft',
  async (moment) => {
    await publishReport(report, publishTools());
    const due = await unitOfWork.stores.deliveries.takeDue(systemClock.now(), 10);
    const draft = report.remediation?.draft;
    expect(due.length).toBeGreaterThan(0);
    if (moment === 'after' && draft) await drafts.put(report, draft, AbortSignal.timeout(10_000));
    // The worker is gone without a word: its rows lie in `sending`.
    await unitOfWork.stores.deliveries.releaseLeases();
    await settle();
    expect(await ofDraft()).toMatchObject([{ state: 'sent' }]);
    expect(refs()).toEqual([`refs/heads/${BRANCH}`, 'refs/heads/main']);
  },
);

test('a new investigation that no longer holds the cause closes the draft', async () => {
  await publishReport(report, publishTools());
  await settle();
  const draftless: Remediation = { ...remediationOf(''), status: 'none', proposal: null, draft: null };
  await publishReport({ ...report, version: 2, remediation: draftless }, publishTools());
  await settle();
  expect((await ofDraft()).map(({ kind, state }) => [kind, state])).toContainEqual(['draft-closed', 'sent']);
  expect(refs()).toEqual([`refs/closed/${BRANCH}`, 'refs/heads/main']);
});

test.each([
  { says: 'while the default branch still holds what broke it, the draft stays', isMended: false, kept: true },
  { says: 'once it no longer does, the draft is closed', isMended: true, kept: false },
])('resolved by other means: $says', async ({ isMended, kept }) => {
  await publishReport(report, publishTools());
  await settle();
  if (isMended) repository.commit('mended by hand', { 'a.txt': 'good\n' });
  await publishResolved(report.incident.id, 'over', systemClock.now(), publishTools(), () => true);
  await settle();
  expect(refs().includes(`refs/heads/${BRANCH}`)).toBe(kept);
  expect((await ofDraft()).every(({ state }) => state === 'sent')).toBe(true);
});

test('messages that go out once the draft is there say where it is; by itself it is no news', async () => {
  const told: [string, string | undefined][] = [];
  const notes: Notifier = {
    ...notifier,
    send: async ({ kind, draft }) => {
      told.push([kind, draft]);
      return { state: 'sent', receipt: null };
    },
  };
  const bareReport = { ...report, remediation: undefined };
  await publishReport(bareReport, publishTools());
  await settle(drafts, notes);
  await publishReport({ ...report, version: 2 }, publishTools());
  await settle(drafts, notes);
  expect(told).toEqual([['opened', undefined]]);
  await publishResolved(report.incident.id, 'over', systemClock.now(), publishTools(), () => true);
  await settle(drafts, notes);
  expect(told).toEqual([
    ['opened', undefined],
    ['resolved', expect.stringContaining(BRANCH)],
  ]);
});

test('beyond twenty a day no draft is planned', async () => {
  const { deliveries } = unitOfWork.stores;
  const row = (number: number) => ({
    id: randomUUID(),
    incidentId: report.incident.id,
    runId: report.run.id,
    destination: 'github',
    kind: 'draft' as const,
    idempotencyKey: `earlier ${number}`,
    reportVersion: 1,
    plannedAt: report.generatedAt,
    nextAttemptAt: report.generatedAt,
  });
  await publishReport({ ...report, remediation: undefined }, publishTools());
  const other = await openRun(unitOfWork.stores);
  const earlier = Array.from({ length: 20 }, (_, number) => ({
    ...row(number),
    incidentId: other.incidentId,
    runId: other.runId,
  }));
  await deliveries.plan(earlier);
  await publishReport({ ...report, version: 2 }, publishTools());
  expect((await ofDraft()).filter(({ destination }) => destination === 'local')).toEqual([]);
});

test('without a forge a planned draft fails with the reason', async () => {
  await publishReport(report, publishTools());
  const { stores } = unitOfWork;
  const outbox = startOutbox({
    stores,
    notifier,
    pdf,
    files,
    clock: systemClock,
    log: SILENT,
    meter: { count() {}, observe() {} },
  });
  for (let turn = 0; turn < 100 && (await ofDraft())[0]?.state !== 'failed'; turn += 1)
    await new Promise((next) => setTimeout(next, 50));
  await outbox.stop();
  expect(await ofDraft()).toMatchObject([{ state: 'failed', lastError: 'REMEDIATION is no longer draft' }]);
  expect(existsSync(`${bare}/refs/heads/incident`)).toBe(false);
});
