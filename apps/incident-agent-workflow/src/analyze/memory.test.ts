import { afterAll, describe, expect, test } from 'vitest';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { EarlierIncident } from '../domain/memory.ts';
import type { Commit, Observation } from '../domain/telemetry.ts';
import { plusSeconds } from '../lib/time.ts';
import { checkClaims } from '../verify/check-claims.ts';
import { observeMemory } from './memory.ts';
import { CRASH_LINE_CHANGED, ITEMS, itemsRepository, regressionWorld } from './scenarios.test-helper.ts';
import { ALERTED_AT, contextOf, investigate, NOW, observe, type World } from './world.test-helper.ts';

const repository = itemsRepository(CRASH_LINE_CHANGED);
afterAll(() => repository.remove());
const world = regressionWorld(repository, {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading '0')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`],
});

function asked(of: World): string[] {
  return observe(of).flatMap(({ question }) => (question.kind === 'earlier-incidents' ? question.signatures : []));
}

/** Asked of git once: that is what costs the time. */
const SIGNATURES = asked(world);

function earlier(change: Partial<EarlierIncident>): EarlierIncident {
  return {
    id: 'INC-12',
    title: 'items fail',
    openedAt: '2026-02-21T08:00:00.000Z',
    resolvedAt: '2026-02-21T09:00:00.000Z',
    statement: 'A full disk very likely broke items-api.',
    cause: null,
    ending: null,
    feedback: null,
    matched: SIGNATURES.slice(0, 1),
    ...change,
  };
}

function commitAt(letter: string, committedAt: string, subject: string, path: string): Commit {
  const files = [{ path, status: 'modified' as const, patch: '' }];
  return { hash: letter.repeat(40), committedAt, authoredAt: committedAt, subject, parents: [], files };
}

/** With the history that git tells today. */
function recalled(incidents: readonly EarlierIncident[], commits: readonly Commit[]) {
  const { service } = world;
  const head = commits[0]?.hash ?? 'f'.repeat(40);
  const state = { root: '/srv', head, deployedRevision: head, servicePath: '', shallow: false, deployedFrom: 'head' };
  const range = { since: '2026-02-16T00:00:00.000Z', until: NOW, maxCommits: 50 };
  const observations = [
    {
      question: { kind: 'history', service, ...range },
      answer: { source: 'git', query: '', telemetry: { repository: state, commits: [...commits] }, gaps: [] },
    },
    {
      question: { kind: 'earlier-incidents', service, signatures: [], before: ALERTED_AT },
      answer: { source: 'memory', query: '', telemetry: { earlierIncidents: [...incidents] }, gaps: [] },
    },
  ] as const;
  return observeMemory(observations as unknown as Observation[], contextOf(world));
}

test('memory is asked once, by the trace first, for what was opened before this incident', () => {
  const questions = observe(world).flatMap(({ question }) => (question.kind === 'earlier-incidents' ? [question] : []));
  expect(questions).toHaveLength(1);
  expect(questions[0]?.signatures[0]).toMatch(/^trace \S+$/);
  expect(questions[0]?.before).toBe(ALERTED_AT);
});

test('the same failure is told with how often, since when, and what was found and said of it the last time', () => {
  const feedback = {
    pipelineId: '3FA9C21B',
    verdict: 'wrong' as const,
    cause: 'the mount was read-only',
    note: 'remounted',
    at: '2026-02-22T08:00:00.000Z',
  };
  const facts = investigate({ ...world, earlier: [earlier({ feedback }), earlier({ id: 'INC-9' })] });
  const [memory] = evidenceOfKind(facts.evidence, 'memory');
  expect(memory?.title).toBe(
    'Third time in 9 days with the same stack trace; last time INC-12, 9 days ago for 60 min: A full disk very likely broke items-api (said to be wrong): the mount was read-only; remounted',
  );
  expect(memory?.data.incidents.map(({ id }) => id)).toEqual(['INC-12', 'INC-9']);
});

test('of incidents that share a trace and those that share an alert alone, only the first are the same failure', () => {
  const byAlert = earlier({ id: 'INC-3', matched: ['alert items-api Service5xxErrors'] });
  const facts = investigate({ ...world, earlier: [earlier({}), byAlert] });
  expect(evidenceOfKind(facts.evidence, 'memory')[0]?.data.incidents.map(({ id }) => id)).toEqual(['INC-12']);
  const alone = investigate({ ...world, earlier: [byAlert] });
  expect(evidenceOfKind(alone.evidence, 'memory')[0]?.title).toMatch(
    /^Second time in 9 days with the same alert; last time INC-3/,
  );
});

describe('what ended it the last time', () => {
  const GUILTY = commitAt('a', '2026-02-21T07:50:00.000Z', 'items: shorter', ITEMS);
  const REVERT = commitAt('b', '2026-02-21T08:40:00.000Z', 'Revert "items: shorter"', ITEMS);
  const CHANGE = commitAt('c', '2026-02-21T08:50:00.000Z', 'items: a price may be missing', ITEMS);
  const ELSEWHERE = commitAt('d', '2026-02-21T08:45:00.000Z', 'store: faster', 'src/store.ts');
  const LATER = commitAt('e', '2026-02-21T09:30:00.000Z', 'Revert "items: shorter"', ITEMS);
  const cause = {
    kind: 'code' as const,
    class: 'code-error' as const,
    service: 'items-api',
    dependency: null,
    commit: GUILTY.hash,
    file: ITEMS,
    line: 15,
  };
  const wrong = { pipelineId: '3FA9C21B', verdict: 'wrong' as const, at: '2026-02-22T08:00:00.000Z' };

  test.each([
    { says: 'its commit was taken back', commits: [REVERT], tells: '; fixed by bbbbbbb “Revert "items: shorter"”' },
    {
      says: 'its file was changed',
      commits: [CHANGE, ELSEWHERE],
      tells: '; while it lasted, ccccccc “items: a price may be missing” changed that file',
    },
    { says: 'only another file was changed', commits: [ELSEWHERE], tells: '' },
    { says: 'it was taken back when it was over', commits: [LATER], tells: '' },
    {
      says: 'nobody knows: the cause was another',
      commits: [REVERT],
      change: { feedback: wrong },
      tells: ' (said to be wrong)',
    },
    { says: 'it is not over', commits: [REVERT], change: { resolvedAt: null }, tells: '' },
  ])('$says', ({ commits, change = {}, tells }) => {
    const [memory] = recalled([earlier({ cause, ...change })], [...commits, GUILTY]);
    expect(memory?.title.split('broke items-api')[1]).toBe(tells);
    const title = `${memory?.title}.`;
    const [checked] = checkClaims([{ text: title, cites: ['E1'] }], [{ ...memory!, id: 'E1' }], []);
    expect(checked?.reason).toBe('');
  });
});

test('an alert that is received again does not make the incident its own forerunner', () => {
  const again = { ...world, alerts: world.alerts.map((alert) => ({ ...alert, receivedAt: NOW })) };
  const questions = observe(again).flatMap(({ question }) => (question.kind === 'earlier-incidents' ? [question] : []));
  expect(questions[0]?.before).toBe(ALERTED_AT);
});

test.each([
  [1, 'Second time within a day'],
  [9, 'Tenth time within a day'],
  [10, '11th time within a day'],
  [20, '21st time within a day'],
  [111, '112th time within a day'],
])('%i before it', (count, head) => {
  const openedAt = plusSeconds(ALERTED_AT, -3_600);
  const before = Array.from({ length: count }, (_, index) => earlier({ id: `INC-${index}`, openedAt }));
  expect(recalled(before, [])[0]?.title).toContain(`${head} with the same stack trace; last time INC-0, 60 min ago`);
});

test('nothing of the kind before is no evidence, and no gap', () => {
  const facts = investigate(world);
  expect(evidenceOfKind(facts.evidence, 'memory')).toEqual([]);
  expect(facts.gaps.map(({ unknown }) => unknown).join()).not.toContain('before');
});
