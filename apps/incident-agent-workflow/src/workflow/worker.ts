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
const LOOK_FOR_DEAD_MILLISECONDS = 500;
/** A handler that fails at once would otherwise use up all its tries within seconds. */
const SHORTEST_BACK_OFF_MILLISECONDS = 250;
const LONGEST_BACK_OFF_MILLISECONDS = 5_000;

const RunJob = z.object({ runId: z.string() });
const SettleJob = z.object({ incidentId: z.string(), reason: z.enum(['resolved', 'silent']) });

/** None: the job has ended, or was handed out again. */
const Failed = z.object({ affected: z.number() });

type JobHandler = (job: JobWithMetadata<unknown>, signal: AbortSignal) => Promise<void>;

export function createWorker(options: WorkerOptions): Worker {
  const { boss, clock, log } = options;
  /** Aborts the jobs under way. */
  const stopping = new AbortController();
  const watchingEnds = new AbortController();
  let claims: Claims | undefined;
  let watching = Promise.resolve();

  async function takeJobs(queue: string, own: Claims, handler: JobHandler): Promise<void> {
    const workerId = await boss.work(queue, { ...POLLING, includeMetadata: true, batchSize: 1 }, async ([job]) => {
      if (!job) return;
      await workOn(queue, job, own, handler);
      boss.notifyWorker(workerId); // there may be more, and the next look is half a second away
    });
  }

  async function workOn(queue: string, job: JobWithMetadata<unknown>, own: Claims, handler: JobHandler): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, job.signal]);
    const claim = { queue, jobId: job.id, retryCount: job.retryCount };
    await own.add(claim);
    try {
      await handler(job, signal);
    } catch (error) {
      log.warn(`A job of ${queue} is given back`, {
        job: job.id,
        attempt: job.retryCount + 1,
        reason: messageOf(error),
      });
      const backOff = SHORTEST_BACK_OFF_MILLISECONDS * 2 ** job.retryCount;
      await clock.sleep(Math.min(backOff, LONGEST_BACK_OFF_MILLISECONDS), signal);
      throw error;
    } finally {
      await own.remove(claim);
    }
  }

  async function watchForDead(own: Claims): Promise<void> {
    while (!watchingEnds.signal.aborted) {
      await handOnThoseOfTheDead(boss, own, log);
      await clock.sleep(LOOK_FOR_DEAD_MILLISECONDS, watchingEnds.signal);
    }
  }

  return {
    async start(handlers) {
      const own = await openClaims(options);
      claims = own;
      await handOnThoseOfTheDead(boss, own, log);
      for (let index = 0; index < options.concurrency; index += 1) {
        await takeJobs(RUN_QUEUE, own, (job, signal) =>
          handlers.run(RunJob.parse(job.data).runId, job.retryCount + 1, signal),
        );
      }
      await takeJobs(SETTLE_QUEUE, own, (job, signal) => {
        const { incidentId, reason } = SettleJob.parse(job.data);
        return handlers.settle(incidentId, reason, signal);
      });
      watching = watchForDead(own);
    },
    async stop(limitMilliseconds) {
      // First of all and at once: what is taken from here on would only be given back.
      await Promise.all([RUN_QUEUE, SETTLE_QUEUE].map((queue) => boss.offWork(queue, { wait: false })));
      watchingEnds.abort();
      const timer = setTimeout(() => stopping.abort(new Error('the worker is to stop')), limitMilliseconds);
      try {
        await watching;
        await boss.stop({ graceful: true, timeout: limitMilliseconds });
      } finally {
        clearTimeout(timer);
        stopping.abort(new Error('the worker has stopped'));
        await claims?.stop();
      }
    },
  };
}

/** Failing a job of the dead makes it fetchable at once, with its attempt counted up. Never rejects. */
async function handOnThoseOfTheDead(boss: PgBoss, claims: Claims, log: Log): Promise<void> {
  try {
    await claims.handOnThoseOfTheDead(async ({ queue, jobId, retryCount }) => {
      const { affected } = Failed.parse(
        await boss.fail(queue, { id: jobId, retryCount }, { reason: 'its worker died' }),
      );
      if (affected > 0) log.warn('A job of a worker that died is handed on', { queue, job: jobId });
    });
  } catch (error) {
    log.warn('Jobs of dead workers could not be looked for', { reason: messageOf(error) });
  }
}
