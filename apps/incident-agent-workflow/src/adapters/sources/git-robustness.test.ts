/** Repositories as they are found: shallow, forced, merged, renamed, with links, submodules and files of one long line. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Question } from '../../domain/question.ts';
import { type Service, unregisteredService } from '../../domain/service.ts';
import { git } from './git.ts';

const folder = mkdtempSync(join(tmpdir(), 'git robust '));
const top = join(folder, 'repo');
afterAll(() => rmSync(folder, { recursive: true }));

let minute = 0;
function run(words: readonly string[], where = top): string {
  minute += 1;
  const at = new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
  const names = ['AUTHOR', 'COMMITTER'].flatMap((who) => [
    [`GIT_${who}_NAME`, 'a'],
    [`GIT_${who}_EMAIL`, 'a@example.com'],
    [`GIT_${who}_DATE`, at],
  ]);
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(names),
  };
  return execFileSync('git', ['-C', where, ...words], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
function write(path: string, content: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), content);
}
function commit(message: string): string {
  run(['add', '-A']);
  run(['commit', '-q', '-m', message]);
  return run(['rev-parse', 'HEAD']);
}

const hashes: Record<string, string> = {};
beforeAll(() => {
  mkdirSync(top);
  run(['init', '-q', '-b', 'main']);
  write('src/größe/ключ.ts', 'export const größe = 1;\nexport const zwei = 2;\n');
  write('src/dos.ts', 'one();\r\ntwo();\r\n');
  write('src/bundle.min.js', `${'a=1;'.repeat(1_300_000)}throw new Error("boom of the bundle");`);
  symlinkSync('/etc/passwd', join(top, 'src/link.ts'));
  hashes.root = commit('beginning');
  run(['checkout', '-q', '-b', 'feature']);
  write('src/größe/ключ.ts', 'export const größe = 1;\nexport const zwei = 22;\n');
  hashes.inner = commit('inner');
  run(['checkout', '-q', 'main']);
  write('src/dos.ts', 'one();\r\nTWO();\r\n');
  hashes.side = commit('side');
  run(['merge', '-q', '--no-ff', '-m', 'merge of the feature', 'feature']);
  hashes.merge = run(['rev-parse', 'HEAD']);
  run(['mv', 'src/dos.ts', 'src/renamed.ts']);
  hashes.renamed = commit('renamed');
  run(['tag', '-a', 'v1.2.0', '-m', 'release']);
  run(['update-index', '--add', '--cacheinfo', `160000,${hashes.root},vendor/sub`]);
  run(['commit', '-q', '-m', 'a submodule']);
}, 60_000);

function service(change: Partial<Service> = {}): Service {
  return { ...unregisteredService('api'), repositoryPath: top, ...change };
}
function ask(question: Question) {
  return git().ask(question, AbortSignal.timeout(20_000));
}
const RANGE = { since: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', maxCommits: 50 };
const history = (change: Partial<Service> = {}) => ask({ kind: 'history', service: service(change), ...RANGE });
const at = (path: string, line = 1) => ({ service: service(), path, revision: 'HEAD', fromLine: line, toLine: line });
const grep = (text: string, paths: string[] = []) =>
  ask({ kind: 'grep', service: service(), revision: 'HEAD', text, paths, maxMatches: 10 });

test('of a merge the commits inside are told, and blamed', async () => {
  const { telemetry } = await history();
  const known = telemetry.commits?.map(({ hash }) => hash);
  expect(known).toContain(hashes.inner);
  expect(known).not.toContain(hashes.merge);
  const { telemetry: blamed } = await ask({ kind: 'blame', ...at('src/größe/ключ.ts', 2) });
  expect(blamed.blame).toMatchObject([{ path: 'src/größe/ключ.ts', hash: hashes.inner }]);
});

test('a renamed file says what it was called, and who wrote its lines before', async () => {
  const { telemetry } = await history();
  const files = telemetry.commits?.find(({ hash }) => hash === hashes.renamed)?.files;
  expect(files).toMatchObject([{ path: 'src/renamed.ts', oldPath: 'src/dos.ts', status: 'renamed' }]);
  const { telemetry: blamed } = await ask({ kind: 'blame', ...at('src/renamed.ts', 2) });
  expect(blamed.blame).toMatchObject([{ hash: hashes.side }]);
});

test('line ends of another system are no part of a line', async () => {
  const { telemetry } = await ask({ kind: 'file-lines', ...at('src/renamed.ts', 2) });
  expect(telemetry.code?.lines).toEqual(['TWO();']);
  const { telemetry: found } = await grep('TWO()');
  expect(found.matches).toEqual([{ path: 'src/renamed.ts', line: 2, text: 'TWO();' }]);
});

test('letters of any script name a file', async () => {
  const { telemetry } = await grep('export const größe');
  expect(telemetry.matches).toEqual([{ path: 'src/größe/ключ.ts', line: 1, text: 'export const größe = 1;' }]);
});

test('one line of five megabytes is a gap, not a flood', async () => {
  const lines = await ask({ kind: 'file-lines', ...at('src/bundle.min.js') });
  expect(lines).toMatchObject({
    telemetry: {},
    gaps: [{ reason: 'too-large', detail: expect.stringContaining('larger') }],
  });
  const blamed = await ask({ kind: 'blame', ...at('src/bundle.min.js') });
  expect(blamed.gaps).toMatchObject([{ reason: 'too-large' }]);
  const found = await grep('boom of the bundle');
  expect(found.gaps).toMatchObject([{ reason: 'too-large' }]);
  expect(JSON.stringify([lines, blamed, found]).length).toBeLessThan(20_000);
});

test.each([
  { what: 'symbolic link', path: 'src/link.ts' },
  { what: 'submodule', path: 'vendor/sub' },
])('a $what is not followed', async ({ what, path }) => {
  for (const kind of ['file-lines', 'blame'] as const) {
    const { telemetry, gaps } = await ask({ kind, ...at(path) });
    expect(telemetry).toEqual({});
    expect(gaps).toMatchObject([{ reason: 'refused', detail: expect.stringContaining(what) }]);
  }
});

test('what lies inside a submodule is not in this repository', async () => {
  expect((await ask({ kind: 'file-lines', ...at('vendor/sub/main.ts') })).gaps).toMatchObject([
    { reason: 'not-found' },
  ]);
});

test('history that was forced away: what runs is still told, and a revision that is gone is a gap', async () => {
  const clone = join(folder, 'forced');
  run(['clone', '-q', `file://${top}`, clone], folder);
  const deployedRevision = hashes.renamed ?? '';
  run(['reset', '-q', '--hard', hashes.side ?? ''], clone);
  const kept = await history({ repositoryPath: clone, deployedRevision });
  expect(kept.telemetry.commits?.[0]?.hash).toBe(deployedRevision);
  const gone = await history({ repositoryPath: clone, deployedRevision: 'f'.repeat(40) });
  expect(gone.telemetry.repository).toMatchObject({ deployedFrom: 'head', deployedRevision: hashes.side });
  expect(gone.gaps).toMatchObject([
    { reason: 'not-found', detail: expect.stringContaining('its head is taken instead') },
  ]);
});

test('commits that are dated after the look are left out, and that is said', async () => {
  const until = run(['show', '-s', '--format=%cI', hashes.inner ?? '']);
  const { telemetry, gaps } = await ask({ kind: 'history', service: service(), ...RANGE, until });
  expect(telemetry.commits?.map(({ hash }) => hash)).toEqual([hashes.inner, hashes.root]);
  expect(gaps).toMatchObject([
    {
      reason: 'malformed',
      detail: expect.stringMatching(
        /^not weighed, because dated after this look: \d commits, the newest [0-9a-f]{7} of 2026-11-20T10:/,
      ),
    },
  ]);
  expect((await history()).gaps).toEqual([]);
});

test('at the edge of a shallow clone nothing is put down to its first commit unsaid', async () => {
  const shallow = join(folder, 'shallow');
  run(['clone', '-q', '--depth', '2', `file://${top}`, shallow], folder);
  const { telemetry, gaps } = await history({ repositoryPath: shallow });
  expect(telemetry.repository?.shallow).toBe(true);
  expect(gaps).toMatchObject([{ reason: 'not-found', detail: expect.stringContaining('shallow') }]);
  expect(telemetry.commits?.at(-1)?.parents).toEqual([]);
});

test('tags are told with their commits, also annotated ones', async () => {
  const window = { from: RANGE.since, to: RANGE.until };
  const { telemetry } = await ask({ kind: 'events', service: service(), ...window });
  expect(telemetry.events).toMatchObject([{ kind: 'tag', name: 'v1.2.0', revision: hashes.renamed }]);
  const before = await ask({ kind: 'events', service: service(), ...window, to: '2026-11-20T10:00:00.000Z' });
  expect(before.telemetry.events).toEqual([]);
});

test('what changed between two revisions is told by file', async () => {
  const { telemetry } = await ask({
    kind: 'diff',
    service: service(),
    from: hashes.root ?? '',
    to: 'HEAD',
    paths: ['src/größe/ключ.ts'],
  });
  expect(telemetry.diff?.files).toMatchObject([{ path: 'src/größe/ключ.ts', status: 'modified' }]);
  expect(telemetry.diff?.files[0]?.patch).toContain('+export const zwei = 22;');
});

test.each([
  { says: 'an option', text: '--open-files-in-pager=touch /tmp/x', found: [] },
  { says: 'a pattern', text: 'export.*const', found: [] },
  { says: 'a text that is not there', text: 'nowhere to be found', found: [] },
])('$says is looked for word for word', async ({ text, found }) => {
  const { telemetry, gaps } = await grep(text);
  expect({ matches: telemetry.matches, gaps }).toEqual({ matches: found, gaps: [] });
});

test.each(['../outside', '/etc', 'src/../..'])('grep refuses to look in %j', async (path) => {
  const { telemetry, gaps } = await grep('export', [path]);
  expect(telemetry).toEqual({});
  expect(gaps).toMatchObject([{ reason: 'refused' }]);
});

test('a path is a name, not a pattern of git', async () => {
  expect((await grep('export', [':(top)src'])).telemetry.matches).toEqual([]);
});

test.each(['-x', 'HEAD..main', 'nosuchrevision'])('grep refuses the revision %j', async (revision) => {
  const { gaps } = await ask({ kind: 'grep', service: service(), revision, text: 'export', paths: [], maxMatches: 5 });
  expect(gaps).toHaveLength(1);
});
