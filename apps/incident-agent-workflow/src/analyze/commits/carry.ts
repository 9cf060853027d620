/** Lines and paths carried from the revision of one commit to the one that is deployed, and back. */
import type { Commit } from '../../domain/telemetry.ts';
import { carryLine } from '../../lib/patches.ts';

/**
 * The line after all `later` commits (oldest first) that touch `path`, as it was called then; undefined: one of them
 * replaced it, or removed the file.
 */
export function carryThrough(line: number, path: string, later: readonly Commit[]): number | undefined {
  let at: number | undefined = line;
  let name = path;
  for (const commit of later) {
    const file = commit.files.find((changed) => (changed.oldPath ?? changed.path) === name);
    if (!file || at === undefined) continue;
    if (file.status === 'deleted') return undefined;
    at = carryLine(at, file.patch);
    name = file.path;
  }
  return at;
}

/** What a file of today was called before all `later` commits (oldest first). */
export function pathBefore(path: string, later: readonly Commit[]): string {
  let name = path;
  for (const commit of later.toReversed()) name = commit.files.find((file) => file.path === name)?.oldPath ?? name;
  return name;
}
