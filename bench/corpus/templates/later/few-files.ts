/** A disk that has room for few files, however small they are, where the machine lets us mount one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OPTIONS = 'size=64m,nr_inodes=400';
const OTHERS = /^thumb-\d+\.tmp$/;
let made = 0;

/** Linux. Mounted over the folder until this process ends; without the right to mount it is a folder like any other. */
export function diskOfFewFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readFileSync('/proc/mounts', 'utf8').includes(` ${folder} `)) return;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', OPTIONS, 'tmpfs', folder], { stdio: 'ignore' });
  if (status === 0) process.once('exit', () => spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' }));
}

/** As many empty files as there is room for, at most so many. */
export function emptyFiles(folder: string, most: number): void {
  try {
    for (let count = 0; count < most; count += 1) {
      made += 1;
      writeFileSync(join(folder, `thumb-${made}.tmp`), '');
    }
  } catch {
    // there is no room for another
  }
}

export function removeEmptyFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (OTHERS.test(name)) rmSync(join(folder, name), { force: true });
}
