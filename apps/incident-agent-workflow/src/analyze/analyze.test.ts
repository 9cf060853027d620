import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Facts } from '../domain/facts.ts';
import { analyze } from './analyze.ts';
import {
  brokenStartWorld,
  CALLEE_CHANGED,
  CRASH_LINE_CHANGED,
  type Crash,
  externalWorld,
  GUARD_REMOVED,
  healthyWorld,
  ITEMS,
  itemsRepository,
  mongoDownWorld,
  processDownWorld,
  regressionWorld,
  STORE,
  startupWorld,
  stepsWith,
  unknownWorld,
} from './scenarios.test-helper.ts';
import { buildRepository, contextOf, investigate, observe, type Repository, type Tree } from './world.test-helper.ts';

const AT_ITEMS: Crash = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading '0')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`, `/srv/repo/${ITEMS}:21:29`],
};
const AMOUNT: Crash = { ...AT_ITEMS, message: "Cannot read properties of undefined (reading 'amount')" };
const NO_ITEM: Crash = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'price')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:24)`, `async describeOne (/srv/repo/${ITEMS}:26:10)`],
};

const kept: { remove(): void }[] = [];
afterAll(() => {
  for (const repository of kept) repository.remove();
});
const built = new Map<(tree: Tree) => Tree, Repository>();
/** Built once for each change: git is what costs the time. */
function repositoryWith(change: (tree: Tree) => Tree): Repository {
  const known = built.get(change);
  if (known) return known;
  const repository = itemsRepository(change);
  kept.push(repository);
  built.set(change, repository);
  return repository;
}

describe('a regression', () => {
  test.each([
    {
      says: 'the guilty commit rewrote the crash line',
      change: CRASH_LINE_CHANGED,
      crash: AT_ITEMS,
      file: ITEMS,
      line: 15,
    },
    {
      says: 'the guilty commit changed the shape that an old line relies on',
      change: CALLEE_CHANGED,
      crash: AMOUNT,
      file: STORE,
      line: 16,
    },
    {
      says: 'the guilty commit took a guard out and left no line to blame',
      change: GUARD_REMOVED,
      crash: NO_ITEM,
      file: ITEMS,
      line: 26,
    },
  ])('is put down to commit 6 of 14, not to those after it: $says', ({ change, crash, file, line }) => {
    const repository = repositoryWith(change);
    const facts = investigate(regressionWorld(repository, crash));
    const [first] = facts.hypotheses;
    expect(first?.cause).toEqual({
      kind: 'code',
      class: 'code-error',
      service: 'items-api',
      dependency: null,
      commit: repository.hashes[5],
      file,
      line,
    });
    expect(first?.confidence).toBeGreaterThanOrEqual(0.66);
    expect(first?.confidence).toBeLessThanOrEqual(0.9);
    expect(first?.statement.text).toContain(`likely broke GET /items/ of items-api: TypeError`);
    expect(first?.statement.text.length).toBeLessThanOrEqual(220);
    expect(facts.alertConfirmed).toBe('confirmed');
  });

  test('with the guilty commit gone from history, no innocent one is blamed in its stead', () => {
    for (const [change, crash] of [
      [CRASH_LINE_CHANGED, AT_ITEMS],
      [CALLEE_CHANGED, AMOUNT],
      [GUARD_REMOVED, NO_ITEM],
    ] as const) {
      // The change is there from the beginning, so that no later commit brought it.
      const steps = stepsWith((tree) => ({ ...tree, 'apps/items-api/README.md': '# Items API\n\n' }));
      const [beginning, store, ...rest] = steps;
      const folded = [
        { ...beginning!, change: (tree: Tree) => change(store!.change(beginning!.change(tree))) },
        ...rest,
      ];
      const usable = folded.filter(({ message }) => !message.startsWith('readme'));
      const repository = buildRepository(usable, 'apps/items-api');
      kept.push(repository);
      const [first] = investigate(regressionWorld(repository, crash)).hypotheses;
      const blames = first?.cause.commit !== null && (first?.confidence ?? 0) >= 0.66;
      expect(blames ? first?.statement.text : undefined).toBeUndefined();
    }
  });

  test('without a stack trace recent commits are possible at most, and the cause is not established', () => {
    const facts = investigate(regressionWorld(repositoryWith(CRASH_LINE_CHANGED), undefined));
    expect(facts.alertConfirmed).toBe('confirmed');
    expect(facts.hypotheses.length).toBeGreaterThan(0);
    for (const hypothesis of facts.hypotheses) {
      expect(hypothesis.confidence).toBeLessThan(0.4);
      expect(hypothesis.statement.text).toMatch(/^Not established/);
    }
  });

  test('without metrics trace and change alone still name the commit', () => {
    const repository = repositoryWith(CRASH_LINE_CHANGED);
    const facts = investigate({ ...regressionWorld(repository, AT_ITEMS), metrics: undefined });
    expect(facts.hypotheses[0]?.cause.commit).toBe(repository.hashes[5]);
    expect(facts.hypotheses[0]?.groups).toEqual(['traces', 'change']);
  });

  test('without the repository the crash line is known but nobody is blamed', () => {
    const facts = investigate({
      ...regressionWorld(repositoryWith(CRASH_LINE_CHANGED), AT_ITEMS),
      repository: undefined,
    });
    expect(facts.hypotheses[0]).toMatchObject({ cause: { class: 'code-error', commit: null } });
    expect(facts.hypotheses[0]?.confidence).toBeLessThan(0.66);
    expect(facts.gaps.map(({ source }) => source)).toContain('git');
  });

  test('two kinds of evidence are needed for more than 60 %', () => {
    const world = regressionWorld(repositoryWith(CRASH_LINE_CHANGED), AT_ITEMS);
    const facts = investigate({ ...world, metrics: undefined, repository: undefined });
    expect(facts.hypotheses[0]?.groups).toEqual(['traces']);
    expect(facts.hypotheses[0]?.confidence).toBeLessThanOrEqual(0.6);
  });
});

