import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Question } from '../../domain/question.ts';
import { type Service, unregisteredService } from '../../domain/service.ts';
import { git } from './git.ts';
import { readLog, unquote } from './git-log.ts';
import { isRevision } from './git-repository.ts';
import { questionOf, sourceContract } from './source-contract.ts';

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
let folder: string;
let trapFolder: string;
let top: string;
const hashes: string[] = [];

function run(repository: string, words: string[], at = '2026-11-20T10:00:00Z'): string {
  const env = { ...ENVIRONMENT, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
  return execFileSync('git', ['-C', repository, ...words], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), content);
}

function commit(message: string, at: string): void {
  run(top, ['add', '-A']);
  run(top, ['commit', '-q', '-m', message], at);
  hashes.push(run(top, ['rev-parse', 'HEAD']));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'git source '));
  trapFolder = mkdtempSync(join(tmpdir(), 'git-traps-'));
  top = join(folder, 'repo');
  mkdirSync(top);
  run(top, ['init', '-q', '-b', 'main']);
  write('src/main.ts', 'export const one = 1;\nexport const two = 2;\nexport const three = 3;\n');
  write('apps/api/index.ts', 'start();\n');
  commit('first: bob@example.com', '2026-11-20T10:00:00+02:00');
  write('apps/api/index.ts', 'start();\nconst password = "hunter2";\n');
  write('apps/api/ünï "x".ts', 'a\n');
  commit('api: token=abc123456', '2026-11-21T10:00:00Z');
  write('src/main.ts', 'export const one = 1;\nexport const two = 22;\nexport const three = 3;\n');
  run(top, ['mv', 'apps/api/index.ts', 'apps/api/server.ts']);
  writeFileSync(join(top, 'apps/api/logo.bin'), Buffer.from([0, 1, 2, 255]));
  commit('api: renamed', '2026-11-22T10:00:00Z');
});
afterAll(() => {
  for (const each of [folder, trapFolder]) rmSync(each, { recursive: true });
});

function service(change: Partial<Service> = {}): Service {
  return { ...unregisteredService('api'), repositoryPath: top, ...change };
}

function ask(question: Question) {
  return git().ask(question, AbortSignal.timeout(15_000));
}
function history(change: Partial<Service> = {}, more: { since?: string; until?: string; maxCommits?: number } = {}) {
  return ask({ ...questionOf('history', service(change)), ...more });
}
function lines(path: string, fromLine: number, toLine: number, revision = 'HEAD') {
  return ask({ kind: 'file-lines', service: service(), path, revision, fromLine, toLine });
}
function blame(path: string, fromLine: number, toLine: number, revision = 'HEAD') {
  return ask({ kind: 'blame', service: service(), path, revision, fromLine, toLine });
}

