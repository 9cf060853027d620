/** A real git repository for tests, made from steps, with none of the machine's settings. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestRepository {
  readonly top: string;
  readonly git: (...words: string[]) => string;
  /** Path → text; undefined: the file goes. The hash of the commit. */
  readonly commit: (message: string, files: Record<string, string | undefined>) => string;
  remove(): void;
}

export function testRepository(): TestRepository {
  const top = mkdtempSync(join(tmpdir(), 'test-repository-'));
  let hour = 0;
  const git = (...words: string[]): string => {
    const at = new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
    const env = {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    };
    const who = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    };
    return execFileSync('git', ['-C', top, ...words], {
      encoding: 'utf8',
      env: { ...env, ...who, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  };
  git('init', '-q', '-b', 'main');
  return {
    top,
    git,
    commit(message, files) {
      hour += 1;
      for (const [path, text] of Object.entries(files)) {
        const full = join(top, path);
        mkdirSync(dirname(full), { recursive: true });
        if (text === undefined) rmSync(full);
        else writeFileSync(full, text);
      }
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}
