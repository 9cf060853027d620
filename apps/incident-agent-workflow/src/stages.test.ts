import { expect, test } from 'vitest';
import { z } from 'zod';
import { AgentError } from './domain/error.ts';
import type { Run } from './domain/incident.ts';
import type { StageResult } from './ports.ts';
import { startStages } from './stages.ts';

const RUN: Run = {
  id: 'r1',
  pipelineId: '3FA9C21B',
  incidentId: 'INC-1',
  status: 'running',
  reason: 'alert',
  attempt: 1,
  createdAt: '2026-01-01T12:00:00.000Z',
};

/** A journal in memory, as the store keeps it: JSON in, JSON out. */
function journal(kept: Record<string, string> = {}) {
  return {
    kept,
    async finished(_runId: string, stage: string) {
      const text = kept[stage];
      return text === undefined ? undefined : { result: JSON.parse(text) as unknown, note: undefined };
    },
    async finish({ stage, result }: StageResult) {
      kept[stage] = JSON.stringify(result);
    },
  };
}

function tools(kept = journal(), signal = new AbortController().signal) {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  return {
    lines,
    clock: { now: () => '2026-01-01T12:00:00.000Z', milliseconds: () => 0, sleep: async () => {} },
    log: { info: write, warn: write, error: write },
    meter: { count() {}, observe() {} },
    journal: kept,
    signal,
  };
}

const numberStage = (work: () => number) => ({
  name: 'triage',
  title: 'TriageAgent',
  work,
  fallback: () => -1,
  parse: (stored: unknown) => z.number().parse(stored),
  summary: (result: number) => `n=${result}`,
});

test('a stage logs its start and its end with the pipeline id', async () => {
  const given = tools();
  expect(await startStages(RUN, given).run(numberStage(() => 7))).toBe(7);
  expect(given.lines).toEqual([
    '[Pipeline 3FA9C21B] TriageAgent running…',
    '[Pipeline 3FA9C21B] TriageAgent done: n=7 (0 ms)',
  ]);
});

test('a finished stage is not run again after a restart', async () => {
  const kept = journal();
  await startStages(RUN, tools(kept)).run(numberStage(() => 7));
  const again = await startStages(RUN, tools(kept)).run(
    numberStage(() => {
      throw new Error('must not run');
    }),
  );
  expect(again).toBe(7);
});

test('a failing stage leaves its fallback and a note, and says so', async () => {
  const given = tools();
  const stages = startStages(RUN, given);
  expect(
    await stages.run(
      numberStage(() => {
        throw new AgentError('timeout', 'too slow', { retryable: true });
      }),
    ),
  ).toBe(-1);
  expect(stages.notes).toEqual([{ stage: 'triage', note: 'too slow' }]);
  expect(given.lines.at(-1)).toBe(
    '[Pipeline 3FA9C21B] TriageAgent failed: too slow, continuing with the deterministic finding',
  );
});

test('a stage without a fallback fails the run, and journals nothing', async () => {
  const kept = journal();
  const { fallback: _none, ...essential } = numberStage(() => {
    throw new Error('store away');
  });
  await expect(startStages(RUN, tools(kept)).run(essential)).rejects.toThrow('store away');
  expect(kept.kept).toEqual({});
});

test('an attempt that was overtaken stops instead of concluding', async () => {
  const refused = {
    ...journal(),
    finish: async () => {
      throw new AgentError('refused', 'a newer attempt has this run', { retryable: false });
    },
  };
  await expect(startStages(RUN, tools(refused)).run(numberStage(() => 7))).rejects.toThrow('newer attempt');
});

test('a stored result that another version wrote is made again', async () => {
  const kept = journal({ triage: '"not a number"' });
  expect(await startStages(RUN, tools(kept)).run(numberStage(() => 7))).toBe(7);
});

test('a process that is to stop starts no further stage', async () => {
  const stopping = AbortSignal.abort();
  await expect(startStages(RUN, tools(journal(), stopping)).run(numberStage(() => 7))).rejects.toThrow('aborted');
});
