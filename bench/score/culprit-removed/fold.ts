/**
 * A history in which one commit was never made and yet every later tree is the same: what it changed is there from the
 * oldest commit on. All other commits keep their message, authors, dates and, where they touch other lines, their diff.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitFolder } from './git-objects.ts';
import { type Entry, entryAt, isTree, type Objects, objectsOf, readTree, withEntry, writeTree } from './objects.ts';

/** One file as the removed commit changed it; an absent entry: the file is not there. */
interface Edit {
  readonly path: readonly string[];
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
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
  const objects = objectsOf(git);
  objects.fetch(history.map(({ hash }) => hash));
  const edits = editsOf(git, removed);
  const later = laterThan(removed, history);
  fetchTrees(
    objects,
    history.filter(({ hash }) => !later.has(hash)).map(({ hash }) => treeOf(objects, hash)),
    edits,
  );
  const merge = merger(git, objects);
  const renamed = new Map<string, string>();
  for (const { hash } of history) {
    if (hash === removed) renamed.set(hash, renamed.get(parent) ?? parent);
    else {
      const tree = later.has(hash) ? undefined : treeWith(objects, treeOf(objects, hash), edits, merge);
      renamed.set(hash, rewritten(objects, hash, tree, renamed));
    }
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

/** The removed commit with all that come after it. */
function laterThan(removed: string, history: readonly Parents[]): ReadonlySet<string> {
  const later = new Set([removed]);
  for (const { hash, parents } of history) if (parents.some((one) => later.has(one))) later.add(hash);
  return later;
}

function editsOf(git: GitFolder, commit: string): Edit[] {
  const command = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', `${commit}^`, commit];
  const fields = git.bytes(command).toString('latin1').split('\0');
  const edits: Edit[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [from = '', mode = '', before = '', after = ''] = (fields[index] ?? '').slice(1).split(' ');
    const path = (fields[index + 1] ?? '').split('/');
    edits.push({ path, before: entryOf(from, before), after: entryOf(mode, after) });
  }
  return edits;
}

function entryOf(mode: string, hash: string): Entry | undefined {
  return /^0+$/.test(hash) ? undefined : { mode, hash };
}

function treeOf(objects: Objects, commit: string): string {
  return objects.read(commit).toString('latin1', 'tree '.length, 'tree '.length + commit.length);
}

/** The folders on the way to the edited files, of all commits at once. */
function fetchTrees(objects: Objects, roots: readonly string[], edits: readonly Edit[]): void {
  let level = roots.flatMap((tree) => edits.map(({ path }) => ({ tree, path })));
  while (level.length > 0) {
    objects.fetch(level.map(({ tree }) => tree));
    level = level.flatMap(({ tree, path: [name = '', ...below] }) => {
      const entry = readTree(objects, tree).get(name);
      return below.length > 0 && isTree(entry) ? [{ tree: entry.hash, path: below }] : [];
    });
  }
}

type Merge = (before: string, own: string, after: string) => string;

/** The tree with the edits in it, as if they had always been there. */
function treeWith(objects: Objects, tree: string, edits: readonly Edit[], merge: Merge): string {
  let edited: string | undefined = tree;
  for (const { path, before, after } of edits) {
    const own = entryAt(objects, tree, path);
    const isChanged = own !== undefined && before !== undefined && own.hash !== before.hash;
    const hash = after && isChanged ? merge(before.hash, own.hash, after.hash) : after?.hash;
    edited = withEntry(objects, edited, path, after && hash ? { mode: after.mode, hash } : undefined);
  }
  return edited ?? writeTree(objects, new Map());
}

/** Three-way; where both sides changed the same lines, and in binary files, the removed commit's side stands. */
function merger(git: GitFolder, objects: Objects): Merge {
  const known = new Map<string, string>();
  return (before, own, after) => {
    const key = `${before} ${own} ${after}`;
    const merged = known.get(key) ?? mergedBlob(git, objects, { before, own, after });
    known.set(key, merged);
    return merged;
  };
}

function mergedBlob(git: GitFolder, objects: Objects, blobs: { before: string; own: string; after: string }): string {
  const file = (side: keyof typeof blobs) => {
    const path = join(git.folder, `side-${side}`);
    writeFileSync(path, objects.read(blobs[side]));
    return path;
  };
  try {
    return objects.write(
      'blob',
      git.bytes(['merge-file', '-p', '--theirs', file('own'), file('before'), file('after')]),
    );
  } catch {
    return blobs.after;
  }
}

/** The same commit with other parents, and another tree if one is given. Signatures would be false now and are left out. */
function rewritten(
  objects: Objects,
  commit: string,
  tree: string | undefined,
  renamed: ReadonlyMap<string, string>,
): string {
  const raw = objects.read(commit).toString('latin1');
  const end = raw.indexOf('\n\n');
  const head = raw.slice(0, end).replaceAll(/\n(?:gpgsig|gpgsig-sha256|mergetag) .*(?:\n .*)*/g, '');
  const lines = head.split('\n').map((line) => {
    if (line.startsWith('tree ')) return tree === undefined ? line : `tree ${tree}`;
    if (!line.startsWith('parent ')) return line;
    const parent = line.slice('parent '.length);
    return `parent ${renamed.get(parent) ?? parent}`;
  });
  return objects.write('commit', Buffer.from(`${lines.join('\n')}${raw.slice(end)}`, 'latin1'));
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
  const updates = refs.split('\n').flatMap((line) => {
    const [name, object, peeled] = line.split(' ');
    const target = renamed.get(peeled || object || '');
    return name && target ? [`update ${name} ${target}\n`] : [];
  });
  git.bytes(['update-ref', '--stdin'], updates.join(''));
  if (!isOnBranch) git.bytes(['update-ref', '--no-deref', 'HEAD', renamed.get(head) ?? head]);
}
