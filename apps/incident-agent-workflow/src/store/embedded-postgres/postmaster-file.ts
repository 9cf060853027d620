/** `postmaster.pid`: who runs on a data directory, if anyone still does. */
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AgentError } from '../../domain/error.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const PATH = 'postmaster.pid';
/** The children of a killed server were seen to leave within half a second. */
const ORPHAN_LIMIT_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 25;

/** undefined: no file, or one that is being written. */
export async function readPostmaster(dataDirectory: string): Promise<Postmaster | undefined> {
  let lines: string[];
  try {
    lines = (await readFile(join(dataDirectory, PATH), 'utf8')).split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port, isReady: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Whether that process is a living postgres. A killed one stays a zombie until pid 1 reaps it, and after a restart
 * of the machine another program may have the number: both would keep a new server from starting.
 */
export function isPostgresAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

/**
 * Removes the file if its server is dead. Throws AgentError('refused') while children of that server still run: the
 * file is what keeps a second server from writing beside them.
 */
export async function removeStalePidFile(dataDirectory: string): Promise<void> {
  const postmaster = await readPostmaster(dataDirectory);
  if (!postmaster || isPostgresAlive(postmaster.pid)) return;
  const deadline = performance.now() + ORPHAN_LIMIT_MILLISECONDS;
  while (await hasProcesses(dataDirectory)) {
    if (performance.now() > deadline)
      throw new AgentError('refused', `Processes of a dead server still work on ${dataDirectory}`, { retryable: true });
    await setTimeout(POLL_MILLISECONDS);
  }
  await rm(join(dataDirectory, PATH), { force: true });
}

/** Every process of a server has its data directory as working directory. Only Linux says so; elsewhere Postgres checks. */
async function hasProcesses(dataDirectory: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const directory = await realpath(dataDirectory);
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const directories = await Promise.all(numbers.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined)));
  return directories.includes(directory);
}
