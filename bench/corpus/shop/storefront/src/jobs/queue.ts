/** Work that a customer need not wait for. First in, first out, in memory. */
import { HttpError } from '../web/errors.ts';

export interface Job {
  readonly id: number;
  readonly kind: 'confirmation';
  readonly order: {
    readonly id: string;
    readonly customer: string;
    readonly email: string;
    readonly totalCents: number;
  };
  readonly addedAt: number;
  attempts: number;
}

export interface Queue {
  readonly name: string;
  /** Throws a 503 when too much waits already. */
  add(order: Job['order']): void;
  next(): Job | undefined;
  /** Behind all others. */
  putBack(job: Job): void;
  depth(): number;
  oldestSeconds(): number;
}

export function createQueue(name: string, limit: number): Queue {
  const jobs: Job[] = [];
  let added = 0;
  return {
    name,
    add(order) {
      if (jobs.length >= limit) throw new HttpError(503, `queue ${name} is full (${jobs.length} jobs)`);
      added += 1;
      jobs.push({ id: added, kind: 'confirmation', order, addedAt: performance.now(), attempts: 0 });
    },
    next: () => jobs.shift(),
    putBack(job) {
      jobs.push(job);
    },
    depth: () => jobs.length,
    oldestSeconds: () => {
      const oldest = jobs.reduce((least, { addedAt }) => Math.min(least, addedAt), Number.POSITIVE_INFINITY);
      return jobs.length === 0 ? 0 : (performance.now() - oldest) / 1_000;
    },
  };
}
