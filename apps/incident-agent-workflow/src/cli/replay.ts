/** `incident-agent replay <bundle>`: analysis and report again from one file, without network, database or settings. */
import { readFile } from 'node:fs/promises';
import type { Bundle } from '../domain/bundle.ts';
import { AgentError, messageOf } from '../domain/error.ts';
import { oneLine } from '../lib/clean-text.ts';
import { differencesOf } from '../lib/json-differences.ts';
import type { Clock, Model, Renderer, ResponseTools, Source } from '../ports.ts';
import { replayRun } from './replay-run.ts';

export interface ReplayOptions {
  readonly path: string;
  readonly readBundle: (bytes: Uint8Array) => Promise<Bundle>;
  readonly openBundle: (bundle: Bundle) => { readonly source: Source } & AsyncDisposable;
  readonly renderer: Renderer;
  readonly clock: Pick<Clock, 'milliseconds'>;
  readonly digest: ResponseTools['digest'];
  /** Asked in place of the one whose replies the bundle holds. */
  readonly model?: Model | undefined;
  readonly modelMilliseconds?: number;
  /** Of the agent that replays. */
  readonly agentVersion: string;
}

export interface ReplayOutcome {
  readonly output: Uint8Array;
  /** For people: what was replayed, and whether it is the same. */
  readonly lines: readonly string[];
  /** 0: the same, or there is nothing to compare with. 3: it differs. */
  readonly exitCode: 0 | 3;
}

const DIFFERS = 3;
const MAX_SHOWN = 20;
const MAX_SHOWN_CHARACTERS = 80;

/** The report on stdout, all else on stderr. Throws as `replay` does. */
export async function printReplay(options: ReplayOptions): Promise<void> {
  const { output, lines, exitCode } = await replay(options);
  process.stdout.write(output);
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
  process.exitCode = exitCode;
}

/** Throws AgentError where the file cannot be read or is no bundle. */
export async function replay(options: ReplayOptions): Promise<ReplayOutcome> {
  const bundle = await readBundleAt(options);
  await using opened = options.openBundle(bundle);
  const { report, milliseconds } = await replayRun(bundle, {
    sources: [opened.source],
    digest: options.digest,
    milliseconds: options.clock.milliseconds,
    model: options.model,
    ...(options.modelMilliseconds === undefined ? {} : { modelMilliseconds: options.modelMilliseconds }),
  });
  const { manifest } = bundle;
  const head = `${manifest.incident.id}, run ${manifest.run.pipelineId}, replayed in ${milliseconds.toFixed(0)} ms`;
  const otherVersion =
    manifest.versions.agent === options.agentVersion
      ? []
      : [`It was recorded by agent ${manifest.versions.agent}; this is ${options.agentVersion}.`];
  const comparison = compare(bundle.report, report);
  return {
    ...comparison,
    output: await options.renderer.render(report),
    lines: [`${head}: ${comparison.lines[0]}`, ...otherVersion, ...comparison.lines.slice(1)],
  };
}

function compare(kept: unknown, report: unknown): Pick<ReplayOutcome, 'lines' | 'exitCode'> {
  if (kept === undefined) return { exitCode: 0, lines: ['the bundle holds no report to compare with'] };
  const differences = differencesOf(kept, report);
  if (differences.length === 0) return { exitCode: 0, lines: ['identical with the report in the bundle'] };
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(({ path, before, after }) => `  ${path}: ${brief(before)} → ${brief(after)}`);
  const more = differences.length > shown.length ? [`  … and ${differences.length - shown.length} more`] : [];
  const places = differences.length === 1 ? '1 place' : `${differences.length} places`;
  return { exitCode: DIFFERS, lines: [`differs from the report in the bundle in ${places}`, ...shown, ...more] };
}

function brief(value: unknown): string {
  return value === undefined ? 'nothing' : oneLine(JSON.stringify(value), MAX_SHOWN_CHARACTERS);
}

async function readBundleAt({ path, readBundle }: ReplayOptions): Promise<Bundle> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new AgentError('not-found', `${path} cannot be read: ${messageOf(error)}`, {
      retryable: false,
      cause: error,
    });
  }
  try {
    return await readBundle(bytes);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    throw new AgentError(error.code, `${path}: ${error.message}`, { retryable: false, cause: error });
  }
}
