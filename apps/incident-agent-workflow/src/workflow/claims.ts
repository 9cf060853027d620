/**
 * Which worker has which job, and whether that worker lives. A worker proves it by a session advisory lock on a
 * connection of its own: the kernel frees it the moment the process dies, so its jobs need not wait for a heartbeat.
 */
import pg from 'pg';
import { z } from 'zod';
import { messageOf } from '../domain/error.ts';
import type { Clock, Log } from '../ports.ts';

/** First key of the two-part advisory lock; the second is a hash of the worker's id. */
const LOCK_SPACE = 7;
const RECONNECT_MILLISECONDS = 500;

export interface Claim {
  readonly queue: string;
  readonly jobId: string;
}

export interface Claims {
  add(claim: Claim): Promise<void>;
  remove(claim: Claim): Promise<void>;
  /** Jobs of workers that are gone; taken off the list, to be handed out again by the caller. */
  ofTheDead(): Promise<Claim[]>;
  stop(): Promise<void>;
}

const ClaimRow = z.object({ queue: z.string(), jobId: z.string() });

/** Connects, takes the lock of `workerId`, and keeps both. */
export async function openClaims(options: {
  readonly url: string;
  readonly workerId: string;
  readonly log: Log;
  readonly clock: Clock;
}): Promise<Claims> {
  const { workerId, log, clock } = options;
  let isStopped = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({
      connectionString: options.url,
      application_name: 'incident-agent-liveness',
      keepAlive: true,
    });
    opened.once('end', () => void reconnect());
    opened.on('error', () => {}); // 'end' follows
    await opened.connect();
    await opened.query(
      'CREATE TABLE IF NOT EXISTS worker_claims (queue text NOT NULL, job_id uuid NOT NULL, worker text NOT NULL, PRIMARY KEY (queue, job_id))',
    );
    await opened.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_SPACE, workerId]);
    return opened;
  }

  async function reconnect(): Promise<void> {
    while (!isStopped) {
      await clock.sleep(RECONNECT_MILLISECONDS);
      try {
        if (!isStopped) client = await connect();
        return;
      } catch (error) {
        log.warn('The worker cannot prove that it lives yet', { reason: messageOf(error) });
      }
    }
  }

  return {
    async add({ queue, jobId }) {
      await client.query(
        'INSERT INTO worker_claims VALUES ($1, $2, $3) ON CONFLICT (queue, job_id) DO UPDATE SET worker = EXCLUDED.worker',
        [queue, jobId, workerId],
      );
    },
    async remove({ queue, jobId }) {
      await client.query('DELETE FROM worker_claims WHERE queue = $1 AND job_id = $2 AND worker = $3', [
        queue,
        jobId,
        workerId,
      ]);
    },
    async ofTheDead() {
      const { rows: workers } = await client.query<{ worker: string }>(
        'SELECT DISTINCT worker FROM worker_claims WHERE worker <> $1',
        [workerId],
      );
      const claims: Claim[] = [];
      for (const { worker } of workers) claims.push(...(await takeFromDead(client, worker)));
      return claims;
    },
    async stop() {
      isStopped = true;
      await client.end();
    },
  };
}

/** Empty when the worker lives: then its lock cannot be had. */
async function takeFromDead(client: pg.Client, worker: string): Promise<Claim[]> {
  const { rows } = await client.query<{ isDead: boolean }>(
    'SELECT pg_try_advisory_lock($1, hashtext($2)) AS "isDead"',
    [LOCK_SPACE, worker],
  );
  if (!rows[0]?.isDead) return [];
  try {
    const taken = await client.query(
      'DELETE FROM worker_claims WHERE worker = $1 RETURNING queue, job_id::text AS "jobId"',
      [worker],
    );
    return z.array(ClaimRow).parse(taken.rows);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK_SPACE, worker]);
  }
}
