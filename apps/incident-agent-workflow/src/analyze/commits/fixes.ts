/** What the messages of a history say about a commit and its files. */
import type { Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';

const FIX = /\b(?:fix(?:es|ed)?|hotfix|bug(?:fix)?|regression)\b/i;
const REVERT_OF_REVERT = /^(?:revert\W+){2}|^reapply\b|^re-?land\b|\bunrevert\b/i;
const WINDOW_SECONDS = 90 * 86_400;
const FIXES = 2;

/** 1: it takes back a revert, or one of its files was mended at least twice in the 90 days before. `older`: before it. */
export function historyValue(commit: Commit, older: readonly Commit[]): number {
  if (REVERT_OF_REVERT.test(commit.subject)) return 1;
  const recentFixes = older.filter(
    (other) => FIX.test(other.subject) && secondsBetween(other.committedAt, commit.committedAt) <= WINDOW_SECONDS,
  );
  const paths = new Set(commit.files.map((file) => file.path));
  const mended = [...paths].some(
    (path) => recentFixes.filter((other) => other.files.some((file) => file.path === path)).length >= FIXES,
  );
  return mended ? 1 : 0;
}
