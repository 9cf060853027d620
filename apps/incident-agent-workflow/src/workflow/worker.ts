/** The worker port: takes jobs, proves that it lives, hands on the jobs of workers that died. */
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { messageOf } from '../domain/error.ts';
import type { Chance, Clock, Log, Worker } from '../ports.ts';
import { RUN_QUEUE, SETTLE_QUEUE } from './boss.ts';
import { type Claims, openClaims } from './claims.ts';

export interface WorkerOptions {
  readonly boss: PgBoss;
  readonly url: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Runs at once. */
  readonly concurrency: number;
}

/** Both must be set: with a notification each, workers otherwise poll every 30 s and drain a backlog at a crawl. */
const POLLING = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 } as const;
const LOOK_FOR_DEAD_MILLISECONDS = 1_000;

const RunJob = z.object({ runId: z.string() });
const SettleJob = z.object({ incidentId: z.string(), reason: z.enum(['resolved', 'silent']) });

export function createWorker(options: WorkerOptions): Worker {
  const { boss, clock, log } = options;
  const stopping = new AbortController();
  let claims: Claims | undefined;
  let watching = Promise.resolve();

  async function work(
    queue: string,
    concurrency: number,
    handle: (job: JobWithMetadata<unknown>, signal: AbortSignal) => Promise<void>,
    own: Claims,
  ): Promise<void> {
    await boss.work(
      queue,
      { ...POLLING, includeMetadata: true, batchSize: 1, localConcurrency: concurrency },
      async ([job]) => {
        if (!job) return;
        const claim = { queue, jobId: job.id };
        await own.add(claim);
        try {
          await handle(job, AbortSignal.any([stopping.signal, job.signal]));
        } catch (error) {
          log.warn(`A job of ${queue} is given back`, {
            job: job.id,
            attempt: job.retryCount + 1,
            reason: messageOf(error),
          });
          throw error;
        } finally {
          await own.remove(claim);
        }
      },
    );
  }

  return {
    async start(handlers) {
      const own = await openClaims({ url: options.url, workerId: options.chance.uuid(), log, clock });
      claims = own;
      await reap(boss, own, log);
      await work(
        RUN_QUEUE,
        options.concurrency,
        (job, signal) => handlers.run(RunJob.parse(job.data).runId, job.retryCount + 1, signal),
        own,
      );
      await work(
        SETTLE_QUEUE,
        1,
        (job, signal) => {
          const { incidentId, reason } = SettleJob.parse(job.data);
          return handlers.settle(incidentId, reason, signal);
        },
        own,
      );
      watching = watchForDead(own);
    },
    async stop(limitMilliseconds) {
      const timer = setTimeout(() => stopping.abort(new Error('the worker is to stop')), limitMilliseconds);
      await boss.stop({ graceful: true, timeout: limitMilliseconds });
      clearTimeout(timer);
      stopping.abort(new Error('the worker has stopped'));
      await watching;
      await claims?.stop();
    },
  };

  async function watchForDead(own: Claims): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(LOOK_FOR_DEAD_MILLISECONDS, stopping.signal);
      if (!stopping.signal.aborted) await reap(boss, own, log);
    }
  }
}

/** Failing a job of the dead makes it fetchable at once, with its attempt counted up. */
async function reap(boss: PgBoss, claims: Claims, log: Log): Promise<void> {
  try {
    for (const { queue, jobId } of await claims.ofTheDead()) {
      await boss.fail(queue, jobId, { reason: 'its worker died' });
      log.warn('A job of a worker that died is handed on', { queue, job: jobId });
    }
  } catch (error) {
    log.warn('Jobs of dead workers could not be looked for', { reason: messageOf(error) });
  }
}
