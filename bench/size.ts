/** How much there is: lines of code by folder, source and tests apart, and what an installation takes on disk. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, figure } from './figures.ts';

const ROOT = join(import.meta.dirname, '..');
const CODE = /\.(ts|mjs|js|css|typ)$/;
const TEST = /\.test\.ts$|\.test-helper\.ts$|^test\/|\/testing\/|\/test-[\w-]+\.ts$|\/fixtures\//;

export const size: Bench = async () => {
  const lines = new Map<string, number>();
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  for (const path of files.split('\0').filter((name) => CODE.test(name))) {
    const key = `lines_${folderOf(path)}_${TEST.test(path) ? 'test' : 'source'}`;
    lines.set(key, (lines.get(key) ?? 0) + linesOf(join(ROOT, path)));
  }
  const total = (kind: string): number =>
    [...lines].filter(([key]) => key.endsWith(kind)).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...[...lines].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => figure(key, count, 'lines')),
    figure('lines_source', total('_source'), 'lines'),
    figure('lines_test', total('_test'), 'lines'),
    figure('install_mb', bytesIn(join(ROOT, 'node_modules')) / 1024 ** 2, 'MB'),
  ];
};

/** `apps/notifier/src/x.ts` → `apps_notifier`. */
function folderOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (first === 'apps' || first === 'packages') return `${first}_${second.replaceAll('-', '_')}`;
  return path.includes('/') ? first : 'root';
}

function linesOf(file: string): number {
  try {
    return readFileSync(file, 'utf8').split('\n').length - 1;
  } catch {
    return 0; // deleted, and git has not been told yet
  }
}

/** As it lies on disk; a link counts as a link. */
export function bytesIn(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.blocks * 512;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), entry.blocks * 512);
}
