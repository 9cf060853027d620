/** A crash put down to a change: of the code it is an error, of its settings a misconfiguration, of the schema a migration. */
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { alertSaying, logAnswer, SERVICE } from '../metrics/observations.test-helper.ts';
import { linesAt, sceneFrom } from '../scene.test-helper.ts';
import { BLAMED, classesIn, withSuspect } from './suspect.test-helper.ts';

const TALK = linesAt(
  Array.from({ length: 100 }, (_none, index) => index * 3),
  '{"level":"info","msg":"still here"}',
);

function crash(type: string, message: string): Observation {
  const stack = `${type}: ${message}\n    at serve (/app/src/server.ts:64:12)`;
  const text = JSON.stringify({ level: 'error', msg: 'request failed', error: { type, stack } });
  return logAnswer([...TALK, ...linesAt([289, 294, 300, 310, 315], text)]);
}

/** `patch`: of the one file that was changed; its change is then strong enough to be blamed. */
function firstClass(
  type: string,
  paths: readonly string[],
  at: string,
  { isRecent = true, patch = '', message = 'too many at once' } = {},
): string | undefined {
  const scene = sceneFrom([crash(type, message)], {
    alerts: [alertSaying('Errors')],
    registry: { services: [SERVICE] },
  });
  const files = paths.map((path) => ({ path, patch }));
  const features = patch === '' ? [] : [BLAMED];
  return classesIn(withSuspect(scene, { files, features, isRecent, at }))[0];
}

test.each([
  { paths: ['config/orders.ini'], at: 'config/orders.ini', type: 'AppError', expected: 'bad-config' },
  { paths: ['config/orders.ini', 'README.md'], at: 'config/orders.ini', type: 'AppError', expected: 'bad-config' },
  { paths: ['src/server.ts', 'k8s/orders.yaml'], at: 'k8s/orders.yaml', type: 'AppError', expected: 'bad-config' },
  { paths: ['src/server.ts', 'k8s/orders.yaml'], at: 'src/server.ts', type: 'AppError', expected: 'code-error' },
  { paths: ['src/config.ts'], at: 'src/config.ts', type: 'AppError', expected: 'bad-config' },
  { paths: ['src/config.ts'], at: 'src/config.ts', type: 'TypeError', expected: 'code-error' },
  { paths: ['config/orders.ini'], at: 'config/orders.ini', type: 'TypeError', expected: 'bad-config' },
  {
    paths: ['migrations/004_lines.sql'],
    at: 'migrations/004_lines.sql',
    type: 'AppError',
    expected: 'schema-migration',
  },
  { paths: ['package-lock.json'], at: 'package-lock.json', type: 'AppError', expected: 'code-error' },
])('$type after a change of $paths, at $at: $expected', ({ paths, at, type, expected }) => {
  expect(firstClass(type, paths, at)).toBe(expected);
});

test('what was changed long before explains no new crash', () => {
  expect(firstClass('AppError', ['config/orders.ini'], 'config/orders.ini', { isRecent: false })).toBe('code-error');
});

test.each([
  {
    says: 'a smaller pool',
    path: 'config/orders.ini',
    patch: '@@ -5 +5 @@\n-pool_size = 6\n+pool_size = 1',
    expected: 'pool-exhaustion',
  },
  {
    says: 'a shorter limit of time',
    path: 'config/orders.json',
    patch: '@@ -5 +5 @@\n-  "request_timeout_ms": 5000\n+  "request_timeout_ms": 50',
    expected: 'timeout-latency',
  },
  {
    says: 'other columns',
    path: 'src/store.py',
    patch: `@@ -9 +9 @@\n-    db.execute("SELECT id, total FROM orders")\n+    db.execute("SELECT id, total, channel FROM orders")`,
    expected: 'schema-migration',
  },
  {
    says: 'what tells no class',
    path: 'config/orders.ini',
    patch: '@@ -5 +5 @@\n-title = Shop\n+title = The shop',
    expected: 'bad-config',
  },
])('an error in words that nobody knows after $says: $expected', ({ path, patch, expected }) => {
  expect(firstClass('AppError', [path], path, { patch })).toBe(expected);
});

test('what only wrong code throws is no matter of a smaller pool', () => {
  const patch = '@@ -5 +5 @@\n-const pool = { max: 6 };\n+const pool = { max: 1 };';
  expect(firstClass('TypeError', ['src/store.ts'], 'src/store.ts', { patch })).toBe('code-error');
});

describe('an address that cannot be read', () => {
  const patch = '@@ -64 +64 @@\n-  return site;\n+  return new URL(site).host;';
  test.each([
    { says: 'new code puts it together', path: 'src/server.ts', with: patch, expected: 'code-error' },
    { says: 'it stands in the settings', path: 'config/orders.ini', with: patch, expected: 'bad-config' },
    { says: 'nothing in the change is where it fails', path: 'src/server.ts', with: '', expected: 'bad-config' },
  ])('where $says: $expected', ({ path, with: of, expected }) => {
    expect(firstClass('TypeError', [path], path, { patch: of, message: 'Invalid URL' })).toBe(expected);
  });
});
