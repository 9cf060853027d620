/** One starter at a time on a data directory: Postgres itself does not keep two `initdb` apart. */
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { AgentError } from '../../domain/error.ts';

const WAIT_MILLISECONDS = 50;
const LIMIT_MILLISECONDS = 60_000;

/** Runs `work` while holding the lock file; a lock left by a dead process is taken over. */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + LIMIT_MILLISECONDS;
  while (!(await tryLock(path))) {
    if (performance.now() > deadline)
      throw new AgentError(
        'timeout',
        `Another process has been starting the database for a minute: remove ${path} if there is none`,
        { retryable: false },
      );
    await setTimeout(WAIT_MILLISECONDS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (await isHolderGone(path)) await rm(path, { force: true });
    return false;
  }
}

async function isHolderGone(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid <= 0) return false; // it is being written
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
