/** Where a service's code lies, and at which revision it runs. */
import { open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AgentError } from '../../domain/error.ts';
import type { Service } from '../../domain/service.ts';
import type { RepositoryState } from '../../domain/telemetry.ts';
import { type GitOutput, runGit } from '../../lib/git-command.ts';
import { redact } from '../../lib/redact.ts';

export interface Repository {
  /** Absolute path of the work tree, as the registry's path names it and answers show it. */
  readonly top: string;
  /** The service's folder inside it, '' for the root. */
  readonly servicePath: string;
  /** Throws AgentError. Default limit of the output: 4 MB. */
  git(words: readonly string[], maxBytes?: number, more?: { readonly emptyCode?: number }): Promise<GitOutput>;
}

export const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const MAX_REVISION_BYTES = 200;

/** Throws AgentError: not-configured (no repo_path), not-found (no repository there). */
export async function findRepository(service: Service, signal: AbortSignal): Promise<Repository> {
  const start = service.repositoryPath;
  if (start === undefined) throw noRepositoryPath(service);
  const found = (await topAbove(resolve(start))) ?? (await topAbove(await realpath(start).catch(() => start)));
  if (found === undefined) {
    const detail = `there is no git repository at ${start} or above it: check repo_path in the service registry`;
    throw new AgentError('not-found', detail, { retryable: false });
  }
  const { top, below } = found;
  const realTop = await realpath(top);
  return {
    top,
    servicePath: service.servicePath ?? below,
    git: (words, maxBytes = DEFAULT_MAX_BYTES, more = {}) => runGit(words, { top, realTop, signal, maxBytes, ...more }),
  };
}

export function noRepositoryPath(service: Service): AgentError {
  const detail = `the service registry names no repo_path for ${service.name}`;
  return new AgentError('not-configured', detail, { retryable: false });
}

/** Not asked of git: it would have to trust the folder first. `below`: the way from there to `start`. */
async function topAbove(start: string): Promise<{ top: string; below: string } | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git')))
      return { top: folder, below: relative(folder, start).replaceAll('\\', '/') };
    if (folder === dirname(folder)) return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export interface Standing {
  readonly state: RepositoryState;
  /** Why the revision that the registry names was not used. */
  readonly note: string | undefined;
}

/** Throws AgentError('not-found') when there is no commit yet. */
export async function standingOf(repository: Repository, service: Service): Promise<Standing> {
  const head = await commitOf(repository, 'HEAD');
  if (head === undefined) {
    throw new AgentError('not-found', `${repository.top} has no commit yet`, { retryable: false });
  }
  const [{ text: shallow }, remoteUrl, deployed] = await Promise.all([
    repository.git(['rev-parse', '--is-shallow-repository']),
    remoteOf(repository),
    deployedRevision(repository, service),
  ]);
  const state: RepositoryState = {
    root: repository.top,
    head,
    deployedRevision: deployed.hash ?? head,
    deployedFrom: deployed.hash === undefined ? 'head' : 'registry',
    servicePath: repository.servicePath,
    shallow: shallow.trim() === 'true',
    ...(remoteUrl === undefined ? {} : { remoteUrl }),
  };
  return { state, note: deployed.note };
}

async function deployedRevision(
  repository: Repository,
  service: Service,
): Promise<{ hash: string | undefined; note: string | undefined }> {
  const named = service.deployedRevision;
  // What a metric or a header says is read where metrics and probes are.
  if (named === undefined || /^(?:metric|header):/.test(named)) return { hash: undefined, note: undefined };
  const text = named.startsWith('file:') ? await firstWord(named.slice('file:'.length)) : named;
  const hash = text === undefined || !isRevision(text) ? undefined : await commitOf(repository, text);
  const note = `the deployed revision ${redact(named)} is not in the repository: its head is taken instead`;
  return { hash, note: hash === undefined ? note : undefined };
}

/** undefined: it cannot be read, or it is empty. */
async function firstWord(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path);
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_REVISION_BYTES) });
    return /\S+/.exec(buffer.toString('utf8', 0, bytesRead))?.[0];
  } catch {
    return undefined; // told by the note: the head is taken instead
  }
}

/** undefined: the repository knows no such commit. */
async function commitOf(repository: Repository, revision: string): Promise<string | undefined> {
  try {
    const { text } = await repository.git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
    return /^[0-9a-f]{40,64}$/.exec(text.trim())?.[0];
  } catch (error) {
    if (error instanceof AgentError && (error.code === 'malformed' || error.code === 'not-found')) return undefined;
    throw error;
  }
}

async function remoteOf(repository: Repository): Promise<string | undefined> {
  try {
    const { text } = await repository.git(['config', '--local', '--no-includes', '--get', 'remote.origin.url']);
    return redact(text.trim()) || undefined;
  } catch (error) {
    if (error instanceof AgentError && error.code !== 'timeout') return undefined; // there is no remote
    throw error;
  }
}

/** A hash or a name of a branch or tag. No option, no range, no syntax that walks or searches. */
export function isRevision(text: string): boolean {
  return /^[0-9A-Za-z_][\w./+-]{0,199}$/.test(text) && !text.includes('..') && !text.endsWith('.lock');
}

/** Throws AgentError('refused') for what could lead out of the tree or be taken for an option. */
export function checkPath(path: string): void {
  const segments = path.split('/');
  const isInside =
    path !== '' &&
    !isAbsolute(path) &&
    !/[\0\n\\]/.test(path) &&
    !segments.some((part) => part === '..' || part === '.' || part === '');
  if (isInside) return;
  throw new AgentError('refused', `${JSON.stringify(path.slice(0, 200))} is no path inside the repository`, {
    retryable: false,
  });
}

/** Throws AgentError('refused'). */
export function checkRevision(revision: string): void {
  if (isRevision(revision)) return;
  throw new AgentError('refused', `${JSON.stringify(revision.slice(0, 200))} is no revision`, { retryable: false });
}
