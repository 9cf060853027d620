/** The git history inside a bundle, asked as any other repository, from a scratch folder that no answer ever names. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Service } from '../../domain/service.ts';
import { type GitOutput, runGit } from '../../lib/git-command.ts';
import type { Source } from '../../ports.ts';
import { git } from './git.ts';
import { isRevision, noRepositoryPath, type Repository, repositoryAt } from './git-repository.ts';
import { once } from './git-together.ts';

export interface BundledRepositoryOptions {
  /** Of a git bundle. */
  readonly bytes: Uint8Array;
  /** Commits at which the history was cut off. */
  readonly shallow: readonly string[];
  /** What the registry's paths call its top; undefined: each service's path less the folder of that service. */
  readonly root?: string | undefined;
}

export interface BundledRepository extends AsyncDisposable {
  readonly source: Source;
}

/** Nothing is unpacked until the first question. Answers are the same on any machine. */
export function bundledRepository(options: BundledRepositoryOptions): BundledRepository {
  let opening: Promise<string> | undefined;
  let isClosed = false;
  /** What is unpacked never changes: the same command is run once. */
  const said = once<GitOutput>({ keeps: true });

  async function find(service: Service, signal: AbortSignal): Promise<Repository> {
    if (service.repositoryPath === undefined) throw noRepositoryPath(service);
    if (isClosed) throw new Error('the bundle was closed before its repository was asked'); // it would be unpacked and stay
    opening ??= unpack(options);
    const folder = await opening;
    const { top, below } = placeOf(service.repositoryPath, service.servicePath, options.root);
    return repositoryAt(
      { top, servicePath: service.servicePath ?? below, signal },
      (words, { signal: until, ...more }) =>
        said(JSON.stringify([words, more]), until, (stop) =>
          runGit(words, { ...more, signal: stop, top: folder, realTop: folder }),
        ),
    );
  }

  const source = git({ find });
  return {
    source: {
      ...source,
      // A file of the machine that is asked now says nothing about what ran then.
      ask: (question, signal) => source.ask({ ...question, service: withoutRevisionFile(question.service) }, signal),
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      const folder = await opening?.catch(() => undefined);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function withoutRevisionFile(service: Service): Service {
  if (!service.deployedRevision?.startsWith('file:')) return service;
  const { deployedRevision: _, ...rest } = service;
  return rest;
}

function placeOf(path: string, servicePath: string | undefined, root: string | undefined) {
  const below = servicePath ?? '';
  if (root !== undefined && (path === root || path.startsWith(`${root}/`)))
    return { top: root, below: path.slice(root.length + 1) };
  return { top: below !== '' && path.endsWith(`/${below}`) ? path.slice(0, -below.length - 1) : path, below };
}

const UNBORN = 'ref: refs/heads/none\n';

/** Path of a bare repository with the bundle's objects and refs. Throws AgentError; then nothing is left behind. */
async function unpack({ bytes, shallow }: BundledRepositoryOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'incident-bundle-'));
  try {
    const run = (words: readonly string[]) =>
      runGit(words, { top: folder, realTop: folder, signal: new AbortController().signal, maxBytes: 1024 * 1024 });
    // All that git takes for a repository; `git init` would be one more program to start.
    await Promise.all([
      mkdir(join(folder, 'objects')),
      mkdir(join(folder, 'refs')),
      writeFile(join(folder, 'HEAD'), UNBORN),
    ]);
    if (shallow.length > 0) await writeFile(join(folder, 'shallow'), shallow.map((hash) => `${hash}\n`).join(''));
    await writeFile(join(folder, 'repository.bundle'), bytes);
    const { text } = await run(['bundle', 'unbundle', join(folder, 'repository.bundle')]);
    await writeRefs(folder, text);
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const detail = messageOf(error).replaceAll(folder, 'the scratch folder');
    throw new AgentError('malformed', `repository.bundle cannot be read (${detail}): make it again`, {
      retryable: false,
      cause: error,
    });
  }
}

/** `listed`: a hash and a name a line, as git lists what it found. Names that could lead elsewhere are left out. */
async function writeRefs(folder: string, listed: string): Promise<void> {
  const refs = listed.split('\n').flatMap((line) => {
    const [, hash, name] = /^([0-9a-f]{40,64}) (\S+)$/.exec(line) ?? [];
    return hash === undefined || name === undefined ? [] : [{ hash, name }];
  });
  const named = refs.filter(({ name }) => name.startsWith('refs/') && isRevision(name));
  const head = refs.find(({ name }) => name === 'HEAD') ?? named[0];
  if (!head) throw new AgentError('malformed', 'it names no commit', { retryable: false });
  const lines = named.map(({ hash, name }) => `${hash} ${name}\n`).sort((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1));
  await writeFile(join(folder, 'packed-refs'), `# pack-refs with: sorted\n${lines.join('')}`);
  await writeFile(join(folder, 'HEAD'), `${head.hash}\n`);
}
