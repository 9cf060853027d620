/** One starter at a time on a data directory: Postgres itself does not keep two `initdb` apart. */
import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { AgentError, messageOf } from '../../domain/error.ts';

const WAIT_MILLISECONDS = 50;
const LIMIT_MILLISECONDS = 60_000;
const REFRESH_MILLISECONDS = 500;
/** A living holder touches its file far more often. A number alone proves nothing: in a container all are reused. */
const ABANDONED_AFTER_MILLISECONDS = 5_000;

/** Runs `work` while holding the lock file; one left by a dead process is taken over. Throws AgentError('timeout') after a minute. */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + LIMIT_MILLISECONDS;
  const content = `${process.pid} ${randomUUID()}`;
  while (!(await create(path, content))) {
    if (performance.now() > deadline)
      throw new AgentError(
        'timeout',
        `Another process has been starting the database for a minute: remove ${path} if there is none`,
        { retryable: false },
      );
    if (await isAbandoned(path)) await removeAbandoned(path);
    else await setTimeout(WAIT_MILLISECONDS);
  }
  const refreshing = setInterval(() => {
    // A folder that is gone shows in the work itself.
    utimes(path, new Date(), new Date()).catch(() => {});
  }, REFRESH_MILLISECONDS);
  try {
    return await work();
  } finally {
    clearInterval(refreshing);
    if ((await contentOf(path)) === content) await rm(path, { force: true });
  }
}

/** False: somebody else has made it. */
async function create(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new AgentError('refused', `The lock ${path} cannot be made: ${messageOf(error)}`, {
      retryable: false,
      cause: error,
    });
  }
}

/** Under a lock of its own: of two that find the same dead holder, the slower would remove the new lock of the faster. */
async function removeAbandoned(path: string): Promise<void> {
  const guard = `${path}.removing`;
  if (!(await create(guard, ''))) {
    if (await isOld(guard)) await rm(guard, { force: true });
    else await setTimeout(WAIT_MILLISECONDS);
    return;
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const pid = Number((await contentOf(path)).split(' ')[0]);
  return (pid > 0 && isGone(pid)) || isOld(path);
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ABANDONED_AFTER_MILLISECONDS;
  } catch {
    return false; // it is gone: there is nothing to take over
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
