/** Copies a folder without its bytes: the files are hard links. Whoever changes one in place changes both. */
import { cpSync, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** `skip` names folders that are left out at any depth. Links stay as they are written. */
export function linkTree(source: string, target: string, skip?: string): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    if (entry.name === skip) continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) linkTree(from, to, skip);
    else if (entry.isFile()) linkOrCopy(from, to);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  }
}

/** A link does not reach another file system. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    cpSync(from, to);
  }
}
