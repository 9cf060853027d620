/** `npm test` as its reader sees it: run on a made-up folder of tests, judged by its last lines and its exit code. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function runTests(files: Record<string, string>, ...commandLine: string[]): { lines: string[]; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'tests-'));
  folders.push(folder);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { beforeAll, expect, test } from 'vitest';\nvoid beforeAll;\n${text}\n`);
  }
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts', 'test.ts'), '--root', folder, ...commandLine],
    { encoding: 'utf8', cwd: folder, env: { ...process.env, VITEST: '', NO_COLOR: '1' } },
  );
  return { lines: stdout.trimEnd().split('\n'), status };
}

const PASSING = "test('one', () => expect(1).toBe(1));";

test('the last line counts what passed, and the exit code is 0', () => {
  const { lines, status } = runTests({ 'a.test.ts': PASSING, 'b.test.ts': PASSING });
  expect(lines.at(-1)).toBe('2 passed, 0 failed, 0 skipped');
  expect(status).toBe(0);
});

test('a file filter is passed on', () => {
  expect(runTests({ 'a.test.ts': PASSING, 'b.test.ts': PASSING }, 'b.test').lines.at(-1)).toBe(
    '1 passed, 0 failed, 0 skipped',
  );
});

test('what was skipped is named with its reason, and does not fail', () => {
  const { lines, status } = runTests({
    'a.test.ts': `${PASSING}\ntest('two', ({ skip }) => skip('promtool is missing'));`,
  });
  expect(lines.at(-2)).toBe('skipped: a.test.ts > two: promtool is missing');
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 1 skipped');
  expect(status).toBe(0);
});

test.each([
  { says: 'a failed test', text: "test('two', () => expect(1).toBe(2));" },
  { says: 'a file that does not load', text: "throw new Error('no');" },
  { says: 'a rejection that nobody awaits', text: "test('two', () => { void Promise.reject(new Error('no')); });" },
])('$says is counted as failed', ({ text }) => {
  const { lines, status } = runTests({ 'a.test.ts': PASSING, 'b.test.ts': text });
  expect(lines.at(-1)).toMatch(/^[12] passed, 1 failed, 0 skipped$/);
  expect(status).toBe(1);
});

test('no test at all is no success', () => {
  const { lines, status } = runTests({ 'a.test.ts': PASSING }, 'nothing-is-called-this');
  expect(lines.at(-1)).toBe('0 passed, 0 failed, 0 skipped');
  expect(status).toBe(1);
});
