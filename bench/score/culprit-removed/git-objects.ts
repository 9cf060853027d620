/** Git as a store of objects: bytes in, bytes out, in a bare folder of our own, never with the user's settings. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SAFE = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.autocrlf=false', '-c', 'safe.directory=*'];
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface GitFolder {
  readonly folder: string;
  /** stdout; throws with git's own words. */
  bytes(command: readonly string[], input?: Uint8Array | string): Buffer;
  /** As text, without the last line break. */
  text(command: readonly string[], input?: Uint8Array | string): string;
}

export function gitFolder(folder: string): GitFolder {
  const { GIT_DIR: _folder, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...others } = process.env;
  const env = {
    ...others,
    GIT_DIR: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  function bytes(command: readonly string[], input?: Uint8Array | string): Buffer {
    return execFileSync('git', [...SAFE, ...command], {
      cwd: folder,
      env,
      input: input ?? '',
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }
  return { folder, bytes, text: (command, input) => bytes(command, input).toString().replace(/\n$/, '') };
}

/** `shallow`: commits whose parents the bundle does not hold. */
export function unpackRepository(bundle: Uint8Array, shallow: readonly string[], folder: string): GitFolder {
  mkdirSync(folder, { recursive: true });
  const git = gitFolder(folder);
  git.bytes(['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  const file = join(folder, 'received.bundle');
  writeFileSync(file, bundle);
  if (shallow.length > 0) writeFileSync(join(folder, 'shallow'), shallow.map((hash) => `${hash}\n`).join(''));
  const refs = git
    .text(['bundle', 'unbundle', file])
    .split('\n')
    .flatMap((line) => {
      const [hash, name] = line.split(' ');
      return hash && name ? [{ hash, name }] : [];
    });
  const named = refs.filter(({ name }) => name !== 'HEAD');
  git.bytes(['update-ref', '--stdin'], named.map(({ hash, name }) => `create ${name} ${hash}\n`).join(''));
  const head = refs.find(({ name }) => name === 'HEAD') ?? refs[0];
  const branch = refs.find(({ name, hash }) => name.startsWith('refs/heads/') && hash === head?.hash);
  if (branch) git.bytes(['symbolic-ref', 'HEAD', branch.name]);
  else if (head) git.bytes(['update-ref', '--no-deref', 'HEAD', head.hash]);
  return git;
}

export function packRepository(git: GitFolder): Uint8Array {
  const file = join(git.folder, 'made.bundle');
  git.bytes(['bundle', 'create', '--quiet', file, 'HEAD', '--all']);
  return readFileSync(file);
}
