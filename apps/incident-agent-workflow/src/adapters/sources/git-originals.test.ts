import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import { git } from './git.ts';

/** As tsc 7 writes it for eight lines of TypeScript; it fails at 6:24, which is line 7 of the source. */
const MAP =
  '{"version":3,"file":"basket.js","sourceRoot":"","sources":["../src/basket.ts"],"names":[],"mappings":";;;AAIA,eAAsB,KAAkC;IACtD,IAAI,GAAG,GAAG,CAAC,CAAC;IACZ,KAAK,MAAM,IAAI,IAAI,KAAwB,EAAE,CAAC;QAC5C,GAAG,IAAI,IAAI,CAAC,KAAK,CAAC;IACpB,CAAC;IACD,OAAO,GAAG,CAAC;AACb,CAAC"}';
const FILES = {
  'src/basket.ts': 'export function total() {}\n',
  'dist/basket.js': 'exports.total = total;\n//# sourceMappingURL=basket.js.map',
  'dist/basket.js.map': MAP,
  'dist/stale.js': 'exports.stale = 1;\n',
  'dist/stale.js.map': MAP,
  'dist/broken.js': '//# sourceMappingURL=broken.js.map',
  'dist/broken.js.map': '{"version":3',
  'dist/outside.js': '//# sourceMappingURL=outside.js.map',
  'dist/outside.js.map': MAP.replace('../src/basket.ts', '../../../etc/passwd'),
};
let top: string;

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'git-originals-'));
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), content);
  }
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_GLOBAL: '/dev/null' };
  for (const words of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...identity, 'commit', '-q', '-m', 'built'],
  ])
    execFileSync('git', ['-C', top, ...words], { env });
});
afterAll(() => rmSync(top, { recursive: true }));

async function asked(path: string) {
  const service = { ...unregisteredService('shop'), repositoryPath: top };
  const places = [{ line: 6, column: 24 }];
  const answer = await git().ask(
    { kind: 'originals', service, path, revision: 'HEAD', places },
    AbortSignal.timeout(15_000),
  );
  return { originals: answer.telemetry.originals, gaps: answer.gaps.map(({ reason, detail }) => [reason, detail]) };
}

test('a place of a built file is one of its source', async () => {
  expect(await asked('dist/basket.js')).toEqual({
    originals: [{ path: 'dist/basket.js', line: 6, column: 24, source: 'src/basket.ts', sourceLine: 7 }],
    gaps: [],
  });
});

test('a file without a map has no originals: that is known, not unseen', async () => {
  expect(await asked('src/basket.ts')).toEqual({ originals: [], gaps: [] });
});

test('a map that its file does not name may be of another build, and is not used', async () => {
  expect(await asked('dist/stale.js')).toMatchObject({
    originals: [],
    gaps: [['malformed', expect.stringContaining('another build')]],
  });
});

test('a map that cannot be read is a gap', async () => {
  expect(await asked('dist/broken.js')).toMatchObject({ gaps: [['malformed', expect.stringContaining('not JSON')]] });
});

test('a source outside of the repository is nobody’s', async () => {
  expect(await asked('dist/outside.js')).toEqual({ originals: [], gaps: [] });
});
