import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readOwnCase, requestsOf } from './own-case.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const GOOD = {
  name: 'case-1',
  service: 'checkout',
  repository: 'a.bundle',
  start: 'node server.js',
  health: '/health',
  traffic: ['GET /cart/1', { method: 'POST', path: '/pay', body: { cart: 1 } }, { path: '/raw', body: 'x=1' }],
  fault: 'break.sh',
  expected: { class: 'code-error', commit: null },
};

function folderWith(scenario: unknown, files = ['a.bundle', 'break.sh']): string {
  const folder = mkdtempSync(join(tmpdir(), 'case-'));
  folders.push(folder);
  const text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  writeFileSync(join(folder, 'scenario.json'), text);
  for (const file of files) writeFileSync(join(folder, file), '');
  return folder;
}

test('a case is read, and its requests are complete', () => {
  const ownCase = readOwnCase(folderWith(GOOD));
  expect(ownCase).toMatchObject({
    service: 'checkout',
    depends_on: [],
    expected: { class: 'code-error', commit: null },
  });
  expect(requestsOf(ownCase, 'http://127.0.0.1:1')).toEqual([
    { method: 'GET', url: 'http://127.0.0.1:1/cart/1' },
    {
      method: 'POST',
      url: 'http://127.0.0.1:1/pay',
      headers: { 'content-type': 'application/json' },
      body: '{"cart":1}',
    },
    { method: 'GET', url: 'http://127.0.0.1:1/raw', headers: {}, body: 'x=1' },
  ]);
});

test('the example of the documentation is a good one', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'demo-scenarios.md'), 'utf8');
  const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(readOwnCase(folderWith(example, ['checkout.bundle', 'break.sh'])).service).toBe('checkout');
});

test.each([
  { says: 'no JSON', scenario: '{', names: 'is no JSON' },
  { says: 'an empty object', scenario: {}, names: 'repository' },
  {
    says: 'a path that leaves the folder',
    scenario: { ...GOOD, fault: '../../break.sh' },
    names: 'must lie inside the folder',
  },
  { says: 'an absolute path', scenario: { ...GOOD, repository: '/etc/passwd' }, names: 'must lie inside the folder' },
  { says: 'a name that is a path', scenario: { ...GOOD, name: 'a/../b' }, names: 'name' },
  {
    says: 'a request to another host',
    scenario: { ...GOOD, traffic: ['GET http://example.com/'] },
    names: 'must look like GET /path',
  },
  { says: 'a field with a slip of the pen', scenario: { ...GOOD, tarffic: [] }, names: 'tarffic' },
  { says: 'a file that is not there', scenario: { ...GOOD, repository: 'b.bundle' }, names: 'which is not there' },
])('$says is refused with its field', ({ scenario, names }) => {
  expect(() => readOwnCase(folderWith(scenario))).toThrow(names);
});

test('a folder without a scenario.json is told where to read', () => {
  expect(() => readOwnCase(tmpdir())).toThrow('docs/demo-scenarios.md');
});
