/** A bare repository of ours that borrows the objects of another one. What is written goes here and is removed again. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AgentError, isAgentError } from '../../domain/error.ts';
import { type GitOutput, runGit } from '../../lib/git-command.ts';
import type { CodeRepository } from './git-workshop.ts';

export interface Scratch {
  /** Throws AgentError. Default limit of the output: 16 MB. */
  git(words: readonly string[], more?: ScratchOptions): Promise<GitOutput>;
  close(): Promise<void>;
}
export interface ScratchOptions {
  readonly input?: Uint8Array | string;
  readonly maxBytes?: number;
  readonly emptyCode?: number;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const SHA256_LENGTH = 64;
const IDENTITY = ['-c', 'user.name=Incident Agent', '-c', 'user.email=incident-agent@localhost'];

/** `hashLength`: tells which kind of hash the objects go by. */
export async function openScratch(
  repository: CodeRepository,
  signal: AbortSignal,
  hashLength: number,
): Promise<Scratch> {
  const [objects, shallow] = await Promise.all(['objects', 'shallow'].map((name) => pathOf(repository, name)));
  const folder = await mkdtemp(join(tmpdir(), 'incident-workshop-'));
  try {
    await Promise.all([mkdir(join(folder, 'objects', 'info'), { recursive: true }), mkdir(join(folder, 'refs'))]);
    await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
    await writeFile(join(folder, 'config'), configOf(hashLength));
    await writeFile(join(folder, 'objects', 'info', 'alternates'), `${objects}\n`);
    if (shallow !== undefined) await copyFile(shallow, join(folder, 'shallow')).catch(() => undefined); // it is whole
    const close = () => rm(folder, { recursive: true, force: true });
    return {
      close,
      git: (words, { maxBytes = DEFAULT_MAX_BYTES, ...more } = {}) =>
        runGit([...IDENTITY, ...words], { top: folder, realTop: folder, signal, maxBytes, ...more }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function pathOf(repository: CodeRepository, name: string): Promise<string> {
  const { text } = await repository.git(['rev-parse', '--git-path', name]);
  const path = resolve(repository.top, text.replace(/\n$/, ''));
  if (!/[\n"]/.test(path)) return path;
  throw new AgentError('refused', `the path of the repository's ${name} holds a line break or a quote`, {
    retryable: false,
  });
}

function configOf(hashLength: number): string {
  return hashLength === SHA256_LENGTH
    ? '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256\n'
    : '[core]\n\trepositoryformatversion = 0\n\tbare = true\n';
}

/** undefined: git knows no such object. */
export async function ifKnown<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isAgentError(error) && (error.code === 'not-found' || error.code === 'malformed')) return undefined;
    throw error;
  }
}

/** Throws AgentError('refused') for what is no hash: names could be options, or lead elsewhere. */
export function checkedHash(hash: string): string {
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(hash)) return hash;
  throw new AgentError('refused', `${JSON.stringify(hash.slice(0, 100))} is no hash`, { retryable: false });
}
