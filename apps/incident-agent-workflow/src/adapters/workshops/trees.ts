/** Trees: their files, and what differs between two of them. Links and submodules are told, never followed. */
import { AgentError } from '../../domain/error.ts';
import type { TreeChange, TreeFile } from '../../remediation-ports.ts';
import { checkedHash, ifKnown, type Scratch } from './scratch.ts';

const MAX_TREE_BYTES = 200 * 1024 * 1024;
const MAX_TREE_FILES = 60_000;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_CHANGES = 200;

/** Submodules are left out: what they hold is not here. */
export async function filesOf(scratch: Scratch, tree: string): Promise<TreeFile[]> {
  const listed = await scratch.git(['ls-tree', '-r', '-z', '-l', '--full-tree', checkedHash(tree)]);
  const entries = listed.text.split('\0').flatMap((row) => {
    const [, mode = '', hash = '', size = '', path = ''] = /^(\d+) blob (\w+) +(\d+)\t(.*)$/s.exec(row) ?? [];
    return path === '' ? [] : [{ mode, hash, bytes: Number(size), path }];
  });
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (listed.isCut || entries.length > MAX_TREE_FILES || bytes > MAX_TREE_BYTES) {
    const detail = `the repository is too large to be tried out: ${entries.length} files, ${Math.round(bytes / 1024 / 1024)} MB`;
    throw new AgentError('too-large', detail, { retryable: false });
  }
  const contents = await contentsOf(scratch, [...new Set(entries.map(({ hash }) => hash))]);
  return entries.map(({ mode, hash, path }) => ({
    path,
    mode: modeOf(mode),
    content: contents.get(hash) ?? new Uint8Array(),
  }));
}

/** `<hash> blob <bytes>\n<content>\n`, one after another. */
async function contentsOf(scratch: Scratch, hashes: readonly string[]): Promise<Map<string, Uint8Array>> {
  const input = hashes.map((hash) => `${hash}\n`).join('');
  const { bytes } = await scratch.git(['cat-file', '--batch'], { input, maxBytes: MAX_TREE_BYTES * 2 });
  const contents = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const [hash = '', , size = ''] = bytes.toString('latin1', at, end).split(' ');
    if (end < 0 || !/^\d+$/.test(size))
      throw new AgentError('not-found', `git: the object ${hash} is not in this clone`, { retryable: false });
    const from = end + 1;
    contents.set(hash, bytes.subarray(from, from + Number(size)));
    at = from + Number(size) + 1;
  }
  return contents;
}

function modeOf(mode: string): TreeFile['mode'] {
  if (mode === '120000') return 'link';
  return mode === '100755' ? 'executable' : 'file';
}

/** undefined: no such file, or no text. `tree`: a commit or a tree. */
export function textOf(scratch: Scratch, tree: string, path: string): Promise<string | undefined> {
  return ifKnown(async () => {
    const words = ['cat-file', 'blob', `${checkedHash(tree)}:${path}`];
    const { bytes, isCut } = await scratch.git(words, { maxBytes: MAX_FILE_BYTES });
    const text = bytes.toString('utf8');
    return isCut || text.includes('\0') || text.includes('\uFFFD') ? undefined : text;
  });
}

export async function changesBetween(scratch: Scratch, from: string, to: string): Promise<TreeChange[]> {
  const range = [checkedHash(from), checkedHash(to)];
  const { text } = await scratch.git(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', ...range]);
  const parts = text.split('\0');
  const changes: TreeChange[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    if (changes.length === MAX_CHANGES)
      throw new AgentError('too-large', `the fix changes more than ${MAX_CHANGES} files`, { retryable: false });
    changes.push(await readChange(scratch, range, parts[index] ?? '', parts[index + 1] ?? ''));
  }
  return changes;
}

/** `:100644 100755 <old> <new> M`. */
async function readChange(scratch: Scratch, range: readonly string[], head: string, path: string): Promise<TreeChange> {
  const [oldMode = '', newMode = '', , newHash = '', letter = ''] = head.replace(/^:/, '').split(' ');
  const isDeleted = letter === 'D';
  const mode = isDeleted ? oldMode : newMode;
  const content =
    isDeleted || newMode === '160000'
      ? undefined
      : (await scratch.git(['cat-file', 'blob', newHash], { maxBytes: MAX_FILE_BYTES })).bytes;
  const safe = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '-U3'];
  const { text } = await scratch.git(['diff', ...safe, ...range, '--', path]);
  const isBinary = /^Binary files /m.test(text);
  const hunks = text.slice(Math.max(text.search(/^@@ /m), 0));
  const patch = isBinary || !hunks.startsWith('@@ ') ? '' : hunks;
  const count = (sign: string): number => patch.split('\n').filter((line) => line.startsWith(sign)).length;
  return {
    path,
    status: isDeleted ? 'deleted' : letter === 'A' ? 'added' : 'modified',
    mode: mode === '160000' ? 'submodule' : modeOf(mode),
    oldMode: oldMode === '000000' ? undefined : oldMode === '160000' ? 'submodule' : modeOf(oldMode),
    isBinary,
    addedLines: count('+'),
    removedLines: count('-'),
    patch,
    content,
  };
}