describe('a dependency that is down', () => {
  let facts: Facts;
  beforeAll(() => {
    facts = investigate(mongoDownWorld(repositoryWith(CRASH_LINE_CHANGED)));
  });

  test('is named, and no commit is, although own frames and recent commits are in sight', () => {
    expect(facts.hypotheses[0]?.cause).toEqual({
      kind: 'dependency',
      class: 'dependency-refused',
      service: 'mongo-api-service',
      dependency: 'mongodb',
      commit: null,
      file: null,
      line: null,
    });
    expect(facts.hypotheses[0]?.statement.text).toMatch(/^MongoDB (?:very )?likely broke mongo-api-service/);
    expect(facts.hypotheses.every(({ cause }) => cause.commit === null)).toBe(true);
    expect(facts.evidence.some(({ kind }) => kind === 'commit')).toBe(false);
  });

  test('is confirmed by the service itself, by its readiness and by its log', () => {
    expect(facts.alertConfirmed).toBe('confirmed');
    expect(facts.hypotheses[0]?.groups).toEqual(['direct state', 'metrics', 'logs']);
  });
});

describe('ServiceDown', () => {
  test.each([
    { says: 'scraped', scraped: true, groups: ['direct state', 'metrics', 'logs'] },
    { says: 'never scraped', scraped: false, groups: ['direct state', 'logs'] },
  ])('of a service that answers is not confirmed, and nothing is blamed ($says)', ({ scraped, groups }) => {
    const facts = investigate(healthyWorld(repositoryWith(CRASH_LINE_CHANGED), scraped));
    expect(facts.alertConfirmed).toBe('not-confirmed');
    expect(facts.alertCheck.text).toMatch(
      /^ServiceDown is not confirmed: the health address of weather-app1 answered 200/,
    );
    expect(facts.hypotheses).toHaveLength(1);
    expect(facts.hypotheses[0]).toMatchObject({ cause: { kind: 'none', commit: null }, groups });
  });

  test('of a service where nobody listens is a process that is down', () => {
    const facts = investigate(processDownWorld());
    expect(facts.alertConfirmed).toBe('confirmed');
    expect(facts.hypotheses[0]).toMatchObject({
      cause: { kind: 'infrastructure', class: 'process-down', commit: null },
    });
  });

  test('after a start-up that a missing setting ends is bad configuration, down to the commit that asks for it', () => {
    const { world, guilty } = startupWorld(kept);
    const facts = investigate(world);
    expect(facts.hypotheses[0]).toMatchObject({ cause: { kind: 'config', class: 'bad-config', commit: guilty } });
    expect(facts.hypotheses[0]?.groups).toContain('direct state');
  });
});

test('a process that its own code ends at the start is an error in the program, not just a process that is down', () => {
  const { world, guilty } = brokenStartWorld(kept);
  const [first] = investigate(world).hypotheses;
  expect(first?.cause).toMatchObject({ kind: 'code', class: 'code-error', commit: guilty, line: 2 });
  expect(first?.confidence).toBeGreaterThanOrEqual(0.66);
});

test('an external API that fails is named, and no commit is', () => {
  const facts = investigate(externalWorld(repositoryWith(CRASH_LINE_CHANGED)));
  expect(facts.hypotheses[0]).toMatchObject({
    cause: { kind: 'dependency', class: 'external-api-down', dependency: 'open-meteo', commit: null },
  });
  expect(facts.hypotheses[0]?.confidence).toBeGreaterThanOrEqual(0.66);
});

test('of an unknown service nothing is claimed, and every hole is told', () => {
  const facts = investigate(unknownWorld());
  expect(facts).toMatchObject({ registered: false, alertConfirmed: 'unknown', hypotheses: [], onset: null });
  expect(facts.gaps.map(({ source }) => source)).toEqual(['prometheus', 'health', 'loki', 'git']);
  expect(facts.notChecked.length).toBeGreaterThanOrEqual(4);
});

test('evidence is numbered without holes, alerts first, and every citation can be followed', () => {
  const facts = investigate(regressionWorld(repositoryWith(CALLEE_CHANGED), AMOUNT));
  expect(facts.evidence.map(({ id }) => id)).toEqual(facts.evidence.map((_, index) => `E${index + 1}`));
  expect(facts.evidence[0]?.kind).toBe('alert');
  const ids = new Set([...facts.evidence, ...facts.gaps].map(({ id }) => id));
  const claims = [
    facts.alertCheck,
    ...facts.hypotheses.flatMap((hypothesis) => [hypothesis.statement, ...hypothesis.supporting]),
    ...facts.ruledOut.map(({ because }) => because),
    ...facts.timeline,
    ...facts.notChecked,
  ];
  for (const { cites } of claims) {
    expect(cites.length).toBeGreaterThan(0);
    for (const cite of cites) expect(ids.has(cite)).toBe(true);
  }
});

test('the same observations give the same bytes', () => {
  const world = regressionWorld(repositoryWith(CALLEE_CHANGED), AMOUNT);
  const observations = observe(world);
  const facts = JSON.stringify(analyze(observations, contextOf(world)));
  expect(JSON.stringify(analyze(structuredClone(observations), contextOf(world)))).toBe(facts);
});

test('observations without any answer give facts without evidence but the alert', () => {
  const world = unknownWorld();
  expect(analyze([], contextOf(world)).evidence.map(({ kind }) => kind)).toEqual(['alert']);
  expect(analyze([], { ...contextOf(world), alerts: [] }).evidence).toEqual([]);
});
