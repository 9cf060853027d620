/** Each run has a folder of its own under .data/demo; the last few are kept to be looked at. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '.data', 'demo');
const KEPT = 3;
const PID_FILE = 'demo.pid';

export function createScratch(name: string, now: Date): string {
  removeOld();
  const folder = join(FOLDER, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${process.pid}-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, PID_FILE), `${process.pid}\n`);
  return folder;
}

function removeOld(): void {
  mkdirSync(FOLDER, { recursive: true });
  const folders = readdirSync(FOLDER).filter((name) => /^\d{4}-\d\d-\d\dT[\d-]+-\d+-/.test(name));
  for (const name of folders.toSorted().slice(0, Math.max(0, folders.length - KEPT + 1))) {
    const folder = join(FOLDER, name);
    if (!isInUse(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isInUse(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, PID_FILE), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
