/** A bare repository for tests of forges, with a base branch that can move on. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BareRepository {
  readonly path: string;
  readonly git: (words: readonly string[], input?: string | Uint8Array) => string;
  /** In the index of the tests; undefined: the file goes. */
  readonly stage: (path: string, blob: string | undefined, mode?: string) => void;
  /** Puts files onto a branch, made where it is missing, as somebody else would. The hash of the commit. */
  push(branch: string, files: Readonly<Record<string, string>>, message: string): string;
  remove(): void;
}

export function bareRepository(): BareRepository {
  const path = mkdtempSync(join(tmpdir(), 'test-forge-'));
  const who = {
    GIT_AUTHOR_NAME: 'b',
    GIT_AUTHOR_EMAIL: 'b@example.com',
    GIT_COMMITTER_NAME: 'b',
    GIT_COMMITTER_EMAIL: 'b@example.com',
  };
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...who,
    GIT_INDEX_FILE: join(path, 'test-index'),
  };
  const git = (words: readonly string[], input?: string | Uint8Array): string =>
    execFileSync('git', ['--git-dir', path, ...words], {
      encoding: 'utf8',
      env,
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    }).trim();
  const tipOf = (branch: string): string => git(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
  git(['init', '-q', '--bare', '-b', 'main']);
  const stage = (file: string, blob: string | undefined, mode = '100644'): void => {
    const line = blob === undefined ? `0 ${'0'.repeat(40)}` : `${mode} ${blob}`;
    git(['update-index', '--index-info'], `${line}\t${file}\n`);
  };
  return {
    path,
    git,
    stage,
    push(branch, files, message) {
      const parent = tipOf(branch);
      git(parent === '' ? ['read-tree', '--empty'] : ['read-tree', parent]);
      for (const [file, text] of Object.entries(files)) {
        const blob = git(['hash-object', '-w', '--stdin'], text);
        stage(file, blob);
      }
      const parents = parent === '' ? [] : ['-p', parent];
      const commit = git(['commit-tree', git(['write-tree']), ...parents, '-m', message]);
      git(['update-ref', `refs/heads/${branch}`, commit]);
      return commit;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
