/**
 * Runs the stages of one run: journal, times, logs, counters. A stage that has finished is not run again; one that
 * fails leaves a note and its fallback, and the next one goes on.
 */
import type { z } from 'zod';
import { isAgentError, messageOf } from './domain/error.ts';
import type { Facts } from './domain/facts.ts';
import type { Findings, StageNote } from './domain/finding.ts';
import type { Run } from './domain/incident.ts';
import type { Clock, Log, Meter, RunJournal } from './ports.ts';

export interface StageTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly journal: Pick<RunJournal, 'finished' | 'finish'>;
  readonly signal: AbortSignal;
}

export interface Stage<T> {
  readonly name: string;
  /** Shown in the log; stages without one are logged under their own name at debug length. */
  readonly title?: string;
  work(): Promise<T> | T;
  /** What stands when the work fails. Without one the failure is the run's: its job is given back and tried again. */
  fallback?(): T;
  /** Turns what the journal kept back into a value; throws when it does not fit (another version wrote it). */
  parse(stored: unknown): T;
  /** Closing words of the log line: `type=… severity=…`. */
  summary?(result: T): string;
}

export interface Stages {
  run<T>(stage: Stage<T>): Promise<T>;
  readonly notes: StageNote[];
}

export function startStages(run: Run, tools: StageTools): Stages {
  const notes: StageNote[] = [];
  const prefix = `[Pipeline ${run.pipelineId}]`;

  async function runStage<T>(stage: Stage<T>): Promise<T> {
    tools.signal.throwIfAborted();
    const title = stage.title ?? stage.name;
    const kept = await storedResult(stage);
    if (kept) {
      if (kept.note !== undefined) notes.push({ stage: stage.name, note: kept.note });
      return kept.result;
    }
    const startedAt = tools.clock.now();
    const began = tools.clock.milliseconds();
    tools.log.info(`${prefix} ${title} running…`);
    const { result, note } = await attempt(stage);
    const elapsed = Math.round(tools.clock.milliseconds() - began);
    if (note === undefined) tools.log.info(`${prefix} ${title} done${closing(stage, result)} (${elapsed} ms)`);
    else {
      notes.push({ stage: stage.name, note });
      tools.log.error(`${prefix} ${title} failed: ${note}, continuing with the deterministic finding`);
    }
    tools.meter.observe('stage_duration_seconds', { stage: stage.name }, elapsed / 1000);
    await tools.journal.finish({
      runId: run.id,
      stage: stage.name,
      attempt: run.attempt,
      startedAt,
      finishedAt: tools.clock.now(),
      result,
      note,
    });
    return result;
  }

  async function storedResult<T>(stage: Stage<T>): Promise<{ result: T; note: string | undefined } | undefined> {
    const stored = await tools.journal.finished(run.id, stage.name);
    if (!stored) return undefined;
    try {
      return { result: stage.parse(stored.result), note: stored.note };
    } catch (error) {
      tools.log.warn(`${prefix} the stored result of ${stage.name} does not fit, the stage runs again`, {
        reason: messageOf(error),
      });
      return undefined;
    }
  }

  async function attempt<T>(stage: Stage<T>): Promise<{ result: T; note: string | undefined }> {
    try {
      return { result: await stage.work(), note: undefined };
    } catch (error) {
      // We are to stop, or the run cannot go on without this stage: its job is given back, and nothing is journalled.
      if (tools.signal.aborted || !stage.fallback) throw error;
      if (!isAgentError(error)) tools.log.error(`${prefix} ${stage.name} threw`, { error });
      return { result: stage.fallback(), note: messageOf(error) };
    }
  }

  return { run: runStage, notes };
}

function closing<T>(stage: Stage<T>, result: T): string {
  const words = stage.summary?.(result);
  return words === undefined || words === '' ? '' : `: ${words}`;
}

/** What every agent looks like; what it concludes is handed to the next one. */
export interface Agent<T> {
  readonly name: string;
  conclude(facts: Facts, findings: Findings): T;
  summary(finding: T): string;
}

/** An agent that fails hands on nothing, and breaks nothing. */
export function agentStage<T>(
  agent: Agent<T>,
  schema: z.ZodType<T>,
  facts: Facts,
  findings: Findings,
): Stage<T | undefined> {
  return {
    name: agent.name,
    work: () => agent.conclude(facts, findings),
    fallback: () => undefined,
    parse: (stored) => schema.optional().parse(stored ?? undefined),
    summary: (finding) => (finding === undefined ? '' : agent.summary(finding)),
  };
}
