/** pg-boss as the queue: jobs in the same database, enqueued in our own transactions. */
import { PgBoss } from 'pg-boss';
import type { Log } from '../ports.ts';

export const RUN_QUEUE = 'runs';
export const SETTLE_QUEUE = 'settle';

export interface BossOptions {
  readonly url: string;
  readonly log: Log;
  /** Only a process that works supervises: it finds jobs whose heartbeat stopped. */
  readonly isWorker: boolean;
}

/** The shortest that pg-boss takes. */
const HEARTBEAT_SECONDS = 10;
/** Half a day of tries: a job that is given up leaves its run without an end, and disks are full for longer than minutes. */
const RETRY_LIMIT = 10_000;
const DELETE_AFTER_SECONDS = 24 * 3_600;
const SAME_ERROR_EVERY_MILLISECONDS = 10_000;
const MAX_REASONS = 100;

/** Starts it and makes the queues. `stop()` closes its pool. */
export async function startBoss({ url, log, isWorker }: BossOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'incident-agent-queue',
    max: isWorker ? 5 : 3,
    supervise: isWorker,
    schedule: false,
    useListenNotify: isWorker,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    registerInstance: false,
  });
  boss.on(
    'error',
    onceInAWhile((reason) => log.warn('The queue reports an error', { reason })),
  );
  await boss.start();
  const common = {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    retryLimit: RETRY_LIMIT,
    deleteAfterSeconds: DELETE_AFTER_SECONDS,
    notify: true,
  };
  await boss.createQueue(RUN_QUEUE, { ...common, policy: 'exclusive', retryDelay: 0 });
  // One waiting check an incident; a check under way may ask for the next one.
  await boss.createQueue(SETTLE_QUEUE, { ...common, policy: 'short', retryDelay: 5 });
  return boss;
}

/** While the database is away every look of every worker says so, twice a second. */
function onceInAWhile(say: (reason: string) => void): (error: Error) => void {
  const saidAt = new Map<string, number>();
  return ({ message }) => {
    const [reason = message] = message.split(' (Queue: ');
    const now = performance.now();
    if (now - (saidAt.get(reason) ?? Number.NEGATIVE_INFINITY) < SAME_ERROR_EVERY_MILLISECONDS) return;
    if (saidAt.size >= MAX_REASONS) saidAt.clear();
    saidAt.set(reason, now);
    say(reason);
  };
}
