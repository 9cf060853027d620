/** A file that is whole or not there, whatever happens meanwhile: written beside, synced, then moved. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface WriteOptions {
  /** Who may read it; without it, what the process gives any file. */
  readonly mode?: number;
}

/** The path again. The folder is made where it is missing. */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { mode }: WriteOptions = {},
): Promise<string> {
  const beside = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(beside, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return path;
}
