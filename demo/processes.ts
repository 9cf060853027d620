/** Child processes of the demo: each in a group of its own, stopped with all it started, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ProgramOptions {
  /** For people: `weather-app1`. */
  readonly name: string;
  /** A TypeScript file and its arguments, run under this Node; or a command line for the shell. */
  readonly run: { readonly file: string; readonly commandLine?: readonly string[] } | { readonly shell: string };
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its stdout and stderr go. */
  readonly outputFile: string;
}

export interface Program {
  readonly name: string;
  readonly pid: number;
  /** undefined while it runs. */
  exit(): string | undefined;
  /** SIGTERM, and after the limit SIGKILL to the whole group. Resolves when it is gone; again and again without harm. */
  stop(limitMilliseconds?: number): Promise<void>;
  /** As a crash: SIGKILL to the whole group. */
  kill(): Promise<void>;
}

const STOP_LIMIT_MILLISECONDS = 8_000;
/** Enough for programs to start; nothing else of the caller's environment, so that no secret and no setting leaks in. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'XDG_CACHE_HOME',
];

/** Throws when the program can't be started. A program that ends by itself is noticed by whoever waits for its address. */
export function startProgram(options: ProgramOptions): Program {
  const child = spawnInGroup(options);
  const { name } = options;
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  const pid = startedPid(child, name);
  child.once('exit', (code, signal) => {
    ended = signal ?? `exit code ${code ?? 'unknown'}`;
    signalGroup(pid, 'SIGKILL'); // what it started and did not stop
  });

  async function gone(): Promise<void> {
    if (ended === undefined) await once(child, 'exit');
  }
  return {
    name,
    pid,
    exit: () => ended,
    async stop(limitMilliseconds = STOP_LIMIT_MILLISECONDS) {
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), limitMilliseconds);
      if (ended === undefined) child.kill('SIGTERM');
      await gone();
      clearTimeout(timer);
    },
    async kill() {
      signalGroup(pid, 'SIGKILL');
      await gone();
    },
  };
}

function spawnInGroup({ name, run, folder, environment, outputFile }: ProgramOptions): ChildProcess {
  if (!existsSync(folder)) throw new Error(`${name} could not be started: there is no folder ${folder}`);
  mkdirSync(dirname(outputFile), { recursive: true });
  const output = openSync(outputFile, 'a');
  // The channel closes when we end, however we end: leave-with-parent.ts and keeper.ts take that as their sign.
  const leave = join(import.meta.dirname, 'leave-with-parent.ts');
  const commandLine =
    'file' in run
      ? ['--import', leave, run.file, ...(run.commandLine ?? [])]
      : [join(import.meta.dirname, 'keeper.ts'), run.shell];
  try {
    return spawn(process.execPath, commandLine, {
      cwd: folder,
      env: { ...inherited(), ...environment },
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
  } finally {
    closeSync(output);
  }
}

function startedPid({ pid }: ChildProcess, name: string): number {
  if (pid === undefined) throw new Error(`${name} could not be started`);
  return pid;
}

function inherited(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group is gone already.
  }
}

/** Resolves when the address answers with a status below 500. Rejects when the program ends or the time is over, with the end of its output. */
export async function untilAnswers(
  url: string,
  program: Program,
  outputFile: string,
  limitMilliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  for (;;) {
    signal.throwIfAborted();
    const ended = program.exit();
    if (ended !== undefined) throw new Error(`${program.name} ended by itself (${ended}).${tailOf(outputFile)}`);
    if (await isAnswered(url)) return;
    if (performance.now() > deadline) {
      const seconds = limitMilliseconds / 1_000;
      throw new Error(`${program.name} did not answer at ${url} within ${seconds} s.${tailOf(outputFile)}`);
    }
    await pause(50, signal);
  }
}

/** With a status below 500, within a second. */
export async function isAnswered(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

function tailOf(outputFile: string): string {
  try {
    const lines = readFileSync(outputFile, 'utf8').trimEnd().split('\n').slice(-5);
    return ` It last said:\n${lines.join('\n')}`;
  } catch {
    return '';
  }
}

/** Rejects with the signal's reason when it aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    function stop(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
