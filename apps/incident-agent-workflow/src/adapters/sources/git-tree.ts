/**
 * What stands at a path of a revision. Many paths that are asked for together cost two commands: one tells what they are
 * and how long, one brings what they hold.
 */
import { AgentError } from '../../domain/error.ts';
import { objectsNamed } from './git-objects.ts';
import type { Repository } from './git-repository.ts';
import { gathered } from './git-together.ts';

export interface PathAt {
  readonly repository: Repository;
  readonly revision: string;
  readonly path: string;
}
/** A link's content is a path, and a submodule is another repository's commit: neither is code. */
export interface Entry {
  readonly kind: 'file' | 'symbolic link' | 'submodule';
  /** undefined: there is no such file, or its object is missing; git has its own word for why. */
  readonly blob: { readonly hash: string; readonly bytes: number } | undefined;
}
export interface Content {
  /** undefined: it is longer than allowed. */
  readonly text: string | undefined;
}
interface Wanted extends PathAt {
  readonly blob: Entry['blob'];
}

export const MAX_FILE_BYTES = 2 * 1024 * 1024;
/** What is held of one answer of git; more files are asked for by another. */
const MAX_TOGETHER_BYTES = 8 * 1024 * 1024;
/** Of the line before each object. */
const MAX_HEADER_BYTES = 128;

export type Tree = ReturnType<typeof treeReader>;

export function treeReader() {
  const entryOf = gathered<PathAt, Entry>({ groupOf, work: entriesAt });
  const contentOf = gathered<Wanted, Content>({ groupOf: ({ repository }) => repository.top, work: contentsOf });
  return {
    /** Throws AgentError. */
    entry: (at: PathAt): Promise<Entry> => entryOf(at, at.repository.signal),
    /** Of an entry that is a file. Throws AgentError. */
    async content(at: PathAt, { blob }: Entry): Promise<Content> {
      if (blob && blob.bytes > MAX_FILE_BYTES) return { text: undefined };
      // Git says itself what is wrong where nothing is there to be asked for with others.
      return blob ? contentOf({ ...at, blob }, at.repository.signal) : contentAlone(at);
    },
  };
}

function groupOf({ repository, revision }: PathAt): string {
  return JSON.stringify([repository.top, revision]);
}

async function entriesAt(asked: readonly PathAt[], signal: AbortSignal): Promise<Entry[]> {
  const [first] = asked;
  if (!first) return [];
  const paths = [...new Set(asked.map(({ path }) => path))].sort();
  const words = ['ls-tree', '-l', '-z', '--full-tree', first.revision, '--', ...paths];
  const { text } = await first.repository.until(signal).git(words);
  const entries = new Map(text.split('\0').flatMap(readEntry));
  return asked.map(({ path }) => entries.get(path) ?? { kind: 'file', blob: undefined });
}

/** `<mode> <type> <hash> <length>\t<path>`; the length of what is no file or not there is no number. */
function readEntry(row: string): [string, Entry][] {
  const [, mode, hash = '', length, path] = /^(\d{6}) \w+ ([0-9a-f]{40,64}) +(\S+)\t(.*)$/s.exec(row) ?? [];
  if (path === undefined) return [];
  if (mode === '120000') return [[path, { kind: 'symbolic link', blob: undefined }]];
  if (mode === '160000') return [[path, { kind: 'submodule', blob: undefined }]];
  const bytes = Number(length);
  return [[path, { kind: 'file', blob: Number.isInteger(bytes) ? { hash, bytes } : undefined }]];
}

async function contentsOf(wanted: readonly Wanted[], signal: AbortSignal): Promise<Content[]> {
  const [first] = wanted;
  if (!first) return [];
  const repository = first.repository.until(signal);
  if (wanted.length === 1) return [await contentAlone({ ...first, repository })];
  const contents: Content[] = [];
  for (const part of partsOf(wanted)) {
    const hashes = part.map(({ blob }) => blob?.hash ?? '');
    const objects = await objectsNamed(repository, hashes, bytesOf(part));
    for (const object of objects) {
      if (object?.kind !== 'blob') throw new AgentError('malformed', 'git: a file is missing', { retryable: false });
      contents.push({ text: object.bytes.toString('utf8') });
    }
  }
  return contents;
}

function partsOf(wanted: readonly Wanted[]): Wanted[][] {
  const parts: Wanted[][] = [];
  for (const one of wanted) {
    const last = parts.at(-1);
    if (last && bytesOf([...last, one]) <= MAX_TOGETHER_BYTES) last.push(one);
    else parts.push([one]);
  }
  return parts;
}

function bytesOf(wanted: readonly Wanted[]): number {
  return wanted.reduce((sum, { blob }) => sum + (blob?.bytes ?? 0) + MAX_HEADER_BYTES, 0);
}

async function contentAlone({ repository, revision, path }: PathAt): Promise<Content> {
  const { text, isCut } = await repository.git(['cat-file', 'blob', `${revision}:${path}`], MAX_FILE_BYTES);
  return { text: isCut ? undefined : text };
}
