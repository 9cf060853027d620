/** Where a service's code lies, and at which revision it runs. */
import { open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AgentError } from '../../domain/error.ts';
import type { Service } from '../../domain/service.ts';
import type { RepositoryState } from '../../domain/telemetry.ts';
import { type GitOptions, type GitOutput, runGit } from '../../lib/git-command.ts';
import { redact } from '../../lib/redact.ts';
import { type GitObject, objectsNamed } from './git-objects.ts';

export interface Repository {
  /** Absolute path of the work tree, as the registry's path names it and answers show it. */
  readonly top: string;
  /** The service's folder inside it, '' for the root. */
  readonly servicePath: string;
  /** When whoever asks stops waiting. */
  readonly signal: AbortSignal;
  /** Throws AgentError. Default limit of the output: 4 MB. */
  git(words: readonly string[], maxBytes?: number, more?: Pick<GitOptions, 'emptyCode' | 'input'>): Promise<GitOutput>;
  /** The same, for somebody who waits otherwise. */
  until(signal: AbortSignal): Repository;
}

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
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
  return repositoryAt({ top, servicePath: service.servicePath ?? below, signal }, (words, within) =>
    runGit(words, { ...within, top, realTop }),
  );
}

export type RunCommand = (
  words: readonly string[],
  within: Pick<GitOptions, 'signal' | 'maxBytes' | 'emptyCode' | 'input'>,
) => Promise<GitOutput>;

export function repositoryAt(place: Pick<Repository, 'top' | 'servicePath' | 'signal'>, run: RunCommand): Repository {
  return {
    ...place,
    git: (words, maxBytes = DEFAULT_MAX_BYTES, more) => run(words, { ...more, maxBytes, signal: place.signal }),
    until: (signal) => repositoryAt({ ...place, signal }, run),
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
  /** When the deployed revision was committed, since 1970. */
  readonly deployedAtSeconds: number;
  /** Why the revision that the registry names was not used. */
  readonly note: string | undefined;
}

/** Throws AgentError('not-found') when there is no commit yet. */
export async function standingOf(repository: Repository, service: Service): Promise<Standing> {
  const named = await namedRevision(service);
  const [[head, known], { text: shallow }, remoteUrl] = await Promise.all([
    commitsNamed(repository, ['HEAD', ...(named?.revision === undefined ? [] : [named.revision])]),
    repository.git(['rev-parse', '--is-shallow-repository']),
    remoteOf(repository),
  ]);
  if (head === undefined) {
    throw new AgentError('not-found', `${repository.top} has no commit yet`, { retryable: false });
  }
  const deployed = known ?? head;
  const state: RepositoryState = {
    root: repository.top,
    head: head.hash,
    deployedRevision: deployed.hash,
    deployedFrom: known === undefined ? 'head' : 'registry',
    servicePath: repository.servicePath,
    shallow: shallow.trim() === 'true',
    ...(remoteUrl === undefined ? {} : { remoteUrl }),
  };
  const note = named && !known ? `${named.shown} is not in the repository: its head is taken instead` : undefined;
  return { state, deployedAtSeconds: deployed.committedAtSeconds, note };
}

/** undefined: the registry names none, or what a metric or a header says, which is read where metrics and probes are. */
async function namedRevision(service: Service): Promise<{ shown: string; revision: string | undefined } | undefined> {
  const named = service.deployedRevision;
  if (named === undefined || /^(?:metric|header):/.test(named)) return undefined;
  const text = named.startsWith('file:') ? await firstWord(named.slice('file:'.length)) : named;
  const revision = text !== undefined && isRevision(text) ? text : undefined;
  return { shown: `the deployed revision ${redact(named)}`, revision };
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

interface NamedCommit {
  readonly hash: string;
  readonly committedAtSeconds: number;
}

/** undefined: the repository knows no such commit. */
async function commitsNamed(
  repository: Repository,
  revisions: readonly string[],
): Promise<(NamedCommit | undefined)[]> {
  try {
    const names = revisions.map((revision) => `${revision}^{commit}`);
    return (await objectsNamed(repository, names)).map(readCommit);
  } catch (error) {
    if (!(error instanceof AgentError && (error.code === 'malformed' || error.code === 'not-found'))) throw error;
    // One of them is broken: it must not hide the other.
    const [only, ...more] = revisions;
    if (only === undefined || more.length === 0) return [undefined];
    return (await Promise.all(revisions.map((one) => commitsNamed(repository, [one])))).flat();
  }
}

function readCommit(object: GitObject | undefined): NamedCommit | undefined {
  if (object === undefined) return undefined;
  const [header = ''] = object.bytes.toString('utf8').split('\n\n', 1);
  const seconds = /^committer .* (\d+) [+-]\d+$/m.exec(header)?.[1];
  return { hash: object.hash, committedAtSeconds: Number(seconds) };
}

async function remoteOf(repository: Repository): Promise<string | undefined> {
  try {
    const words = ['config', '--local', '--no-includes', '--get', 'remote.origin.url'];
    const { text } = await repository.git(words, undefined, { emptyCode: 1 });
    return redact(text.trim()) || undefined;
  } catch (error) {
    if (error instanceof AgentError && error.code !== 'timeout') return undefined; // its settings cannot be read
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
