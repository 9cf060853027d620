/** Which route a whole run takes, what it costs, and that the report says why. */
import { afterAll, expect, test } from 'vitest';
import { CALLEE_CHANGED, itemsRepository, mongoDownWorld, regressionWorld } from './analyze/scenarios.test-helper.ts';
import { modelSaying, runWorld } from './world-run.test-helper.ts';

const repository = itemsRepository(CALLEE_CHANGED);
afterAll(() => repository.remove());
/** Errors without a trace: several causes are possible. */
const UNCLEAR = { ...regressionWorld(repository, undefined), repository: undefined };
const MONGO = mongoDownWorld(repository);

const silent = () => modelSaying(() => ({ finding: { claims: [] }, requests: [] }));

test('a quick run that a person asked for goes on as full where it knows too little', async () => {
  const model = silent();
  const { report } = await runWorld(UNCLEAR, model, { run: { forcedRoute: 'quick', reason: 'manual' } });
  expect(report.verdict.confidence ?? 0).toBeLessThan(0.66);
  const reason = expect.stringMatching(/^asked for.*; went on as full because/);
  expect(report.run).toMatchObject({ route: { route: 'full', reason } });
  expect(model.prompts.length).toBeGreaterThan(0);
});

test('not where a storm of alerts forced it', async () => {
  const model = silent();
  const { report } = await runWorld(UNCLEAR, model, { run: { forcedRoute: 'quick', reason: 'alert' } });
  expect(report.run).toMatchObject({
    route: { route: 'quick', reason: expect.stringContaining('many alerts at once') },
  });
  expect(model.prompts).toEqual([]);
});

test('where nobody forces it, a clear cause outside the code is quick and asks no model', async () => {
  const model = silent();
  const { report } = await runWorld(MONGO, model, { run: { forcedRoute: undefined, reason: 'alert' } });
  expect(report.verdict.confidence ?? 0).toBeGreaterThanOrEqual(0.66);
  expect(report.run).toMatchObject({ route: { route: 'quick', reason: expect.stringContaining('MongoDB') } });
  expect(model.prompts).toEqual([]);
});

test('and one that is not clear is full', async () => {
  const model = silent();
  const { report } = await runWorld(UNCLEAR, model, { run: { forcedRoute: undefined, reason: 'alert' } });
  expect(report.run.route?.route).toBe('full');
  expect(model.prompts.length).toBeGreaterThan(0);
});
