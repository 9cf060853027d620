/**
 * Patches that are known to be safe where the whole commit cannot be taken back. Few, and each an exact edit: one hunk of
 * the suspect commit is undone, or a reader that a rename missed reads the new name.
 */
import type { EvidenceOf } from '../domain/evidence.ts';
import type { FileEdit } from '../domain/proposal.ts';
import { type Hunk, readHunks, textsOf } from '../lib/patches.ts';
import { shortHash } from '../lib/wording.ts';

export interface RulePatch {
  readonly title: string;
  readonly story: string;
  readonly edits: readonly FileEdit[];
}

type ChangedCommit = EvidenceOf<'commit'>['data'];

/** Time limits, pools, awaits, guards, keys: whatever the hunk at the faulty line changed is put back as it was. */
export function takeBackHunk(commit: ChangedCommit, file: string, line: number | null): RulePatch | undefined {
  const patch = commit.files.find(({ path }) => path === file)?.patch ?? '';
  const hunks = readHunks(patch).filter(({ lines }) => lines.some(({ sign }) => sign !== ' '));
  const hunk = line === null && hunks.length === 1 ? hunks[0] : hunks.find((one) => line !== null && covers(one, line));
  if (!hunk || isRedacted(hunk)) return undefined;
  const search = textOf(hunk, '+');
  const replace = textOf(hunk, '-');
  if (search.trim() === '' || search === replace) return undefined;
  return {
    title: `Take back one change of ${shortHash(commit.hash)} in ${file}`,
    story: `Puts ${file} back to what it was before ${shortHash(commit.hash)} around line ${line ?? hunk.oldStart}; the rest of that commit stays.`,
    edits: [{ path: file, search, replace }],
  };
}

function covers({ lines }: Hunk, line: number): boolean {
  return lines.some(({ sign, newLine }) => sign !== ' ' && Math.abs(newLine - line) <= 1);
}

/** The hunk as it stands on one side; context makes the piece unique. */
function textOf({ lines }: Hunk, side: '+' | '-'): string {
  return lines
    .filter(({ sign }) => sign === ' ' || sign === side)
    .map(({ text }) => `${text}\n`)
    .join('');
}

/** What is kept of a patch has its secrets taken out, so it can no longer be found in the file. */
function isRedacted({ lines }: Hunk): boolean {
  return lines.some(({ text }) => text.includes('[redacted:'));
}

/**
 * The error misses a name that the suspect commit renamed elsewhere: the one line that fails reads the new name. Only
 * where the commit renames it the same way each time, and the line holds it once.
 */
export function readNewName(
  commit: ChangedCommit,
  missed: string,
  file: string,
  line: string | undefined,
): RulePatch | undefined {
  const renamed = renamedTo(commit, missed);
  if (renamed === undefined || line === undefined) return undefined;
  const word = new RegExp(`(?<![\\w$])${missed.replaceAll('$', '\\$')}(?![\\w$])`, 'g');
  if ([...line.matchAll(word)].length !== 1) return undefined;
  const fixed = line.replace(word, () => renamed);
  return {
    title: `Read ${renamed} instead of ${missed} in ${file}`,
    story: `${shortHash(commit.hash)} renamed ${missed} to ${renamed}; ${file} still reads the old name.`,
    edits: [{ path: file, search: `${line}\n`, replace: `${fixed}\n` }],
  };
}

/** undefined: it was not renamed, or not to the same name each time. */
function renamedTo({ files }: ChangedCommit, missed: string): string | undefined {
  if (!/^[A-Za-z_$][\w$]*$/.test(missed)) return undefined;
  const found = new Set<string>();
  for (const { patch } of files) {
    for (const { lines } of readHunks(patch)) {
      const gone = textsOf(lines, '-');
      const come = textsOf(lines, '+');
      if (gone.length !== come.length) continue;
      for (const [index, before] of gone.entries()) {
        const name = onlyDifference(before, come[index] ?? '', missed);
        if (name !== undefined) found.add(name);
      }
    }
  }
  const [only, ...others] = found;
  return others.length === 0 ? only : undefined;
}

/** `a.total = x` and `a.amount = x` with `total` → `amount`. */
function onlyDifference(before: string, after: string, missed: string): string | undefined {
  const names = /([A-Za-z_$][\w$]*)/;
  const [left, right] = [before.split(names), after.split(names)];
  if (left.length !== right.length) return undefined;
  const differing = left.flatMap((word, index) => (word === right[index] ? [] : [[word, right[index] ?? '']]));
  const news = new Set(differing.map(([, to]) => to));
  return differing.length > 0 && differing.every(([from]) => from === missed) && news.size === 1
    ? [...news][0]
    : undefined;
}
