/** Keeps a worker process alive: another is started when it dies, ever later if it keeps dying. */
import type { ChildProcess } from 'node:child_process';
import type { Clock, Log } from '../ports.ts';

export interface SuperviseOptions {
  start(): ChildProcess;
  readonly log: Log;
  readonly clock: Clock;
}

const SHORTEST_WAIT_MILLISECONDS = 200;
const LONGEST_WAIT_MILLISECONDS = 5_000;
/** Alive this long, a worker is taken to be well. */
const WELL_AFTER_MILLISECONDS = 10_000;
const STOP_LIMIT_MILLISECONDS = 8_000;

/** `stop` asks the child to leave and waits for it; one that does not is killed. */
export function superviseChild({ start, log, clock }: SuperviseOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  async function keepAlive(): Promise<void> {
    let waitMilliseconds = SHORTEST_WAIT_MILLISECONDS;
    while (!stopping.signal.aborted) {
      const began = clock.milliseconds();
      child = start();
      const how = await ended(child);
      if (stopping.signal.aborted) return;
      if (clock.milliseconds() - began > WELL_AFTER_MILLISECONDS) waitMilliseconds = SHORTEST_WAIT_MILLISECONDS;
      log.error(`The worker ended (${how}), another is started`);
      await clock.sleep(waitMilliseconds, stopping.signal);
      waitMilliseconds = Math.min(waitMilliseconds * 2, LONGEST_WAIT_MILLISECONDS);
    }
  }

  const running = keepAlive();
  return {
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_LIMIT_MILLISECONDS);
      await running;
      clearTimeout(timer);
    },
  };
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
