/** A disk of a few megabytes, where the machine lets us mount one, so that "no space left" is said by the kernel. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

const SIZE = '8m';
const OTHERS_FILE = 'dump.part';
const CHUNK_BYTES = 64 * 1024;

/** Mounted over the folder until this process ends; asked again it is the same. Without the right to mount: the folder. */
export function smallDisk(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (isMounted(folder)) return;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'ignore' });
  if (status === 0) process.once('exit', () => detach(folder));
}

/** Writes until there is no room. Where nothing could be mounted, the exports go to a device that is always full. */
export async function usedUp(folder: string): Promise<void> {
  if (!isMounted(folder)) {
    rmSync(exported(folder), { force: true });
    symlinkSync('/dev/full', exported(folder));
    return;
  }
  const file = await open(join(folder, OTHERS_FILE), 'w');
  try {
    for (let bytes = CHUNK_BYTES; bytes >= 1; ) {
      const isWritten = await file.write(Buffer.alloc(bytes, 1)).then(
        () => true,
        () => false,
      );
      if (!isWritten) bytes = Math.floor(bytes / 4);
    }
  } finally {
    await file.close();
  }
}

export async function freeSpace(folder: string): Promise<void> {
  if (isMounted(folder)) await rm(join(folder, OTHERS_FILE), { force: true });
  else rmSync(exported(folder), { force: true });
}

/** What the storefront writes before it gives it its name. */
function exported(folder: string): string {
  return join(folder, 'exports', 'orders.csv.part');
}

function isMounted(folder: string): boolean {
  try {
    return readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .some((line) => line.split(' ')[1] === folder);
  } catch {
    return false; // no Linux
  }
}

function detach(folder: string): void {
  spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' });
}
