/** With any model, however it answers: the report gets better or stays what it is. */
import { afterAll, describe, expect, test } from 'vitest';
import {
  CALLEE_CHANGED,
  CRASH_LINE_CHANGED,
  ITEMS,
  itemsRepository,
  mongoDownWorld,
  regressionWorld,
} from './analyze/scenarios.test-helper.ts';
import { AgentError } from './domain/error.ts';
import type { Report } from './domain/report.ts';
import { type Answering, memoryJournal, modelSaying, runWorld } from './world-run.test-helper.ts';

const repositories = [itemsRepository(CALLEE_CHANGED), itemsRepository(CRASH_LINE_CHANGED)] as const;
afterAll(() => {
  for (const repository of repositories) repository.remove();
});
const CRASH = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'amount')",
  frames: [`describeItem ${ITEMS}:15:34`, `describeAll ${ITEMS}:21:39`],
};
const REGRESSION = regressionWorld(repositories[0], CRASH);
const MONGO = mongoDownWorld(repositories[1]);
const NOTHING = { finding: { claims: [] }, requests: [] };
const TRUE = { text: 'The readiness address of mongo-api-service answered 503 at 10:01:30.', cites: ['E9'] };

/** All but what tells which version it is, and the line about the model. */
function plainOf(report: Report): unknown {
  const { version: _, notes: __, model: ___, modelCost: ____, timeline, ...rest } = report;
  return { ...rest, timeline: timeline.filter(({ text }) => !text.startsWith('Report version')) };
}
/** Only the first of the calls; then nothing more. */
function first(said: unknown): Answering {
  return (_, count) => (count === 1 ? said : NOTHING);
}

describe('a model that does not answer in the form asked for', () => {
  test.each<{ says: string; answer: Answering; note: RegExp; calls?: number }>([
    { says: 'prose', answer: () => 'The database is down.', note: /there is no JSON object in it/ },
    { says: 'nothing', answer: () => '', note: /there is no JSON object in it/ },
    { says: 'an endless thought', answer: () => '<think>well, {"finding":{"claims":[]}}', note: /no JSON object/ },
    { says: 'JSON that is cut off', answer: () => JSON.stringify(NOTHING).slice(0, 20), note: /cut off/ },
    { says: 'wrong types', answer: () => ({ finding: { claims: 'many' } }), note: /expected array/ },
    { says: 'another shape', answer: () => ({ answer: 42 }), note: /finding/ },
    { says: 'a page of HTML', answer: () => '<!doctype html><h1>502</h1>', note: /no JSON object/ },
  ])('$says: asked once more, then the deterministic report and one line', async ({ answer, note }) => {
    const model = modelSaying(answer);
    const { report, versions, exchanges } = await runWorld(MONGO, model);
    expect(plainOf(report)).toEqual(plainOf(versions[0]!));
    expect(report.notes).toEqual([
      { stage: 'Model', note: expect.stringMatching(/^TriageAgent, InvestigationAgent and CodeAnalysisAgent: /) },
    ]);
    expect(report.notes[0]?.note).toMatch(note);
    expect(model.prompts).toHaveLength(6);
    expect(exchanges).toHaveLength(6);
    expect(model.prompts[1]?.user).toContain('Your last answer cannot be taken');
  });

  test('an answer that is mended when it is asked for again is taken', async () => {
    const model = modelSaying((_, count) => (count === 1 ? 'Sure!' : { finding: { claims: [TRUE] } }));
    const { report } = await runWorld(MONGO, model);
    expect(report.triage?.said?.claims).toEqual([TRUE]);
    expect(report.notes).toEqual([]);
  });

  test.each([
    'unreachable' as const,
    'refused' as const,
    'not-found' as const,
    'rate-limited' as const,
    'timeout' as const,
  ])('an endpoint that is %s is not asked for every agent again', async (code) => {
    const model = modelSaying(() => {
      throw new AgentError(code, 'It does not work: do this', { retryable: true });
    });
    const { report, versions, logged } = await runWorld(MONGO, model);
    expect(plainOf(report)).toEqual(plainOf(versions[0]!));
    expect(report.notes).toHaveLength(1);
    expect(report.notes[0]?.note).toContain('It does not work: do this');
    expect(model.prompts).toHaveLength(1);
    const failed = logged.filter((line) => line.includes('continuing with the deterministic finding'));
    expect(failed).toHaveLength(3);
  });

  test('a reply that never comes costs the time that a model may take, once', async () => {
    const model = modelSaying(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AgentError('timeout', 'late', { retryable: true })));
        }),
    );
    const began = performance.now();
    const { report } = await runWorld(MONGO, model, { modelMilliseconds: 300 });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(report.notes[0]?.note).toContain('LLM_RUN_SECONDS');
    expect(model.prompts).toHaveLength(1);
  });

  test('what was said before it failed stands', async () => {
    const model = modelSaying((_, count) => {
      if (count > 1) throw new AgentError('unreachable', 'gone', { retryable: false });
      return { finding: { claims: [TRUE] } };
    });
    const { report } = await runWorld(MONGO, model);
    expect(report.triage?.said?.claims).toEqual([TRUE]);
    expect(report.notes[0]?.note).toMatch(/^InvestigationAgent, CodeAnalysisAgent and QuickAnalysis: gone/);
  });
});

