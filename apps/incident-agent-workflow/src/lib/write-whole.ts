/** A file that is whole or not there: written beside, then moved. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The path again. The folder is made where it is missing. */
export async function writeWhole(path: string, content: Uint8Array): Promise<string> {
  const beside = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return path;
}
