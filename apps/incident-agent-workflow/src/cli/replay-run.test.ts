/** A run, its bundle, and the run again from the bundle alone. */
import { afterAll, describe, expect, test } from 'vitest';
import { readBundle, writeBundle } from '../adapters/bundles/bundle-file.ts';
import { bundled } from '../adapters/sources/bundled.ts';
import { sha256 } from '../adapters/system/clock.ts';
import {
  CALLEE_CHANGED,
  CRASH_LINE_CHANGED,
  itemsRepository,
  mongoDownWorld,
  processDownWorld,
  regressionWorld,
} from '../analyze/scenarios.test-helper.ts';
import { answerOf, NOW, type World } from '../analyze/world.test-helper.ts';
import type { Bundle } from '../domain/bundle.ts';
import { AgentError } from '../domain/error.ts';
import { Question } from '../domain/question.ts';
import type { Observation } from '../domain/telemetry.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { respond } from '../pipeline.ts';
import type { Source } from '../ports.ts';
import { bundleOfRun } from '../report/run-bundle.ts';
import { RUN as FULL_RUN, INCIDENT, modelSaying, runWorld } from '../world-run.test-helper.ts';
import { replayRun } from './replay-run.ts';

/** Asks for no route. */
const { forcedRoute: _full, ...RUN } = FULL_RUN;
const VERSIONS = { agent: '0.1.0', rules: '1' };

/** A live run in that world: its clock goes on, its addresses are its own. */
async function liveRun(world: World) {
  let ticks = 0;
  const later = (): number => {
    ticks += 1;
    return Date.parse(NOW) + 37 * ticks;
  };
  let observations: readonly Observation[] = [];
  const source: Source = {
    name: 'world',
    kinds: Question.options.flatMap(({ shape }) => [...shape.kind.values]),
    ask: async (question) => answerOf(question, world).answer,
  };
  const report = await respond({ ...INCIDENT, alerts: [...world.alerts] }, RUN, {
    registry: world.registry,
    sources: [source],
    clock: {
      now: () => new Date(later()).toISOString(),
      milliseconds: later,
      sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
    },
    log: { info() {}, warn() {}, error() {} },
    meter: { count() {}, observe() {} },
    journal: { finished: async () => undefined, finish: async () => {} },
    digest: sha256,
    deadlineMilliseconds: 1_000,
    signal: new AbortController().signal,
    keepObservations(seen) {
      observations = seen;
    },
    keepExchanges() {},
    publish: async () => {},
    urls: ({ id }, { pipelineId }) => ({ incident: `http://agent/incidents/${id}?run=${pipelineId}` }),
    modelMilliseconds: 0,
    modelBudget: { runUsd: undefined, dayUsd: undefined, spending: undefined },
    findModel: async () => ({ model: undefined, note: 'off (LLM_BASE_URL=off)' }),
    versions: VERSIONS,
  });
  return { report, observations };
}

async function bundleOf(world: World, forms: 'rows' | 'columns'): Promise<Bundle> {
  const { report, observations } = await liveRun(world);
  const bytes = await writeBundle({
    manifest: {
      schema: 'incident-bundle/1',
      incident: INCIDENT,
      run: RUN,
      window: report.window,
      versions: VERSIONS,
      forms: { logs: forms, series: forms },
      report: {
        generatedAt: report.generatedAt,
        model: report.model,
        urls: { incident: report.incident.url ?? undefined },
      },
    },
    alerts: world.alerts,
    registry: world.registry,
    observations,
    report,
  });
  return readBundle(bytes);
}

function replayed(bundle: Bundle) {
  return replayRun(bundle, { sources: [bundled({ bundle })], digest: sha256, milliseconds: () => performance.now() });
}

const repositories = [itemsRepository(CALLEE_CHANGED), itemsRepository(CRASH_LINE_CHANGED)] as const;
afterAll(() => {
  for (const repository of repositories) repository.remove();
});
const WORLDS: { says: string; world: World }[] = [
  { says: 'a regression', world: regressionWorld(repositories[0], undefined) },
  { says: 'a dependency that is down', world: mongoDownWorld(repositories[1]) },
  { says: 'a process that is gone', world: processDownWorld() },
  { says: 'nothing that answers', world: { ...processDownWorld(), metrics: undefined, logs: undefined, probes: {} } },
];

describe.each(WORLDS)('$says:', ({ world }) => {
  test.each(['rows', 'columns'] as const)(
    'the report again, byte for byte, from a bundle held by %s',
    async (forms) => {
      const bundle = await bundleOf(world, forms);
      for (let time = 0; time < 3; time += 1) {
        const { report, facts } = await replayed(bundle);
        expect(canonicalJson(report)).toBe(canonicalJson(bundle.report));
        expect(report.evidence.length).toBe(facts.evidence.length);
      }
    },
  );
});

test('a changed answer changes the report: the comparison can fail', async () => {
  const bundle = await bundleOf(WORLDS[1]?.world ?? processDownWorld(), 'rows');
  const observations = bundle.observations.filter(({ question }) => question.kind !== 'logs');
  const { report } = await replayed({ ...bundle, observations });
  expect(report.gaps).toContainEqual(expect.objectContaining({ source: 'bundle', reason: 'not-found' }));
  expect(canonicalJson(report)).not.toBe(canonicalJson(bundle.report));
});

test('without report and label the analysis is the same', async () => {
  const bundle = await bundleOf(WORLDS[0]?.world ?? processDownWorld(), 'columns');
  const { report: kept, label: _, ...rest } = bundle;
  expect(canonicalJson((await replayed(rest)).report)).toBe(canonicalJson(kept));
});

test('with recorded replies the report is the same again, evidence that the model had asked for included', async () => {
  const world = WORLDS[0]?.world ?? processDownWorld();
  const path = 'apps/items-api/src/routes.ts';
  const said = {
    summary: { text: 'items-api fails.', cites: ['E3'] },
    claims: [{ text: 'It is a lie.', cites: ['E1'] }],
  };
  const model = modelSaying((_, count) => {
    if (count === 1) return 'Let me think.';
    if (count === 3) throw new AgentError('malformed', 'An error page came back', { retryable: false });
    return {
      finding: said,
      requests: count === 2 ? [{ kind: 'file-lines', service: 'items-api', path, line: 3 }] : [],
    };
  });
  const short = { ...model, contextTokens: async () => 4_096 };
  const { report, observations, exchanges, versions } = await runWorld(world, short);
  expect(report.evidence.length).toBeGreaterThan(versions[0]?.evidence.length ?? 0);
  const { alerts, registry } = world;
  const record = {
    incident: { ...INCIDENT, alerts: [...alerts] },
    registry: { services: [...registry.services] },
    observations: [...observations],
  };
  const bytes = await writeBundle(bundleOfRun(FULL_RUN, record, report, exchanges));
  const bundle = await readBundle(bytes);
  expect(bundle.modelExchanges).toHaveLength(exchanges.length);
  const again = await replayed(bundle);
  expect(canonicalJson(again.report)).toBe(canonicalJson(report));
  // The prompts are those that it could read, and so the same again.
  expect(again.exchanges.map(({ user }) => user)).toEqual(exchanges.map(({ user }) => user));
  // Other replies give another report: the comparison can fail.
  const silent = exchanges.map((one) => ({
    ...one,
    reply: undefined,
    failure: { code: 'refused' as const, message: 'no', retryable: false },
  }));
  const other = await replayed({ ...bundle, modelExchanges: silent });
  expect(other.report.verdict).toEqual(report.verdict);
  expect(canonicalJson(other.report)).not.toBe(canonicalJson(report));
});
