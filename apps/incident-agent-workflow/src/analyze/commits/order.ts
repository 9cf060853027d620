/** One order for a set of commits, however they came: children before their parents, else the newer first. */
import type { Commit } from '../../domain/telemetry.ts';
import { compareText } from '../../lib/compare-text.ts';

export function newestFirst(commits: readonly Commit[]): Commit[] {
  const byHash = new Map(commits.map((commit) => [commit.hash, commit]));
  const childCount = new Map<string, number>();
  for (const commit of byHash.values())
    for (const parent of commit.parents) childCount.set(parent, (childCount.get(parent) ?? 0) + 1);
  const ready = [...byHash.values()].filter((commit) => !childCount.has(commit.hash));
  const ordered: Commit[] = [];
  const done = new Set<string>();
  // Taking the first keeps the others in order: most histories are sorted once.
  let isSorted = false;
  const add = (more: readonly Commit[]): void => {
    ready.push(...more);
    isSorted = false;
  };
  while (ordered.length < byHash.size) {
    // A cycle can only come from damaged input: then time alone decides.
    if (ready.length === 0) add([...byHash.values()].filter(({ hash }) => !done.has(hash)));
    if (!isSorted) ready.sort(byTime);
    isSorted = true;
    const commit = ready.shift();
    if (!commit || done.has(commit.hash)) continue;
    done.add(commit.hash);
    ordered.push(commit);
    for (const hash of new Set(commit.parents)) {
      const left = (childCount.get(hash) ?? 0) - commit.parents.filter((parent) => parent === hash).length;
      childCount.set(hash, left);
      const parent = byHash.get(hash);
      if (parent && left === 0) add([parent]);
    }
  }
  return ordered;
}

function byTime(a: Commit, b: Commit): number {
  const difference = Date.parse(b.committedAt) - Date.parse(a.committedAt);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  return compareText(a.hash, b.hash);
}
