/** A fixed number of connections to a service, lent in turn. */
import { HttpError } from './web/errors.ts';

export interface Lease {
  release(): void;
}
export interface Pool {
  readonly name: string;
  readonly size: number;
  inUse(): number;
  waiting(): number;
  /** Throws a 503 when none becomes free in time. */
  acquire(): Promise<Lease>;
}

interface Waiter {
  readonly resolve: (lease: Lease) => void;
  readonly timer: NodeJS.Timeout;
}

export function createPool(name: string, size: number, acquireTimeoutMilliseconds: number): Pool {
  const waiters: Waiter[] = [];
  let lent = 0;

  function lease(): Lease {
    let isReleased = false;
    return {
      release() {
        if (isReleased) return;
        isReleased = true;
        const next = waiters.shift();
        if (next === undefined) {
          lent -= 1;
          return;
        }
        clearTimeout(next.timer);
        next.resolve(lease());
      },
    };
  }

  function waitForOne(): Promise<Lease> {
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    const timer = setTimeout(() => {
      waiters.splice(waiters.indexOf(waiter), 1);
      const state = `${lent} of ${size} in use, ${waiters.length} waiting`;
      const message = `timeout acquiring a connection from pool ${name} after ${acquireTimeoutMilliseconds} ms (${state})`;
      reject(new HttpError(503, message));
    }, acquireTimeoutMilliseconds);
    const waiter: Waiter = { resolve, timer };
    waiters.push(waiter);
    return promise;
  }

  return {
    name,
    size,
    inUse: () => lent,
    waiting: () => waiters.length,
    async acquire() {
      if (lent >= size) return waitForOne();
      lent += 1;
      return lease();
    },
  };
}
