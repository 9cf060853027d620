/**
 * A history in which one commit was never made and yet every later tree is the same: what it changed is there from the
 * oldest commit on. All other commits keep their message, authors, dates and, where they touch other lines, their diff.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitFolder } from './git-objects.ts';

/** One file as the removed commit changed it; an absent blob: the file is not there. */
interface Edit {
  readonly path: string;
  readonly before: Blob | undefined;
  readonly after: Blob | undefined;
}
interface Blob {
  readonly mode: string;
  readonly hash: string;
}

interface Parents {
  readonly hash: string;
  readonly parents: readonly string[];
}

/** Old hash → new hash, of all commits that refs reach; the removed one → its parent's. Throws where it has no parent or two. */
export function foldIntoOldest(git: GitFolder, removed: string): ReadonlyMap<string, string> {
  const history = historyOf(git);
  const own = history.find(({ hash }) => hash === removed);
  if (!own) throw new Error(`commit ${removed} is not in the history`);
  const [parent] = own.parents;
  if (parent === undefined) throw new Error(`commit ${removed} is the oldest one there is`);
  if (own.parents.length > 1) throw new Error(`commit ${removed} is a merge`);
  if (!history.some(({ hash }) => hash === parent)) throw new Error(`the history is cut off at commit ${removed}`);
  const edits = editsOf(git, removed);
  const merge = merger(git);
  const later = new Set<string>();
  const renamed = new Map<string, string>();
  for (const { hash, parents } of history) {
    if (hash === removed) {
      later.add(hash);
      renamed.set(hash, renamed.get(parent) ?? parent);
      continue;
    }
    const isLater = parents.some((one) => later.has(one));
    if (isLater) later.add(hash);
    renamed.set(hash, rewritten(git, hash, isLater ? undefined : treeWith(git, hash, edits, merge), renamed));
  }
  moveRefs(git, renamed);
  return renamed;
}

/** Oldest first: each commit after its parents. */
function historyOf(git: GitFolder): Parents[] {
  const listed = git.text(['rev-list', '--topo-order', '--reverse', '--parents', 'HEAD', '--all']);
  return listed.split('\n').map((line) => {
    const [hash = '', ...parents] = line.split(' ');
    return { hash, parents };
  });
}

function editsOf(git: GitFolder, commit: string): Edit[] {
  const fields = git.text(['diff-tree', '-r', '-z', '--raw', '--no-renames', `${commit}^`, commit]).split('\0');
  const edits: Edit[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [from = '', mode = '', before = '', after = ''] = (fields[index] ?? '').slice(1).split(' ');
    edits.push({ path: fields[index + 1] ?? '', before: blobOf(from, before), after: blobOf(mode, after) });
  }
  return edits;
}

function blobOf(mode: string, hash: string): Blob | undefined {
  return /^0+$/.test(hash) ? undefined : { mode, hash };
}

type Merge = (before: string, own: string, after: string) => string;

/** The tree of a commit with the edits in it, as if they had always been there. */
function treeWith(git: GitFolder, commit: string, edits: readonly Edit[], merge: Merge): string {
  const blobs = blobsOf(
    git,
    commit,
    edits.map(({ path }) => path),
  );
  const lines = edits.map(({ path, before, after }) => {
    const own = blobs.get(path);
    if (!after) return `0 ${'0'.repeat(40)}\t${path}\0`;
    const isAsBefore = own?.hash === before?.hash;
    const hash = own && before && !isAsBefore ? merge(before.hash, own.hash, after.hash) : after.hash;
    return `${after.mode} ${hash}\t${path}\0`;
  });
  git.bytes(['read-tree', commit]);
  git.bytes(['update-index', '-z', '--replace', '--index-info'], lines.join(''));
  return git.text(['write-tree']);
}

function blobsOf(git: GitFolder, commit: string, paths: readonly string[]): Map<string, Blob> {
  const listed = git.text(['ls-tree', '-r', '-z', commit, '--', ...paths]).split('\0');
  const blobs = new Map<string, Blob>();
  for (const line of listed) {
    const [about = '', path] = line.split('\t');
    const [mode = '', , hash = ''] = about.split(' ');
    if (path !== undefined) blobs.set(path, { mode, hash });
  }
  return blobs;
}

/** Three-way; where both sides changed the same lines, and in binary files, the removed commit's side stands. */
function merger(git: GitFolder): Merge {
  const known = new Map<string, string>();
  return (before, own, after) => {
    const key = `${before} ${own} ${after}`;
    const merged = known.get(key) ?? mergedBlob(git, { before, own, after });
    known.set(key, merged);
    return merged;
  };
}

function mergedBlob(git: GitFolder, blobs: { before: string; own: string; after: string }): string {
  const file = (side: keyof typeof blobs) => {
    const path = join(git.folder, `side-${side}`);
    writeFileSync(path, git.bytes(['cat-file', 'blob', blobs[side]]));
    return path;
  };
  try {
    const merged = git.bytes(['merge-file', '-p', '--theirs', file('own'), file('before'), file('after')]);
    return git.text(['hash-object', '-w', '--stdin'], merged);
  } catch {
    return blobs.after;
  }
}

/** The same commit with other parents, and another tree if one is given. Signatures would be false now and are left out. */
function rewritten(
  git: GitFolder,
  commit: string,
  tree: string | undefined,
  renamed: ReadonlyMap<string, string>,
): string {
  const raw = git.bytes(['cat-file', 'commit', commit]).toString('latin1');
  const end = raw.indexOf('\n\n');
  const head = raw.slice(0, end).replaceAll(/\n(?:gpgsig|gpgsig-sha256|mergetag) .*(?:\n .*)*/g, '');
  const lines = head.split('\n').map((line) => {
    if (line.startsWith('tree ')) return tree === undefined ? line : `tree ${tree}`;
    if (!line.startsWith('parent ')) return line;
    const parent = line.slice('parent '.length);
    return `parent ${renamed.get(parent) ?? parent}`;
  });
  const content = Buffer.from(`${lines.join('\n')}${raw.slice(end)}`, 'latin1');
  return git.text(['hash-object', '-t', 'commit', '-w', '--stdin'], content);
}

function moveRefs(git: GitFolder, renamed: ReadonlyMap<string, string>): void {
  const shallow = join(git.folder, 'shallow');
  if (existsSync(shallow)) {
    const cut = readFileSync(shallow, 'utf8').trim().split('\n');
    writeFileSync(shallow, cut.map((hash) => `${renamed.get(hash) ?? hash}\n`).join(''));
  }
  const head = git.text(['rev-parse', 'HEAD']);
  const isOnBranch = git.text(['rev-parse', '--symbolic-full-name', 'HEAD']) !== 'HEAD';
  const refs = git.text(['for-each-ref', '--format=%(refname) %(objectname) %(*objectname)']);
  for (const line of refs.split('\n')) {
    const [name, object, peeled] = line.split(' ');
    const target = renamed.get(peeled || object || '');
    if (name && target) git.bytes(['update-ref', name, target]);
  }
  if (!isOnBranch) git.bytes(['update-ref', '--no-deref', 'HEAD', renamed.get(head) ?? head]);
}
