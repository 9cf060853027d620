/** Commits and scenes for tests of the ranking, in as few words as possible. */
import type { ChangedFile, Commit } from '../../domain/telemetry.ts';
import type { CrimeScene } from './features.ts';
import type { RankingInput } from './rank.ts';

export const ONSET = '2026-03-02T10:00:00.000Z';

/** `index` hours before the onset; the same index is the same hash. */
export function commitOf(index: number, path: string, patch: string, more: Partial<ChangedFile> = {}): Commit {
  const at = new Date(Date.parse(ONSET) - index * 3_600_000).toISOString();
  return {
    hash: `${index.toString(16).padStart(2, '0')}${'ab'.repeat(19)}`,
    committedAt: at,
    authoredAt: at,
    subject: `change ${index}`,
    parents: ['p'],
    files: [{ path, status: 'modified', patch, ...more }],
  };
}

/** A hunk of the given lines, each with its sign. */
export function hunk(...lines: readonly string[]): string {
  const old = lines.filter((line) => !line.startsWith('+')).length;
  const now = lines.filter((line) => !line.startsWith('-')).length;
  return [`@@ -10,${old} +10,${now} @@`, ...lines].join('\n');
}

export function replacing(line: number, from: string, to: string): string {
  return `@@ -${line},1 +${line},1 @@\n-${from}\n+${to}`;
}

export function inputOf(commits: readonly Commit[], more: Partial<CrimeScene> = {}): RankingInput {
  return {
    commits,
    deployedRevision: commits[0]?.hash ?? '',
    alertedAt: ONSET,
    scene: {
      frames: [],
      messages: [],
      said: [],
      definitions: [],
      origins: [],
      libraries: [],
      code: [],
      blame: [],
      onset: ONSET,
      deploys: { deployedAt: undefined, previousAt: undefined, previousRevision: undefined },
      rollouts: [],
      nearness: new Map(commits.map((commit) => [commit.hash, 1])),
      isCommon: false,
      ...more,
    },
    outside: [],
    seenBefore: false,
  };
}
