/** A bundle replayed within this process, for benches: the product's own analysis, with nothing around it. */
import { readFile } from 'node:fs/promises';
import { readBundle } from '../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import { openBundle } from '../apps/incident-agent-workflow/src/adapters/sources/bundled.ts';
import { sha256, systemClock } from '../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { type Replayed, replayRun } from '../apps/incident-agent-workflow/src/cli/replay-run.ts';
import type { Bundle } from '../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { LeftOut } from '../apps/incident-agent-workflow/src/domain/commit-evidence.ts';
import type { Observation } from '../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { Model, Source } from '../apps/incident-agent-workflow/src/ports.ts';

export interface ReplayOptions extends LeftOut {
  /** Changes each answer before the analysis sees it. */
  readonly changeAnswer?: (observation: Observation) => Observation['answer'] | Promise<Observation['answer']>;
  /** Puts other sources in place of the bundle's. */
  readonly changeSources?: (sources: readonly Source[]) => readonly Source[];
  readonly model?: Model;
  readonly modelMilliseconds?: number;
  /** Sees every line that the run logs. */
  readonly logged?: (message: string) => void;
}

/** `bundle` may be changed beforehand: other observations, another repository. */
export async function replayBundle(bundle: Bundle, options: ReplayOptions = {}): Promise<Replayed> {
  await using opened = openBundle(bundle);
  const own = [opened.source];
  const { changeAnswer } = options;
  const changed = changeAnswer ? own.map((source) => changing(source, changeAnswer)) : own;
  const sources = options.changeSources?.(changed) ?? changed;
  // Awaited here: what was opened must last until the report is there.
  const { model, modelMilliseconds, logged, without } = options;
  return await replayRun(bundle, {
    sources,
    digest: sha256,
    milliseconds: () => systemClock.milliseconds(),
    model,
    without,
    ...(modelMilliseconds === undefined ? {} : { modelMilliseconds }),
    ...(logged ? { log: { info: logged, warn: logged, error: logged } } : {}),
  });
}

export async function readBundleFile(path: string): Promise<Bundle> {
  return readBundle(await readFile(path));
}

function changing(source: Source, change: NonNullable<ReplayOptions['changeAnswer']>): Source {
  return {
    ...source,
    ask: async (question, signal) => change({ question, answer: await source.ask(question, signal) }),
  };
}
