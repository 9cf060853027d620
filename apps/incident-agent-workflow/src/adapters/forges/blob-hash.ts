/** The name that git gives to the content of a file. */
import { createHash } from 'node:crypto';

const SHA256_LENGTH = 64;

/** `length`: of the hashes of the repository, which tells their kind. */
export function blobHash(content: Uint8Array, length = 40): string {
  const hash = createHash(length === SHA256_LENGTH ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}
