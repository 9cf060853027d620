/** Everything that models and their endpoints do wrong, over real HTTP: the report goes out in time and says what happened. */
import { expect, test } from 'vitest';
import { modelFinder } from '../apps/incident-agent-workflow/src/adapters/models/find-model.ts';
import { systemClock } from '../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { processDownWorld } from '../apps/incident-agent-workflow/src/analyze/scenarios.test-helper.ts';
import { runWorld } from '../apps/incident-agent-workflow/src/world-run.test-helper.ts';
import { misbehaviours } from '../demo/scripted-model/misbehaviours.ts';
import { startScriptedModel } from '../demo/scripted-model/server.ts';

const NAME = 'scripted';
const CAP_MILLISECONDS = 4_000;
/** For the report itself, on a machine that others use too. */
const BESIDE_MILLISECONDS = 8_000;

const CASES = (['openai', 'ollama'] as const).flatMap((protocol) =>
  misbehaviours(NAME).map((misbehaviour) => ({ ...misbehaviour, protocol })),
);

test.each(CASES)('$protocol: $says', { timeout: 60_000 }, async ({ protocol, server, note }) => {
  await using scripted = await startScriptedModel({ ...server, protocols: [protocol] });
  const baseUrl = protocol === 'openai' ? scripted.url : scripted.origin;
  const finder = modelFinder({ baseUrl, apiKey: 'k', name: NAME }, systemClock);
  const { model } = await finder.find(new AbortController().signal);
  expect(model).toBeDefined();
  const began = performance.now();
  const { report, versions } = await runWorld(processDownWorld(), model, { modelMilliseconds: CAP_MILLISECONDS });
  expect(performance.now() - began).toBeLessThan(CAP_MILLISECONDS + BESIDE_MILLISECONDS);
  expect(report.verdict).toEqual(versions[0]?.verdict);
  expect(report.version).toBe(2);
  const noted = report.notes.map((one) => `${one.stage}: ${one.note}`).join('\n');
  expect(noted).toMatch(note ?? /^$/);
  expect(report.notes).toHaveLength(note ? 1 : 0);
  const kept = report.triage?.said?.claims.map(({ text }) => text) ?? [];
  expect(kept).toEqual(note ? [] : ['The alert fired.']);
});
