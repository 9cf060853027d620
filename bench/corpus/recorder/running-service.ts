/** One service of a case: deployed from a work tree of its own, started, watched as a supervisor would, ended for sure. */
import { join } from 'node:path';
import { isAnswered, type Program, pause, startProgram } from '../../../demo/processes.ts';
import type { Running, ServiceDefinition } from '../template.ts';
import { supervised } from './supervised.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface RunningServiceOptions {
  readonly definition: ServiceDefinition;
  readonly port: number;
  readonly addresses: Running['addresses'];
  /** Beside what `command` gives. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly outputFile: string;
  /** Called with each process that was started: whoever must end them by force knows them. */
  readonly onStart: (pid: number) => void;
  readonly signal: AbortSignal;
}

/** What was checked out and built. */
export interface Release {
  /** The root of the work tree. */
  readonly tree: string;
  readonly revision: string;
}

export interface RunningService {
  readonly definition: ServiceDefinition;
  readonly url: string;
  /** Throws when it does not answer in time. */
  startFirst(release: Release): Promise<void>;
  /** Stops what runs and starts the release; it may fail to start, as in life. */
  deploy(release: Release): Promise<void>;
  restart(environment: Environment): Promise<void>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  keepRestarting(everySeconds: number): void;
  /** For good. */
  end(): Promise<void>;
}

const START_LIMIT_MILLISECONDS = 25_000;
const RESTART_LIMIT_MILLISECONDS = 6_000;

export function runningService(options: RunningServiceOptions): RunningService {
  const { definition, port, signal, outputFile } = options;
  const { name } = definition;
  const url = `http://127.0.0.1:${port}`;
  let release: Release | undefined;
  let added: Environment = options.environment;
  const program = supervised({ name, outputFile, signal, launch });

  function launch(): Program {
    if (release === undefined) throw new Error(`${name} has no release to start`);
    const folder = join(release.tree, definition.folder);
    const { logFile, addresses } = options;
    const command = definition.command({ folder, port, logFile, revision: release.revision, addresses });
    const started = startProgram({
      name,
      run: { shell: `exec ${[command.program, ...command.commandLine].map(quoted).join(' ')}` },
      folder,
      environment: without({ ...command.environment, ...added, TZ: 'UTC' }),
      outputFile,
    });
    options.onStart(started.pid);
    return started;
  }
  /** True: it answers. False: it ended, or the time is over. */
  async function answers(limitMilliseconds: number): Promise<boolean> {
    const deadline = performance.now() + limitMilliseconds;
    while (program.isRunning() && performance.now() < deadline) {
      if (await isAnswered(`${url}${definition.healthPath}`)) return true;
      await pause(50, signal);
    }
    return false;
  }
  async function startAnew(): Promise<void> {
    await program.stop();
    program.start();
    await answers(RESTART_LIMIT_MILLISECONDS);
  }
  return {
    definition,
    url,
    async startFirst(first) {
      release = first;
      program.start();
      if (!(await answers(START_LIMIT_MILLISECONDS))) throw new Error(`${name} does not start: see ${outputFile}`);
    },
    async deploy(next) {
      // Stopped before the release is another one: what is started again in between is still the old one.
      await program.stop();
      release = next;
      await startAnew();
    },
    async restart(environment) {
      program.restartAfter(undefined);
      added = { ...added, ...environment };
      await startAnew();
    },
    async stop() {
      program.restartAfter(undefined);
      await program.stop();
    },
    async kill(how) {
      program.signal(how);
    },
    keepRestarting: (everySeconds) => program.restartAfter(everySeconds),
    end: () => program.end(),
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function without(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
