import { afterAll, expect, test } from 'vitest';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { EarlierIncident } from '../domain/memory.ts';
import { CRASH_LINE_CHANGED, ITEMS, itemsRepository, regressionWorld } from './scenarios.test-helper.ts';
import { ALERTED_AT, investigate, observe, type World } from './world.test-helper.ts';

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
    matched: asked(world).slice(0, 1),
    ...change,
  };
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
    'the same stack trace was seen 2 times before in 10 days; last INC-12: A full disk very likely broke items-api (said to be wrong): the mount was read-only; remounted',
  );
  expect(memory?.data.incidents.map(({ id }) => id)).toEqual(['INC-12', 'INC-9']);
});

test('of incidents that share a trace and those that share an alert alone, only the first are the same failure', () => {
  const byAlert = earlier({ id: 'INC-3', matched: ['alert items-api Service5xxErrors'] });
  const facts = investigate({ ...world, earlier: [earlier({}), byAlert] });
  expect(evidenceOfKind(facts.evidence, 'memory')[0]?.data.incidents.map(({ id }) => id)).toEqual(['INC-12']);
  const alone = investigate({ ...world, earlier: [byAlert] });
  expect(evidenceOfKind(alone.evidence, 'memory')[0]?.title).toMatch(/^the same alert was seen 1 time before/);
});

test('nothing of the kind before is no evidence, and no gap', () => {
  const facts = investigate(world);
  expect(evidenceOfKind(facts.evidence, 'memory')).toEqual([]);
  expect(facts.gaps.map(({ unknown }) => unknown).join()).not.toContain('before');
});
