import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundleContent, SERVICE } from '../apps/incident-agent-workflow/src/adapters/bundles/bundle.test-helper.ts';
import { readBundle, writeBundle } from '../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import { replayBundle } from './replay-bundle.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-bundle-'));
  mkdirSync(join(folder, 'tmp'));
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function gitBundle(): Buffer {
  const repository = join(folder, 'shop');
  mkdirSync(repository);
  writeFileSync(join(repository, 'main.ts'), 'start();\n');
  const identity = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com'];
  const file = join(folder, 'repository.bundle');
  const commands = [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...identity, 'commit', '-q', '-m', 'start'],
    ['bundle', 'create', '-q', file, 'HEAD', 'main'],
  ];
  for (const words of commands) execFileSync('git', ['-C', repository, ...words], { stdio: 'ignore' });
  return readFileSync(file);
}

test('the repository is asked while the analysis runs, answers may be changed, and nothing stays behind', async () => {
  const registry = { services: [{ ...SERVICE, repositoryPath: '/srv/shop' }] };
  const bundle = await readBundle(await writeBundle(bundleContent({ registry, repositoryBundle: gitBundle() })));
  const whole = await replayBundle(bundle);
  expect(whole.facts.repository).toMatchObject({ root: '/srv/shop', deployedFrom: 'head' });
  const changed = await replayBundle(bundle, {
    changeAnswer: ({ question, answer }) => (question.kind === 'history' ? { ...answer, telemetry: {} } : answer),
  });
  expect(changed.report).not.toEqual(whole.report);
  const without = await replayBundle(bundle, { changeSources: () => [] });
  expect(without.facts.repository).toBeNull();
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});
