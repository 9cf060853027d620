/** A folder of real bundles, made from small worlds, through the product's own replay. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BundleContent,
  writeBundle,
} from '../../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import {
  CRASH_LINE_CHANGED,
  ITEMS,
  itemsRepository,
  mongoDownWorld,
  regressionWorld,
} from '../../apps/incident-agent-workflow/src/analyze/scenarios.test-helper.ts';
import { NOW, observe, type World } from '../../apps/incident-agent-workflow/src/analyze/world.test-helper.ts';
import { type Evaluated, evaluateFolder } from './bench.ts';
import { partOf, readSplit } from './folder.ts';
import { labelOf } from './score.test-helper.ts';

const scratch = mkdtempSync(join(tmpdir(), 'scored-'));
const folder = join(scratch, 'bundles');
const repository = itemsRepository(CRASH_LINE_CHANGED);
const GUILTY = repository.hashes[5]!;
afterAll(() => {
  repository.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const REGRESSION = regressionWorld(repository, {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading '0')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`, `/srv/repo/${ITEMS}:21:29`],
});
const MONGO_DOWN = mongoDownWorld(repository);
const LABEL = labelOf({
  class: 'code-error',
  service: 'items-api',
  commit: GUILTY,
  file: ITEMS,
  line: 15,
  template: 'crash',
});
const MONGO_LABEL = labelOf({
  class: 'dependency-refused',
  service: 'mongo-api-service',
  commit: null,
  file: null,
  line: null,
  kind: 'dependency',
  template: 'mongo',
});

/** Everything but the code as answers, the code as a repository. */
function recording(world: World, label: BundleContent['label']): BundleContent {
  const observations = observe(world).filter(({ answer }) => !answer.telemetry.repository && !answer.telemetry.commits);
  execFileSync('git', ['-C', repository.folder, 'bundle', 'create', '-q', join(scratch, 'r.bundle'), 'HEAD', 'main']);
  const service = {
    ...world.service,
    repositoryPath: '/repository/apps/items-api',
    servicePath: 'apps/items-api',
    deployedRevision: repository.deployed,
  };
  return {
    manifest: {
      schema: 'incident-bundle/1',
      incident: {
        id: 'INC-7',
        status: 'investigating',
        severity: 'warning',
        service: service.name,
        title: 'It fails',
        groupKey: 'service',
        openedAt: NOW,
        startedAt: NOW,
      },
      run: {
        id: 'run-1',
        pipelineId: '3FA9C21B',
        incidentId: 'INC-7',
        status: 'done',
        reason: 'alert',
        attempt: 1,
        createdAt: NOW,
      },
      window: { from: NOW, to: NOW },
      versions: { agent: '0', rules: '1' },
      holds: 'recording',
      repository_root: '/repository',
    },
    alerts: [...world.alerts],
    registry: { services: world.registry.services.map((one) => (one.name === service.name ? service : one)) },
    observations: observations.filter(({ question }) => !['file-lines', 'blame', 'files'].includes(question.kind)),
    repositoryBundle: readFileSync(join(scratch, 'r.bundle')),
    label,
  };
}

/** As a running agent hands it out: what one run asked, no repository. */
function runOnly(world: World, label: BundleContent['label']): BundleContent {
  const { manifest, repositoryBundle: _, ...rest } = recording(world, label);
  return { ...rest, manifest: { ...manifest, holds: 'run' }, registry: world.registry, observations: observe(world) };
}

let evaluated: Evaluated;

beforeAll(async () => {
  mkdirSync(folder);
  const bundles = {
    'c-0001': recording(REGRESSION, LABEL),
    'c-0002': recording(MONGO_DOWN, MONGO_LABEL),
    'c-0003': runOnly(REGRESSION, LABEL),
    mine: recording(REGRESSION, undefined),
  };
  for (const [name, content] of Object.entries(bundles))
    writeFileSync(join(folder, `${name}.tar.gz`), await writeBundle(content));
  writeFileSync(join(folder, 'torn.tar.gz'), 'no archive');
  writeFileSync(join(folder, 'split.json'), JSON.stringify({ tune: ['crash'], test: ['mongo'] }));
  const context = { scratch, repeats: undefined, signal: new AbortController().signal, say: () => {} };
  evaluated = await evaluateFolder(folder, context);
}, 180_000);

function caseOf(id: string) {
  return evaluated.cases.find((one) => one.id === id)!;
}

test('a regression is scored against its label, and replays to the same bytes', () => {
  expect(caseOf('c-0001')).toMatchObject({ part: 'tune', template: 'crash', isRepeatable: true });
  expect(caseOf('c-0001').engine.score).toMatchObject({
    ranks: { class: 1, service: 1, commit: 1, file: 1, line: 1 },
    isRight: true,
    falselyBlamed: null,
  });
});

test('without its guilty commit it is replayed again, with other hashes, and the guilty one is in no answer', () => {
  const { removal } = caseOf('c-0001').engine;
  expect(removal).not.toBeNull();
  expect(removal).not.toHaveProperty('failure');
  expect(JSON.stringify(removal)).not.toContain(GUILTY);
});

test('so it is where there is no repository, only what a run was told of it', () => {
  const { engine } = caseOf('c-0003');
  expect(engine.score).toMatchObject({ ranks: { commit: 1 }, isRight: true });
  expect(engine.removal).toHaveProperty('prediction');
  expect(JSON.stringify(engine.removal)).not.toContain(GUILTY);
});

test('the last deploy is scored beside it: another commit than the guilty one, and a blame also where there is none', () => {
  expect(caseOf('c-0001').dummies['last deploy']).toMatchObject({
    score: { ranks: { commit: null }, falselyBlamed: { commit: repository.deployed } },
    removal: { falselyBlamed: { confidence: 1 } },
  });
  expect(caseOf('c-0002').dummies['last deploy']?.score?.falselyBlamed).toMatchObject({ commit: repository.deployed });
});

test('where nobody is guilty nothing is removed', () => {
  expect(caseOf('c-0002')).toMatchObject({ part: 'test', engine: { score: { isRight: true }, removal: null } });
});

test('a bundle without a label is replayed, not scored; one that cannot be read is named', () => {
  expect(caseOf('mine').engine).toMatchObject({ score: null, prediction: { status: 'established' } });
  expect(evaluated.unreadable).toMatchObject([{ file: 'torn.tar.gz' }]);
});

test('a case is of the part that names it or its template; a split without the later parts is one', async () => {
  const split = await readSplit(folder);
  expect(split).toMatchObject({ tune: ['crash'], test: ['mongo'], fresh: [], later: [], latest: [] });
  const whole = { tune: ['crash'], test: ['mongo'], fresh: ['c-0007'], later: ['c-0009'], latest: ['c-0010'] };
  const found = ['c-0007', 'c-0008', 'c-0009', 'c-0010'].map((id) => partOf(id, undefined, whole));
  expect(found).toEqual(['fresh', 'all', 'later', 'latest']);
  expect(partOf('c-0001', caseOf('c-0001').label ?? undefined, whole)).toBe('tune');
});

test('what calibration is fitted on is the probability before it, with its outcome', () => {
  expect(caseOf('c-0001').raw[0]).toMatchObject({ claimed: 'commit', isRight: true });
  expect(caseOf('mine').raw).toEqual([]);
});