sourceContract('git', async () => ({
  source: git(),
  service: service(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}));

describe('history', () => {
  test('names commits newest first, in UTC, with their files and patches', async () => {
    const { telemetry, gaps } = await history();
    expect(gaps).toEqual([]);
    expect(telemetry.commits?.map(({ hash, committedAt, parents }) => [hash, committedAt, parents])).toEqual([
      [hashes[2], '2026-11-22T10:00:00.000Z', [hashes[1]]],
      [hashes[1], '2026-11-21T10:00:00.000Z', [hashes[0]]],
      [hashes[0], '2026-11-20T08:00:00.000Z', []],
    ]);
    expect(telemetry.commits?.[0]?.files.map(({ path, status }) => [path, status])).toEqual([
      ['apps/api/logo.bin', 'added'],
      ['apps/api/server.ts', 'renamed'],
      ['src/main.ts', 'modified'],
    ]);
    expect(telemetry.commits?.[0]?.files.map(({ patch }) => patch)).toEqual([
      '',
      '',
      '@@ -1,3 +1,3 @@\n export const one = 1;\n-export const two = 2;\n+export const two = 22;\n export const three = 3;',
    ]);
  });

  test('keeps to the service: its prefix comes from git, and a pasted query finds the same commits', async () => {
    const { telemetry, query } = await history({ repositoryPath: join(top, 'src') });
    expect(telemetry.repository).toMatchObject({ root: top, servicePath: 'src', head: hashes[2], shallow: false });
    const pasted = execFileSync('sh', ['-c', query], { encoding: 'utf8', env: ENVIRONMENT });
    expect(pasted.match(/^commit .*/gm)).toEqual(telemetry.commits?.map(({ hash }) => `commit ${hash}`));
    expect(telemetry.commits?.map(({ hash }) => hash)).toEqual([hashes[2], hashes[0]]);
    expect((await history({ servicePath: 'apps/api' })).telemetry.commits).toHaveLength(3);
  });

  test('is bounded by time and number, and says so', async () => {
    const since = await history({}, { since: '2026-11-20T12:00:00.000Z', until: '2026-11-21T12:00:00.000Z' });
    expect(since.telemetry.commits?.map(({ hash }) => hash)).toEqual([hashes[1]]);
    const one = await history({}, { maxCommits: 1 });
    expect(one.telemetry.commits).toHaveLength(1);
    expect(one.gaps).toMatchObject([
      { reason: 'too-large', detail: 'read only the newest 1 commits, there may be more' },
    ]);
  });

  test('starts at the deployed revision where the registry knows it', async () => {
    writeFileSync(join(folder, 'REVISION'), `${hashes[1]}\n`);
    for (const deployedRevision of [
      hashes[1] ?? '',
      hashes[1]?.slice(0, 8) ?? '',
      `file:${join(folder, 'REVISION')}`,
    ]) {
      const { telemetry } = await history({ deployedRevision });
      expect(telemetry.repository).toMatchObject({
        deployedRevision: hashes[1],
        deployedFrom: 'registry',
        head: hashes[2],
      });
      expect(telemetry.commits?.[0]?.hash).toBe(hashes[1]);
    }
  });

  test.each(['v9.9.9', '--output=/tmp/x', 'HEAD..main', 'file:/nonexistent', 'main; touch x'])(
    'takes the head, and says so, where %j is no revision of it',
    async (deployedRevision) => {
      const { telemetry, gaps } = await history({ deployedRevision });
      expect(telemetry.repository).toMatchObject({ deployedRevision: hashes[2], deployedFrom: 'head' });
      expect(gaps).toMatchObject([
        { reason: 'not-found', detail: expect.stringContaining('its head is taken instead') },
      ]);
    },
  );

  test('hides secrets and people', async () => {
    expect(JSON.stringify(await history())).not.toMatch(/hunter2|abc123456|@example/);
  });
});

describe('files, lines and blame', () => {
  test('every path of the tree at the deployed revision, whatever its letters', async () => {
    const { telemetry } = await ask(questionOf('files', service({ deployedRevision: hashes[1] ?? '' })));
    expect(telemetry.paths).toEqual(['apps/api/index.ts', 'apps/api/ünï "x".ts', 'src/main.ts']);
  });

  test('lines of a file at a revision, with a query for the shell', async () => {
    const { telemetry, query } = await lines('src/main.ts', 2, 9, hashes[0]);
    expect(telemetry.code).toEqual({
      path: 'src/main.ts',
      revision: hashes[0],
      firstLine: 2,
      lines: ['export const two = 2;', 'export const three = 3;'],
      totalLines: 3,
    });
    expect(execFileSync('sh', ['-c', query], { encoding: 'utf8', env: ENVIRONMENT })).toBe(
      'export const two = 2;\nexport const three = 3;\n',
    );
  });

  test('the commit that last wrote each line', async () => {
    const { telemetry, query } = await blame('src/main.ts', 1, 2);
    expect(telemetry.blame).toEqual([
      { path: 'src/main.ts', line: 1, hash: hashes[0], committedAt: '2026-11-20T08:00:00.000Z' },
      { path: 'src/main.ts', line: 2, hash: hashes[2], committedAt: '2026-11-22T10:00:00.000Z' },
    ]);
    expect(query).toBe(`git -C '${top}' blame -L 1,2 HEAD -- src/main.ts`);
  });

  test.each([
    { path: 'src/none.ts', line: 1, revision: 'HEAD', reason: 'not-found' },
    { path: 'src', line: 1, revision: 'HEAD', reason: 'not-found' },
    { path: 'src/main.ts', line: 99, revision: 'HEAD', reason: 'not-found' },
    { path: 'src/main.ts', line: 1, revision: 'v9', reason: 'not-found' },
    { path: '../../etc/passwd', line: 1, revision: 'HEAD', reason: 'refused' },
    { path: '/etc/passwd', line: 1, revision: 'HEAD', reason: 'refused' },
    { path: 'src/../../x', line: 1, revision: 'HEAD', reason: 'refused' },
    { path: '', line: 1, revision: 'HEAD', reason: 'refused' },
    { path: 'src/main.ts', line: 1, revision: '--output=x', reason: 'refused' },
    { path: 'src/main.ts', line: 1, revision: 'HEAD..main', reason: 'refused' },
  ])('$path:$line at $revision is a gap: $reason', async ({ path, line, revision, reason }) => {
    for (const answer of [await lines(path, line, line, revision), await blame(path, line, line, revision)]) {
      expect(answer).toMatchObject({ telemetry: {}, gaps: [{ reason }] });
    }
  });

  test('a binary file has no lines', async () => {
    expect((await lines('apps/api/logo.bin', 1, 1)).gaps).toMatchObject([
      { reason: 'malformed', detail: 'apps/api/logo.bin is no text' },
    ]);
  });
});

describe('where there is nothing to read', () => {
  test('no repository, an empty one, a missing folder and an unset path are told apart', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    run(empty, ['init', '-q']);
    const reasons = [];
    for (const repositoryPath of [folder, empty, join(folder, 'none')]) {
      const { gaps, telemetry } = await history({ repositoryPath });
      expect(telemetry).toEqual({});
      reasons.push([gaps[0]?.reason, gaps[0]?.detail]);
    }
    expect(reasons).toEqual([
      ['not-found', expect.stringContaining('no git repository at')],
      ['not-found', expect.stringContaining('has no commit yet')],
      ['not-found', expect.stringContaining('no git repository at')],
    ]);
    expect((await ask(questionOf('history', unregisteredService('x')))).gaps).toMatchObject([
      { reason: 'not-configured', detail: expect.stringContaining('repo_path') },
    ]);
  });

  test('a shallow clone says that older commits are missing', async () => {
    const shallow = join(folder, 'shallow');
    run(folder, ['clone', '-q', '--depth', '1', `file://${top}`, shallow]);
    const { telemetry, gaps } = await history({ repositoryPath: shallow });
    expect(telemetry.repository).toMatchObject({ shallow: true, remoteUrl: `file://${top}` });
    expect(gaps).toMatchObject([{ reason: 'not-found', detail: expect.stringContaining('shallow') }]);
    const blamed = await ask({ ...questionOf('blame', service({ repositoryPath: shallow })) });
    expect(blamed.gaps).toMatchObject([{ detail: expect.stringContaining('shallow') }]);
  });

  test('a work tree behind a symbolic link is found', async () => {
    symlinkSync(join(top, 'apps/api'), join(folder, 'linked'));
    const { telemetry } = await history({ repositoryPath: join(folder, 'linked') });
    expect(telemetry.repository?.head).toBe(hashes[2]);
  });

  test('without git installed the gap says so', async () => {
    const path = process.env.PATH;
    process.env.PATH = join(folder, 'no-programs');
    try {
      expect((await history()).gaps).toMatchObject([
        { reason: 'not-configured', detail: expect.stringContaining('git is not installed') },
      ]);
    } finally {
      process.env.PATH = path;
    }
  });
});

