/** A program under a supervisor: its end is noted where nobody asked for it, and it is started again where that is wished. */
import { appendFileSync } from 'node:fs';
import { type Program, pause } from '../../../demo/processes.ts';

export interface Supervised {
  start(): void;
  /** SIGTERM, then force. A program that was halted is woken first. */
  stop(): Promise<void>;
  signal(how: NodeJS.Signals): void;
  isRunning(): boolean;
  /** From the next end on, or at once where it has ended; undefined: never. */
  restartAfter(seconds: number | undefined): void;
  end(): Promise<void>;
}

export interface SupervisedOptions {
  readonly name: string;
  /** Where the supervisor's notes go. */
  readonly outputFile: string;
  readonly launch: () => Program;
  readonly signal: AbortSignal;
}

const STOP_LIMIT_MILLISECONDS = 4_000;
const WATCH_MILLISECONDS = 150;

export function supervised({ name, outputFile, launch, signal }: SupervisedOptions): Supervised {
  let program: Program | undefined;
  let restartSeconds: number | undefined;
  let isEnded = false;

  function start(): void {
    const own = launch();
    program = own;
    watch(own).catch(() => undefined);
  }
  async function watch(own: Program): Promise<void> {
    while (own.exit() === undefined) await pause(WATCH_MILLISECONDS, signal);
    if (program !== own || isEnded) return;
    program = undefined;
    note(`${name} ended: ${own.exit()}`);
    await restartLater();
  }
  async function restartLater(): Promise<void> {
    if (restartSeconds === undefined) return;
    await pause(restartSeconds * 1_000, signal);
    if (program !== undefined || isEnded || restartSeconds === undefined) return;
    note(`starting ${name} again`);
    start();
  }
  function note(text: string): void {
    appendFileSync(outputFile, `${new Date().toISOString()} supervisor: ${text}\n`);
  }
  async function stop(): Promise<void> {
    const own = program;
    program = undefined;
    if (own === undefined) return;
    signalGroup(own.pid, 'SIGCONT');
    await own.stop(STOP_LIMIT_MILLISECONDS);
  }
  return {
    start,
    stop,
    signal(how) {
      if (program !== undefined) signalGroup(program.pid, how);
    },
    isRunning: () => program !== undefined,
    restartAfter(seconds) {
      restartSeconds = seconds;
      if (program === undefined) restartLater().catch(() => undefined);
    },
    async end() {
      isEnded = true;
      await stop();
    },
  };
}

export function signalGroup(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(-pid, how);
  } catch {
    // the whole group is gone already
  }
}
