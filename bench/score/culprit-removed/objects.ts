/** Git's objects read in bulk and written without a process for each: a history is rewritten in a few calls. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { GitFolder } from './git-objects.ts';

type ObjectType = 'commit' | 'tree' | 'blob';

export interface Objects {
  /** All in one call; what is read once is known. */
  fetch(hashes: readonly string[]): void;
  /** Throws where there is no such object. */
  read(hash: string): Buffer;
  /** Its hash. */
  write(type: ObjectType, content: Uint8Array): string;
}

export function objectsOf(git: GitFolder): Objects {
  const known = new Map<string, Buffer>();

  function fetch(hashes: readonly string[]): void {
    const wanted = [...new Set(hashes)].filter((hash) => !known.has(hash));
    if (wanted.length === 0) return;
    const output = git.bytes(['cat-file', '--batch'], wanted.map((hash) => `${hash}\n`).join(''));
    let at = 0;
    for (const hash of wanted) {
      const end = output.indexOf('\n', at);
      const [, type, size] = output.subarray(at, end).toString('latin1').split(' ');
      if (type === 'missing') throw new Error(`the repository has no object ${hash}`);
      const from = end + 1;
      at = from + Number(size) + 1;
      known.set(hash, output.subarray(from, at - 1));
    }
  }

  function write(type: ObjectType, content: Uint8Array): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${content.byteLength}\0`), content]);
    const hash = createHash('sha1').update(whole).digest('hex');
    if (known.has(hash)) return hash;
    const folder = join(git.folder, 'objects', hash.slice(0, 2));
    const path = join(folder, hash.slice(2));
    mkdirSync(folder, { recursive: true });
    if (!existsSync(path)) writeFileSync(path, deflateSync(whole));
    known.set(hash, Buffer.from(content));
    return hash;
  }

  return {
    fetch,
    read(hash) {
      fetch([hash]);
      return known.get(hash) ?? Buffer.alloc(0);
    },
    write,
  };
}

export interface Entry {
  readonly mode: string;
  readonly hash: string;
}
/** Name → entry. Names are bytes; latin1 keeps them as they are. */
export type Tree = ReadonlyMap<string, Entry>;

const TREE_MODE = '40000';
const HASH_BYTES = 20;

export function isTree(entry: Entry | undefined): entry is Entry {
  return entry?.mode === TREE_MODE;
}

export function readTree(objects: Objects, hash: string): Tree {
  const content = objects.read(hash);
  const entries = new Map<string, Entry>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const next = end + 1 + HASH_BYTES;
    entries.set(content.toString('latin1', space + 1, end), {
      mode: content.toString('latin1', at, space),
      hash: content.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}

/** As git sorts: by bytes, a folder as if its name ended in a slash. */
export function writeTree(objects: Objects, tree: Tree): string {
  const entries = [...tree].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const parts = entries.flatMap(([name, { mode, hash }]) => [
    Buffer.from(`${mode} ${name}\0`, 'latin1'),
    Buffer.from(hash, 'hex'),
  ]);
  return objects.write('tree', Buffer.concat(parts));
}

function sortKey([name, entry]: [string, Entry]): string {
  return isTree(entry) ? `${name}/` : name;
}

/** undefined: there is no such file. `path`: its segments. */
export function entryAt(objects: Objects, tree: string, path: readonly string[]): Entry | undefined {
  const [name = '', ...below] = path;
  const entry = readTree(objects, tree).get(name);
  if (below.length === 0) return entry;
  return isTree(entry) ? entryAt(objects, entry.hash, below) : undefined;
}

/** The tree with one file put in place or (undefined) taken away; folders come and go with their files. */
export function withEntry(
  objects: Objects,
  tree: string | undefined,
  path: readonly string[],
  entry: Entry | undefined,
): string | undefined {
  const [name = '', ...below] = path;
  const entries = new Map(tree === undefined ? [] : readTree(objects, tree));
  const own = entries.get(name);
  let next = entry;
  if (below.length > 0) {
    const inner = withEntry(objects, isTree(own) ? own.hash : undefined, below, entry);
    next = inner === undefined ? undefined : { mode: TREE_MODE, hash: inner };
    // A file of that name is not a folder in which something could be taken away.
    if (next === undefined && own && !isTree(own)) next = own;
  }
  if (next) entries.set(name, next);
  else entries.delete(name);
  return entries.size === 0 ? undefined : writeTree(objects, entries);
}