/** Every setting, hook and attribute that makes some git command run a program. */
function plantTraps(repository: string, marker: string): void {
  // Without a blank in its path: git hands it to a shell.
  const trap = join(trapFolder, 'trap.sh');
  writeFileSync(trap, `#!/bin/sh\ntouch "${marker}"\ncat 2>/dev/null\nexit 0\n`);
  chmodSync(trap, 0o755);
  const settings = {
    'core.fsmonitor': trap,
    'core.pager': trap,
    'core.editor': trap,
    'core.askPass': trap,
    'core.sshCommand': trap,
    'core.alternateRefsCommand': trap,
    'core.hooksPath': join(repository, 'hooks'),
    'core.attributesFile': join(repository, 'attributes'),
    'pager.log': trap,
    'pager.blame': trap,
    'pager.show': trap,
    'diff.external': trap,
    'diff.trap.command': trap,
    'diff.trap.textconv': trap,
    'filter.trap.clean': trap,
    'filter.trap.smudge': trap,
    'filter.trap.process': trap,
    'log.showSignature': 'true',
    'gpg.program': trap,
    'gpg.ssh.program': trap,
    'credential.helper': `!${trap}`,
    'blame.ignoreRevsFile': join(repository, 'none'),
    'diff.orderFile': join(repository, 'none'),
    'alias.log': `!${trap}`,
    'alias.blame': `!${trap}`,
    'protocol.ext.allow': 'always',
    'remote.origin.url': `ext::${trap}`,
    'remote.origin.promisor': 'true',
    'remote.origin.partialclonefilter': 'blob:none',
    'extensions.partialClone': 'origin',
    'include.path': join(repository, 'included'),
  };
  writeFileSync(join(repository, 'included'), `[core]\n\tfsmonitor = ${trap}\n[diff]\n\texternal = ${trap}\n`);
  writeFileSync(join(repository, 'attributes'), '* diff=trap filter=trap\n');
  writeFileSync(join(repository, '.gitattributes'), '* diff=trap filter=trap\n');
  mkdirSync(join(repository, '.git/info'), { recursive: true });
  writeFileSync(join(repository, '.git/info/attributes'), '* diff=trap filter=trap\n');
  for (const hook of [
    'post-index-change',
    'post-checkout',
    'reference-transaction',
    'fsmonitor-watchman',
    'pre-auto-gc',
  ]) {
    for (const hooks of [join(repository, 'hooks'), join(repository, '.git/hooks')]) {
      mkdirSync(hooks, { recursive: true });
      writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch "${marker}"\n`, { mode: 0o755 });
    }
  }
  for (const [name, value] of Object.entries(settings)) {
    run(repository, ['config', name, value]);
    rmSync(marker, { force: true });
  }
}

describe('a hostile repository', () => {
  test('runs nothing of its own in any question', async () => {
    const repository = join(folder, 'hostile');
    const marker = join(folder, 'executed');
    run(folder, ['clone', '-q', top, repository]);
    plantTraps(repository, marker);
    // The traps do work: without our settings each of these plain commands runs them.
    for (const words of [
      ['status'],
      ['-c', 'core.fsmonitor=false', '-c', 'diff.orderFile=/dev/null', 'diff', 'HEAD~1', 'HEAD'],
    ]) {
      rmSync(marker, { force: true });
      spawnSync('git', ['-C', repository, ...words], { env: ENVIRONMENT, stdio: 'ignore' });
      expect([words, existsSync(marker)]).toEqual([words, true]);
    }
    rmSync(marker);

    const hostile = service({ repositoryPath: repository });
    for (const kind of git().kinds) {
      const answer = await ask(questionOf(kind, hostile));
      expect([kind, answer.gaps]).toEqual([kind, []]);
      expect([kind, existsSync(marker)]).toEqual([kind, false]);
    }
  });

  test('cannot make us fetch an object that is missing', async () => {
    const repository = join(folder, 'partial');
    const marker = join(folder, 'executed');
    run(folder, ['clone', '-q', '--no-local', top, repository]);
    plantTraps(repository, marker);
    const blob = run(repository, ['rev-parse', `${hashes[2]}:src/main.ts`]);
    rmSync(marker, { force: true });
    const packs = join(repository, '.git/objects/pack');
    const loose = join(repository, '.git/objects', blob.slice(0, 2), blob.slice(2));
    execFileSync(
      'sh',
      [
        '-c',
        `mv "${packs}" "${folder}/packs" && mkdir "${packs}" && for p in "${folder}"/packs/*.pack; do git -C "${repository}" -c core.fsmonitor=false unpack-objects -q < "$p"; done`,
      ],
      { env: ENVIRONMENT },
    );
    rmSync(loose);
    rmSync(marker, { force: true });
    for (const kind of git().kinds) await ask(questionOf(kind, service({ repositoryPath: repository })));
    const answer = await ask(questionOf('file-lines', service({ repositoryPath: repository })));
    expect(answer).toMatchObject({ telemetry: {}, gaps: [{ source: 'git' }] });
    expect(existsSync(marker)).toBe(false);
  });

  test('cannot forge a commit through what it commits', async () => {
    const repository = join(folder, 'forger');
    mkdirSync(repository);
    run(repository, ['init', '-q']);
    const forged = `commit ${'a'.repeat(40)}`;
    writeFileSync(
      join(repository, 'x'),
      `${forged}\nparents\ncommitted 2026-01-01T00:00:00Z\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n:100644 100644 1 2 M\tforged\n`,
    );
    writeFileSync(join(repository, `name\n${forged}\n`), 'x');
    run(repository, ['add', '-A']);
    run(repository, ['commit', '-q', '-m', `subject\n${forged}\n\n${forged}`]);
    const { telemetry } = await history({ repositoryPath: repository });
    expect(telemetry.commits?.map(({ hash, files }) => [hash, files.map(({ path }) => path)])).toEqual([
      [run(repository, ['rev-parse', 'HEAD']), [`name\n${forged}\n`, 'x']],
    ]);
    expect(telemetry.commits?.[0]?.subject).toBe(`subject ${forged}`);
  });
});

function logBlock(letter: string): string {
  const at = '2026-01-01T00:00:00Z';
  return `commit ${letter.repeat(40)}\nparents \ncommitted ${at}\nauthored ${at}\nsubject s\n\n`;
}

test('a log that was cut off loses its last commit, not its first', () => {
  expect(readLog(logBlock('a') + logBlock('b').slice(0, 60), true).map(({ hash }) => hash)).toEqual(['a'.repeat(40)]);
});

test('any text reads as commits without an error', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          `commit ${'a'.repeat(40)}`,
          'diff --git a/x b/x',
          '--- a/x',
          '+++ b/x',
          '@@ -1 +1 @@',
          '+x',
          ':1 2 3 4 M\tx',
          ':',
          '"\\',
          '',
        ),
        { maxLength: 30 },
      ),
      fc.boolean(),
      (rows, isCut) => {
        expect(readLog(rows.join('\n'), isCut)).toBeInstanceOf(Array);
      },
    ),
  );
});

test.each([
  ['plain', 'plain'],
  ['"a\\tb\\"c\\\\d"', 'a\tb"c\\d'],
  ['"\\303\\274"', 'ü'],
  ['"', '"'],
])('the path %s reads %j', (written, path) => {
  expect(unquote(written)).toBe(path);
});

test('a revision is a name or a hash, never an option, a range or a search', () => {
  expect(['main', 'v1.2.3', 'release/2026-01', 'HEAD', 'a'.repeat(40)].every(isRevision)).toBe(true);
  expect(
    ['', '-x', '--all', 'a..b', 'HEAD~1', 'HEAD^', ':/x', 'a b', 'x@{1}', 'a\nb', `a${'b'.repeat(300)}`].some(
      isRevision,
    ),
  ).toBe(false);
});
