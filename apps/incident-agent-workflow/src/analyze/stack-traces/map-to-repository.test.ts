import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import type { RepositoryState } from '../../domain/telemetry.ts';
import { mapToRepository } from './map-to-repository.ts';
import { frameAt } from './trace.ts';

const REPOSITORY: RepositoryState = {
  root: '/srv/demo/shop',
  head: 'a'.repeat(40),
  deployedRevision: 'a'.repeat(40),
  deployedFrom: 'head',
  servicePath: 'apps/items',
  shallow: false,
};
const PATHS = [
  'apps/items/src/items.ts',
  'apps/items/src/index.ts',
  'apps/items/src/only-here.ts',
  'apps/weather/src/items.ts',
  'apps/weather/src/forecast.ts',
  'packages/kit/src/log.ts',
  'java/src/main/java/com/example/Items.java',
  'java/src/main/java/com/other/Items.java',
  'cmd/api/main.go',
  'shop/views.py',
  'etc/passwd',
  'src/with space.ts',
];

function mapped(file: string, name?: string, sourcePath?: string): string | null | undefined {
  const service = { ...unregisteredService('items'), ...(sourcePath === undefined ? {} : { sourcePath }) };
  return mapToRepository([frameAt(file, '1', '1', name, true)], PATHS, service, REPOSITORY)[0]?.repositoryPath;
}

test.each([
  {
    says: 'a path of the host',
    file: 'file:///srv/demo/shop/apps/items/src/items.ts',
    path: 'apps/items/src/items.ts',
  },
  { says: 'a path of the host that is not in the tree', file: '/srv/demo/shop/apps/items/src/new.ts', path: null },
  { says: 'a neighbour on the host', file: '/srv/demo/other/apps/items/src/items.ts', path: null },
  { says: 'a container that holds the service only', file: '/app/src/items.ts', path: 'apps/items/src/items.ts' },
  {
    says: 'a container that holds the repository',
    file: '/app/packages/kit/src/log.ts',
    path: 'packages/kit/src/log.ts',
  },
  {
    says: 'the path that the registry names',
    file: '/opt/code/src/items.ts',
    sourcePath: '/opt/code',
    path: 'apps/items/src/items.ts',
  },
  { says: 'the longest common end', file: '/var/task/apps/weather/src/items.ts', path: 'apps/weather/src/items.ts' },
  { says: 'of two with the same end the own service', file: '/var/task/src/items.ts', path: 'apps/items/src/items.ts' },
  {
    says: 'a bare name that is the only one in the service',
    file: 'only-here.ts',
    path: 'apps/items/src/only-here.ts',
  },
  { says: 'a bare name of another service', file: 'forecast.ts', path: null },
  { says: 'a bare name that every folder has', file: 'index.ts', path: null },
  { says: 'webpack', file: 'webpack://shop/./src/items.ts?1a2b', path: 'apps/items/src/items.ts' },
  { says: 'Windows', file: 'C:\\app\\src\\items.ts', path: 'apps/items/src/items.ts' },
  { says: 'escaped blanks', file: 'file:///srv/demo/shop/src/with%20space.ts', path: 'src/with space.ts' },
  {
    says: 'Java by its package',
    file: 'Items.java',
    name: 'com.other.Items.find',
    path: 'java/src/main/java/com/other/Items.java',
  },
  { says: 'Java without a package', file: 'Items.java', name: 'Items.find', path: null },
  { says: 'Go', file: '/app/cmd/api/main.go', name: 'main.main', path: 'cmd/api/main.go' },
  { says: 'Python', file: '/usr/src/app/shop/views.py', path: 'shop/views.py' },
  { says: 'a library', file: '/app/node_modules/x/src/items.ts', path: null },
  { says: 'a climb', file: '/srv/demo/shop/../../../etc/passwd', path: null },
  { says: 'a climb in escapes', file: 'file:///srv/demo/shop/%2e%2e/etc/passwd', path: null },
  { says: 'a climb from a container', file: '/app/../etc/passwd', path: null },
  { says: 'nothing', file: '', path: null },
])('$says: $file', ({ file, name, sourcePath, path }) => {
  expect(mapped(file, name, sourcePath)).toBe(path);
});

test('whatever a trace says, the result is a path of the repository or none', () => {
  const part = fc.constantFrom(
    '/',
    '..',
    '%2e%2e',
    'src',
    'items.ts',
    'file://',
    'app',
    '\\',
    'etc',
    'passwd',
    '%',
    '\0',
    ...PATHS,
  );
  const file = fc.oneof(
    fc.string(),
    fc.array(part).map((parts) => parts.join('/')),
  );
  fc.assert(
    fc.property(file, fc.option(fc.string(), { nil: undefined }), (given, name) => {
      const path = mapped(given, name);
      expect(path === null || PATHS.includes(path ?? '')).toBe(true);
      expect(given.includes('..') && path !== null && given.split(/[\\/]/).includes('..')).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});
