/** A service that the demo runs and the agent watches: started, stopped, killed and deployed anew from a scratch repository. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Program, type ProgramOptions, startProgram, untilAnswers } from './processes.ts';
import { git } from './repository.ts';

export interface WatchedServiceOptions {
  readonly name: string;
  readonly url: string;
  readonly healthPath: string;
  readonly readyPath?: string | undefined;
  /** Where else than at `url`/metrics its metrics are read. */
  readonly metricsUrl?: string | undefined;
  readonly dependsOn: readonly string[];
  /** The work tree that it runs from. */
  readonly repository: string;
  /** Its folder in there; '' for the root. */
  readonly folder: string;
  /** Where it writes its log; undefined: to stdout and stderr alone. */
  readonly logFile?: string | undefined;
  readonly run: ProgramOptions['run'];
  readonly environment: Readonly<Record<string, string>>;
  /** Of the demo: outputs and the name of the revision that runs. */
  readonly scratch: string;
}

export interface WatchedService {
  readonly name: string;
  readonly url: string;
  /** Its entry in service_registry.json. */
  readonly registryEntry: Readonly<Record<string, unknown>>;
  /** Starts what is checked out. Resolves when it answers. */
  start(signal: AbortSignal): Promise<void>;
  /** Checks the revision out and starts it; stops what runs. */
  deploy(revision: string, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** undefined: it does not run. */
  program(): Program | undefined;
}

const START_LIMIT_MILLISECONDS = 20_000;

export function watchedService(options: WatchedServiceOptions): WatchedService {
  const { name, url, repository, scratch } = options;
  const outputFile = join(scratch, 'output', `${name}.log`);
  const revisionFile = join(scratch, 'deployed', name);
  let program: Program | undefined;

  async function start(signal: AbortSignal): Promise<void> {
    const revision = await git(repository, ['rev-parse', 'HEAD']);
    mkdirSync(dirname(revisionFile), { recursive: true });
    writeFileSync(revisionFile, `${revision}\n`);
    const environment = { ...options.environment, DEPLOYED_REVISION: revision };
    const { run, folder } = options;
    program = startProgram({ name, run, folder: join(repository, folder), environment, outputFile });
    await untilAnswers(`${url}${options.healthPath}`, program, outputFile, START_LIMIT_MILLISECONDS, signal);
  }
  async function stop(): Promise<void> {
    await program?.stop();
    program = undefined;
  }
  return {
    name,
    url,
    registryEntry: registryEntry(options, options.logFile ?? outputFile, revisionFile),
    start,
    stop,
    async deploy(revision, signal) {
      await git(repository, ['checkout', '--quiet', '--force', revision]);
      await stop();
      await start(signal);
    },
    async kill() {
      await program?.kill();
      program = undefined;
    },
    program: () => (program?.exit() === undefined ? program : undefined),
  };
}

function registryEntry(options: WatchedServiceOptions, logFile: string, revisionFile: string): Record<string, unknown> {
  const { url, readyPath, metricsUrl, repository, folder } = options;
  return {
    health_url: `${url}${options.healthPath}`,
    ...(readyPath === undefined ? {} : { ready_url: `${url}${readyPath}` }),
    ...(metricsUrl === undefined ? {} : { metrics_url: metricsUrl }),
    log_paths: { service: logFile },
    repo_path: join(repository, folder),
    depends_on: options.dependsOn,
    deployed_revision: `file:${revisionFile}`,
  };
}
