/** Scratch git repositories: a history written from steps, or somebody's bundle; never with the user's own git settings. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { promisify } from 'node:util';

/** Path inside the repository → its text. */
export type Tree = ReadonlyMap<string, string>;

export interface HistoryStep {
  readonly author: { readonly name: string; readonly email: string };
  /** Before the time of the build. */
  readonly hoursAgo: number;
  readonly message: string;
  /** The whole tree after this commit, from the one before it. */
  change(tree: Tree): Tree;
}

const run = promisify(execFile);

/** Builds the history in an empty folder, checks out its newest commit on branch main. Hashes in the order of the steps. */
export async function buildRepository(folder: string, steps: readonly HistoryStep[], now: Date): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  const child = spawn('git', [...SAFE, 'fast-import', '--quiet'], {
    cwd: folder,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.end(fastImportStream(steps, now));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The scratch repository could not be written: ${complaint.trim()}`);
  await git(folder, ['reset', '--quiet', '--hard', 'main']);
  return (await git(folder, ['rev-list', '--reverse', 'main'])).split('\n');
}

/** Clones a bundle or a folder. Checked out is its HEAD; a bundle made without one: main, master, else its first branch. */
export async function cloneRepository(from: string, folder: string): Promise<void> {
  await run('git', [...SAFE, 'clone', '--quiet', '--', from, folder], { env: gitEnvironment() });
  if ((await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => '')) !== '') return;
  const listed = await git(folder, ['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/remotes/origin']);
  const branches = listed.split('\n').filter((name) => name !== '' && name !== 'HEAD');
  const branch = ['main', 'master'].find((name) => branches.includes(name)) ?? branches[0];
  if (branch === undefined) throw new Error(`${from} holds no branch`);
  await git(folder, ['checkout', '--quiet', '-B', branch, `origin/${branch}`]);
}

/** A bare repository that has the branches of another one: what the team has pushed. Again: what was pushed since. */
export async function publishTo(bare: string, from: string): Promise<void> {
  if (!existsSync(bare))
    await run('git', [...SAFE, 'init', '--quiet', '--bare', '--', bare], { env: gitEnvironment() });
  await git(bare, ['fetch', '--quiet', '--', from, '+refs/heads/*:refs/heads/*']);
}

/** stdout without its last line break. Rejects with git's own words. */
export async function git(folder: string, command: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...SAFE, '-C', folder, ...command], {
    env: gitEnvironment(),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.replace(/\n$/, '');
}

const SAFE = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'commit.gpgSign=false',
  '-c',
  'core.autocrlf=false',
  '-c',
  'safe.directory=*',
];

function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR: _folder, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...others } = process.env;
  return { ...others, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
}

function fastImportStream(steps: readonly HistoryStep[], now: Date): string {
  const parts: string[] = [];
  let tree: Tree = new Map();
  for (const step of steps) {
    const next = step.change(tree);
    const seconds = Math.floor(now.getTime() / 1_000 - step.hoursAgo * 3_600);
    const who = `${step.author.name} <${step.author.email}> ${seconds} +0000`;
    parts.push('commit refs/heads/main', `author ${who}`, `committer ${who}`, inline(`${step.message}\n`));
    const changes = changesBetween(tree, next);
    if (changes.length === 0) throw new Error(`The commit "${step.message}" changes nothing`);
    parts.push(...changes, '');
    tree = next;
  }
  return `${parts.join('\n')}\n`;
}

function changesBetween(before: Tree, after: Tree): string[] {
  const changes: string[] = [];
  for (const path of before.keys()) if (!after.has(path)) changes.push(`D ${path}`);
  for (const [path, text] of after) {
    if (before.get(path) !== text) changes.push(`M 100644 inline ${path}`, inline(text));
  }
  return changes;
}

function inline(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
