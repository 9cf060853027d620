/** Objects of a repository by their names, as many as are wanted by one `git cat-file`. */
import type { Repository } from './git-repository.ts';

export interface GitObject {
  readonly hash: string;
  readonly kind: string;
  readonly bytes: Buffer;
}

/**
 * In the order of their names, of which none has a line break; undefined: there is none of that name, or it did not fit
 * into `maxBytes`. Throws AgentError where git gave up half way, as at an object that is broken.
 */
export async function objectsNamed(
  repository: Repository,
  names: readonly string[],
  maxBytes?: number,
): Promise<(GitObject | undefined)[]> {
  const input = names.map((name) => `${name}\n`).join('');
  const { bytes } = await repository.git(['cat-file', '--batch'], maxBytes, { input });
  let rest = bytes;
  return names.map(() => {
    const { object, after } = readObject(rest);
    rest = after;
    return object;
  });
}

/** A line that says what it is and how long, then the object and a line break; or only a line that there is none. */
function readObject(from: Buffer): { object: GitObject | undefined; after: Buffer } {
  const end = from.indexOf('\n');
  if (end === -1) return { object: undefined, after: Buffer.alloc(0) };
  const body = from.subarray(end + 1);
  const [, hash, kind = '', length] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(from.toString('utf8', 0, end)) ?? [];
  if (hash === undefined) return { object: undefined, after: body };
  const bytes = body.subarray(0, Number(length));
  const isWhole = bytes.length === Number(length);
  return { object: isWhole ? { hash, kind, bytes } : undefined, after: body.subarray(Number(length) + 1) };
}
