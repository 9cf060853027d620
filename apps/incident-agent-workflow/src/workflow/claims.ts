/**
 * Which worker has which job, and whether that worker lives. A worker proves it by a session advisory lock on a
 * connection of its own: the kernel frees it the moment the process dies, so its jobs need not wait for a heartbeat.
 * Needs a session of its own: a pooler that hands out transactions will not do.
 */
import { Client } from 'pg';
import { z } from 'zod';
import { messageOf } from '../domain/error.ts';
import type { Chance, Clock, Log } from '../ports.ts';

/** First key of the two-part advisory lock; the second is a hash of the worker's id. */
const LOCK_SPACE = 7;
const RECONNECT_MILLISECONDS = 250;
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;
const QUERY_TIMEOUT_MILLISECONDS = 10_000;
/** A restart of the server takes the lock from all: the living have this long to come back before they are judged. */
const GRACE_MILLISECONDS = 3_000;

export interface Claim {
  readonly queue: string;
  readonly jobId: string;
  /** As the queue counts it, from 0: a job that was handed out again since is somebody else's. */
  readonly retryCount: number;
}

export interface Claims {
  /** Waits until this worker can prove that it lives. Rejects when it is stopped before. */
  add(claim: Claim): Promise<void>;
  /** Never rejects: what could not be removed is removed with the next connection. */
  remove(claim: Claim): Promise<void>;
  /** Hands on each job of workers that are gone. One whose handing on fails stays on the list. */
  handOnThoseOfTheDead(handOn: (claim: Claim) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface ClaimsOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

interface Session {
  readonly client: Client;
  /** One after the other, as a connection takes them. Rows are unparsed. */
  readonly query: Query;
  /** New with every connection: the server may take a while to notice that an earlier one is dead. */
  readonly workerId: string;
}

type Query = (text: string, values: readonly unknown[]) => Promise<unknown[]>;

const ClaimRow = z.object({ queue: z.string(), jobId: z.string(), retryCount: z.number() });
const WorkerRow = z.object({ worker: z.string() });
const LockRow = z.object({ isTaken: z.boolean() });

/** Connects and proves that this worker lives, again and again until stopped. Rejects if the first connection fails. */
export async function openClaims(options: ClaimsOptions): Promise<Claims> {
  const { clock, log } = options;
  const stopping = new AbortController();
  const held = new Map<string, Claim>();
  let judgesFrom = 0;
  let session = connect(undefined);
  await session;

  async function connect(earlierId: string | undefined): Promise<Session> {
    const workerId = options.chance.uuid();
    let state: 'opening' | 'open' | 'ended' = 'opening';
    const client = await openClient(options.url, () => {
      if (state === 'open') onLost(workerId);
      state = 'ended';
    });
    const query = oneByOne(client);
    try {
      await query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_SPACE, workerId]);
      if (earlierId !== undefined) await moveClaims(query, earlierId, workerId, held);
    } catch (error) {
      void client.end();
      throw error;
    }
    if (isEnded()) throw new Error('the connection ended');
    state = 'open';
    return { client, query, workerId };

    function isEnded(): boolean {
      return state === 'ended';
    }
  }

  function onLost(workerId: string): void {
    if (stopping.signal.aborted) return;
    log.warn('The connection that proves that this worker lives broke, it takes no job until there is another');
    judgesFrom = Number.POSITIVE_INFINITY;
    session = reconnect(workerId);
    session.catch(() => {}); // who waits for it hears of it; it fails only when stopped
  }

  async function reconnect(earlierId: string): Promise<Session> {
    for (;;) {
      await clock.sleep(RECONNECT_MILLISECONDS, stopping.signal);
      stopping.signal.throwIfAborted();
      try {
        const opened = await connect(earlierId);
        judgesFrom = clock.milliseconds() + GRACE_MILLISECONDS;
        return opened;
      } catch {
        // the server is still away
      }
    }
  }

  return {
    async add(claim) {
      const { query, workerId } = await session;
      await query(
        `INSERT INTO worker_claims (queue, job_id, retry_count, worker) VALUES ($1, $2, $3, $4)
         ON CONFLICT (queue, job_id) DO UPDATE SET retry_count = EXCLUDED.retry_count, worker = EXCLUDED.worker`,
        [claim.queue, claim.jobId, claim.retryCount, workerId],
      );
      held.set(claim.jobId, claim);
    },
    async remove({ queue, jobId, retryCount }) {
      held.delete(jobId);
      try {
        const { query } = await session;
        await query('DELETE FROM worker_claims WHERE queue = $1 AND job_id = $2 AND retry_count = $3', [
          queue,
          jobId,
          retryCount,
        ]);
      } catch (error) {
        log.warn('A finished job could not be taken off the list', { queue, job: jobId, reason: messageOf(error) });
      }
    },
    async handOnThoseOfTheDead(handOn) {
      if (clock.milliseconds() < judgesFrom) return;
      const { query, workerId } = await session;
      const rows = await query('SELECT DISTINCT worker FROM worker_claims WHERE worker <> $1', [workerId]);
      for (const { worker } of z.array(WorkerRow).parse(rows)) await takeFromDead(query, worker, handOn);
    },
    async stop() {
      stopping.abort(new Error('the worker is stopped'));
      const open = await session.catch(() => undefined);
      await open?.client.end();
    },
  };
}

async function openClient(url: string, onEnd: () => void): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'incident-agent-liveness',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    query_timeout: QUERY_TIMEOUT_MILLISECONDS,
  });
  client.on('error', () => {}); // 'end' follows
  client.once('end', onEnd);
  await client.connect();
  return client;
}

function oneByOne(client: Client): Query {
  let last: Promise<unknown> = Promise.resolve();
  return (text, values) => {
    const run = async (): Promise<unknown[]> => (await client.query<Record<string, unknown>>(text, [...values])).rows;
    const next = last.then(run, run);
    last = next;
    return next;
  };
}

/** The jobs go on under the new name; those that ended while there was no connection are forgotten. */
async function moveClaims(query: Query, from: string, to: string, held: ReadonlyMap<string, Claim>): Promise<void> {
  await query('DELETE FROM worker_claims WHERE worker = $1 AND job_id <> ALL($2::uuid[])', [from, [...held.keys()]]);
  await query('UPDATE worker_claims SET worker = $2 WHERE worker = $1', [from, to]);
}

/** Does nothing while the worker lives: then its lock cannot be had. */
async function takeFromDead(query: Query, worker: string, handOn: (claim: Claim) => Promise<void>): Promise<void> {
  const lock = [LOCK_SPACE, worker];
  const [tried] = await query('SELECT pg_try_advisory_lock($1, hashtext($2)) AS "isTaken"', lock);
  if (!LockRow.parse(tried).isTaken) return;
  try {
    const found = await query(
      'SELECT queue, job_id::text AS "jobId", retry_count AS "retryCount" FROM worker_claims WHERE worker = $1',
      [worker],
    );
    for (const claim of z.array(ClaimRow).parse(found)) {
      await handOn(claim);
      await query('DELETE FROM worker_claims WHERE worker = $1 AND queue = $2 AND job_id = $3', [
        worker,
        claim.queue,
        claim.jobId,
      ]);
    }
  } finally {
    await query('SELECT pg_advisory_unlock($1, hashtext($2))', lock);
  }
}
