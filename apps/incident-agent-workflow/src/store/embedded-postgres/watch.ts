/** Notices within a second that the embedded server died, and starts it again on the same port. */
import { messageOf } from '../../domain/error.ts';
import type { Clock, Log } from '../../ports.ts';
import { isPostgresAlive } from './postmaster-file.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts';

export interface WatchOptions {
  readonly folder: string;
  readonly server: EmbeddedPostgres;
  readonly log: Log;
  readonly clock: Clock;
}

const LOOK_MILLISECONDS = 500;
const LONGEST_BACK_OFF_MILLISECONDS = 10_000;

/** `stop` ends the watch, not the server. */
export function watchEmbeddedPostgres({ folder, server, log, clock }: WatchOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let { pid } = server;

  async function watch(): Promise<void> {
    let waitMilliseconds = LOOK_MILLISECONDS;
    while (!stopping.signal.aborted) {
      await clock.sleep(waitMilliseconds, stopping.signal);
      if (stopping.signal.aborted || isPostgresAlive(pid)) continue;
      try {
        log.warn('The embedded Postgres is gone, it is started again');
        ({ pid } = await startEmbeddedPostgres({ folder, log }));
        waitMilliseconds = LOOK_MILLISECONDS;
      } catch (error) {
        waitMilliseconds = Math.min(waitMilliseconds * 2, LONGEST_BACK_OFF_MILLISECONDS);
        log.error('The embedded Postgres could not be started again', { reason: messageOf(error) });
      }
    }
  }

  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
