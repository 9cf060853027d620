/** Memory of a process and of all that it started, as the kernel tells it. */
import { readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;

/** Resident bytes; what is shared is counted once for each process. 0 when it is gone. */
export async function memoryOf(pid: number): Promise<number> {
  if (pid <= 0) return 0;
  const [statm, children] = await Promise.all([
    readFile(`/proc/${pid}/statm`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ]);
  // Resident less shared: a hundred processes of one program share its code.
  const [, resident = '0', shared = '0'] = statm.split(' ');
  const own = (Number(resident) - Number(shared)) * PAGE_BYTES;
  const below = await Promise.all(
    children
      .split(' ')
      .filter((child) => child.trim() !== '')
      .map((child) => memoryOf(Number(child))),
  );
  return below.reduce((sum, bytes) => sum + bytes, own);
}
