/** Whether a forge still has the files that a fix was worked out on. */
import { createHash } from 'node:crypto';
import type { DraftWish } from '../../remediation-ports.ts';

const SHA256_LENGTH = 64;

/**
 * A path that differs at the tip of the base from what the fix was worked out on; undefined: none does.
 * `hashAt`: the name that git gives to the content of a path there, undefined for no such file.
 */
export async function movedOn(
  { files, baseCommit }: Pick<DraftWish, 'files' | 'baseCommit'>,
  tip: string,
  hashAt: (path: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (tip === baseCommit) return undefined;
  for (const { path, before } of files)
    if ((await hashAt(path)) !== (before === undefined ? undefined : blobHash(before, tip.length))) return path;
  return undefined;
}

/** `length`: of the hashes of the repository, which tells their kind. */
function blobHash(content: Uint8Array, length: number): string {
  const hash = createHash(length === SHA256_LENGTH ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}
