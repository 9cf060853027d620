/** Line numbers carried from the revision of one commit to the one that is deployed. */
import type { Commit } from '../../domain/telemetry.ts';
import { carryLine } from '../../lib/patches.ts';

/** The line after all `later` commits (oldest first) that touch `path`; undefined: one of them replaced it. */
export function carryThrough(line: number, path: string, later: readonly Commit[]): number | undefined {
  let at: number | undefined = line;
  for (const commit of later) {
    const file = commit.files.find((changed) => changed.path === path);
    if (file && at !== undefined) at = carryLine(at, file.patch);
  }
  return at;
}