describe('what a model says', () => {
  test('is handed on to the next agent once it is checked, and never what was dropped', async () => {
    const lie = { text: 'The disk of the primary is full.', cites: ['E9'] };
    const model = modelSaying((_, count) =>
      count === 1 ? { finding: { summary: TRUE, claims: [TRUE, lie] } } : NOTHING,
    );
    const { report } = await runWorld(MONGO, model);
    expect(report.triage?.said).toMatchObject({ summary: TRUE, claims: [], dropped: [{ text: lie.text }] });
    expect(model.prompts[1]?.user).toContain('answered 503 at 10:01:30.');
    expect(model.prompts.slice(1).some(({ user }) => user.includes('disk of the primary'))).toBe(false);
    expect(report.refusedClaims.map(({ text }) => text)).toContain(lie.text);
  });

  test('is dropped altogether where more than one in twenty is made up, after one more try', async () => {
    const invented = { text: 'The readiness address of mongo-api-service answered 504 at 10:01:30.', cites: ['E9'] };
    const model = modelSaying(() => ({ finding: { claims: [TRUE, invented] } }));
    const { report, versions } = await runWorld(MONGO, model);
    expect(plainOf(report)).toEqual(plainOf(versions[0]!));
    expect(report.notes[0]?.note).toMatch(/None of what it said stood the check \(6 sentences dropped/);
    expect(model.prompts[1]?.user).toContain('504 is not what the cited evidence says');
  });

  test('another listed hypothesis is a disagreement, the verdict stays', async () => {
    const world = regressionWorld(repositories[0], undefined);
    const { report: before } = await runWorld(world, undefined);
    expect(before.hypotheses.length).toBeGreaterThan(1);
    const model = modelSaying(first({ finding: { claims: [], prefers: { hypothesis: 'H2', cites: ['E1'] } } }));
    const { report } = await runWorld(world, model);
    expect(report.verdict).toEqual(before.verdict);
    const [one] = report.triage?.said?.disagreements ?? [];
    expect(one?.engine).toContain(before.hypotheses[0]!.statement.text);
    expect(one?.model).toContain(before.hypotheses[1]!.statement.text);
    expect(one?.cites).toContain('E9');
  });

  test('a cause that is not listed is a question in our words, capped', async () => {
    const idea = {
      class: 'disk-full',
      service: 'mongo-api-service',
      dependency: 'mongodb',
      confidence: 0.99,
      cites: ['E3'],
    };
    const foreign = { ...idea, service: 'rm -rf /; echo' };
    const model = modelSaying(
      first({ finding: { claims: [], newHypotheses: [idea, foreign, { ...idea, cites: ['E99'] }] } }),
    );
    const { report, versions } = await runWorld(MONGO, model);
    expect(report.verdict).toEqual(versions[0]?.verdict);
    expect(report.hypotheses).toEqual(versions[0]?.hypotheses);
    expect(report.triage?.said?.openQuestions).toEqual([
      { text: 'Could it be disk-full of mongo-api-service, in MongoDB?', cites: ['E3'], confidence: 0.6 },
    ]);
  });

  test('an edit is kept where its text stands once in code that was seen, and nowhere else', async () => {
    const { report: before } = await runWorld(REGRESSION, undefined);
    const code = before.evidence.find((item) => item.kind === 'code')!;
    const line =
      code.kind === 'code'
        ? code.data.lines.find(
            (text, _, all) => text.trim().length > 12 && all.filter((one) => one === text).length === 1,
          )!
        : '';
    const path = code.kind === 'code' ? code.data.path : '';
    const good = { path, search: line, replace: `${line} // mended` };
    const model = modelSaying((prompt) =>
      prompt.user.includes('Your task: code analysis')
        ? {
            finding: {
              claims: [],
              edits: [
                good,
                { ...good, path: '../../etc/passwd' },
                { ...good, path: '.github/workflows/ci.yml' },
                { ...good, search: 'not there' },
              ],
            },
          }
        : NOTHING,
    );
    const { report } = await runWorld(REGRESSION, model);
    expect(report.code?.said?.edits).toEqual([good]);
  });
});

test('what was said is not said again, by the same agent or the next', async () => {
  const model = modelSaying(() => ({ finding: { summary: TRUE, claims: [TRUE, TRUE] } }));
  const { report } = await runWorld(MONGO, model);
  expect(report.triage?.said).toMatchObject({ summary: TRUE, claims: [] });
  expect(report.investigation?.said).toMatchObject({ summary: null, claims: [] });
  expect(report.claimCounts.refused).toBe(0);
});

describe('requests', () => {
  test('what is not known, or not the model’s business, reaches no source', async () => {
    const service = 'items-api';
    const requests = [
      { kind: 'file-lines', service, path: '/etc/passwd', line: 1 },
      { kind: 'file-lines', service, path: '../../etc/passwd', line: 1 },
      { kind: 'history', service: 'shop' },
      { kind: 'file-lines', service: 'shop', path: 'src/main.ts', line: 1 },
      { kind: 'metric', service, metric: 'up"} or vector(1)' },
    ];
    const more = [
      { kind: 'probe', service: 'http://169.254.169.254/', of: 'health' },
      { kind: 'shell', service, command: 'id' },
      { kind: 'grep', service, text: '--open-files-in-pager=id' },
      { kind: 'file-lines', service, path: ITEMS, line: 1, revision: '--output=/tmp/x' },
      'rm -rf /',
    ];
    const { observations: before } = await runWorld(REGRESSION, undefined);
    const model = modelSaying((_, count) => ({ finding: { claims: [] }, requests: count % 2 ? requests : more }));
    const { observations, report, versions } = await runWorld(REGRESSION, model);
    expect(observations.map(({ question }) => question)).toEqual(before.map(({ question }) => question));
    expect(plainOf(report)).toEqual(plainOf(versions[0]!));
    expect(report.notes[0]?.note).toMatch(/20 requests refused/);
  });

  test('of two hundred the first five are looked at, in four rounds at most', async () => {
    const requests = Array.from({ length: 200 }, (_, index) => ({
      kind: 'file-lines',
      service: 'items-api',
      path: ITEMS,
      line: index + 1,
    }));
    const model = modelSaying(() => ({ finding: { claims: [] }, requests }));
    const { observations } = await runWorld(REGRESSION, model);
    const { observations: before } = await runWorld(REGRESSION, undefined);
    // Five places, each with its blame; asked for again they are known.
    expect(observations.length - before.length).toBeLessThanOrEqual(10);
    expect(model.prompts.length).toBeLessThan(20);
  });

  test('what they bring in is evidence with numbers of its own, and the old numbers stay', async () => {
    const { report: before } = await runWorld(REGRESSION, undefined);
    const model = modelSaying((prompt, count) => {
      if (count === 1)
        return {
          finding: { claims: [] },
          requests: [{ kind: 'file-lines', service: 'items-api', path: 'apps/items-api/src/routes.ts', line: 4 }],
        };
      const id = /(E\d+) \(code of items-api[^)]*\): apps\/items-api\/src\/routes/.exec(prompt.user)?.[1];
      return count === 2
        ? { finding: { claims: [{ text: 'The code at apps/items-api/src/routes.ts:4 was read.', cites: [id] }] } }
        : NOTHING;
    });
    const { report } = await runWorld(REGRESSION, model);
    expect(report.evidence.slice(0, before.evidence.length)).toEqual(before.evidence);
    const added = report.evidence.slice(before.evidence.length);
    expect(added).toMatchObject([
      { id: `E${before.evidence.length + 1}`, kind: 'code', data: { path: 'apps/items-api/src/routes.ts' } },
    ]);
    expect(report.verdict).toEqual(before.verdict);
    expect(report.triage?.said).toMatchObject({ asked: 2, refused: 0 });
  });
});

test('a run that was killed goes on with the model from the agent where it stood', async () => {
  const request = { kind: 'file-lines', service: 'items-api', path: 'apps/items-api/src/routes.ts', line: 4 };
  const claim = { text: 'The alert fired.', cites: ['E1'] };
  const answering = () =>
    modelSaying((_, count) =>
      count === 1 ? { finding: { claims: [claim] }, requests: [request] } : { finding: { claims: [claim] } },
    );
  const journal = memoryJournal();
  const whole = await runWorld(REGRESSION, answering(), { journal });
  // As if it had been killed in the code analysis.
  for (const stage of ['CodeAnalysisAgent with the model', 'QuickAnalysis with the model', 'report v2'])
    journal.results.delete(stage);
  const model = answering();
  const resumed = await runWorld(REGRESSION, model, { journal });
  expect(resumed.report.evidence).toEqual(whole.report.evidence);
  expect(resumed.report.triage?.said).toEqual(whole.report.triage?.said);
  expect(resumed.report.code?.said).toMatchObject({ asked: 0, refused: 1 });
  // What was seen went with the attempt that saw it: nothing more can be asked, and it is not offered.
  for (const { user } of model.prompts) expect(user).not.toContain('"requests"');
});
