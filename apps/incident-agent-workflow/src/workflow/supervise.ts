/** Keeps a worker process alive: another is started when it dies, ever later if it keeps dying. */
import type { ChildProcess } from 'node:child_process';
import { messageOf } from '../domain/error.ts';
import type { Clock, Log } from '../ports.ts';

export interface SuperviseOptions {
  readonly start: () => ChildProcess;
  readonly log: Log;
  readonly clock: Clock;
}

const SHORTEST_WAIT_MILLISECONDS = 200;
const LONGEST_WAIT_MILLISECONDS = 5_000;
/** Alive this long, a worker is taken to be well. */
const WELL_AFTER_MILLISECONDS = 10_000;
const STOP_LIMIT_MILLISECONDS = 8_000;

/** `stop` asks the child to leave and waits for it; one that does not within 8 s is killed. */
export function superviseChild({ start, log, clock }: SuperviseOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  async function keepAlive(): Promise<void> {
    let waitMilliseconds = SHORTEST_WAIT_MILLISECONDS;
    while (!stopping.signal.aborted) {
      const began = clock.milliseconds();
      const how = await runOnce();
      if (stopping.signal.aborted) return;
      if (clock.milliseconds() - began > WELL_AFTER_MILLISECONDS) waitMilliseconds = SHORTEST_WAIT_MILLISECONDS;
      log.error(`The worker ended (${how}), another is started`);
      await clock.sleep(waitMilliseconds, stopping.signal);
      waitMilliseconds = Math.min(waitMilliseconds * 2, LONGEST_WAIT_MILLISECONDS);
    }
  }

  async function runOnce(): Promise<string> {
    try {
      child = start();
      return await ended(child);
    } catch (error) {
      return messageOf(error);
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
    // Also told of a message or signal that did not reach a child that lives on; one that never began has no number.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
