/** Takes jobs one after the other and hands the mails to the outbox, from where the mail server picks them up. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { confirmationOf } from './confirmation.ts';
import type { Job, Queue } from './queue.ts';

export interface WorkerOptions {
  readonly queue: Queue;
  readonly dataDir: string;
  readonly currency: string;
  readonly maxAttempts: number;
  readonly pauseMilliseconds: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

const IDLE_MILLISECONDS = 50;
const RETRY_MILLISECONDS = 100;

export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { queue, log } = options;
  await mkdir(join(options.dataDir, 'outbox'), { recursive: true });
  while (!signal.aborted) {
    const job = queue.next();
    if (job) await work(job, options);
    else await wait(IDLE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
  log.info('worker stopped', { queue: queue.name, left: queue.depth() });
}

async function work(job: Job, options: WorkerOptions): Promise<void> {
  const { queue, dataDir, currency, maxAttempts, pauseMilliseconds, log, metrics } = options;
  try {
    const mail = confirmationOf(job, currency);
    await appendFile(join(dataDir, 'outbox', 'mails.jsonl'), `${JSON.stringify(mail)}\n`);
    await wait(pauseMilliseconds); // the mail server asks for it
    metrics.job(queue.name, 'done');
  } catch (error) {
    metrics.job(queue.name, 'failed');
    job.attempts += 1;
    log.error('job failed', error, { queue: queue.name, job: job.id, attempts: job.attempts });
    await wait(RETRY_MILLISECONDS);
    if (job.attempts < maxAttempts) {
      queue.putBack(job);
      return;
    }
    metrics.job(queue.name, 'dropped');
    log.warn('job dropped', { queue: queue.name, job: job.id, attempts: job.attempts });
  }
}
