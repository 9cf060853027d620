/** JavaScript that was compiled or bundled: its lines are not those of the source. */
import type { Frame } from '../../domain/evidence.ts';

const BUILT_FOLDER = /(?:^|\/)(?:dist|build|out|lib-cov|\.next|\.nuxt|\.output|public\/assets)\//;
const BUILT_FILE = /\.(?:min|bundle|chunk)\.[cm]?js$|[.-][\da-f]{8,20}\.[cm]?js$/;
const JAVASCRIPT = /\.[cm]?js$/;
/** Nobody writes lines so long: METHODS.md §3 takes column 500 of line 1 as the sign of a minified file. */
const MAX_WRITTEN_COLUMN = 500;
const SOURCE_EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte'];

export function isBuiltOutput({ file, line, column }: Pick<Frame, 'file' | 'line' | 'column'>): boolean {
  const path = file.replaceAll('\\', '/').replace(/[?#].*$/, '');
  if (!JAVASCRIPT.test(path)) return false;
  const isMinified = line === 1 && column !== null && column > MAX_WRITTEN_COLUMN;
  return isMinified || BUILT_FILE.test(path) || BUILT_FOLDER.test(path);
}

/** The one source file of the same name, below the same folders as far as they are the same; undefined: none, or several. */
export function sourceOfBuilt(
  { file }: Pick<Frame, 'file'>,
  paths: readonly string[],
  servicePath: string,
): string | undefined {
  const path = file.replaceAll('\\', '/').replace(/[?#].*$/, '');
  const segments = path.split('/');
  const stem = stemOf(segments.at(-1) ?? '');
  const built = segments.slice(0, -1).filter((segment) => !BUILT_FOLDER.test(`${segment}/`));
  const candidates = paths.filter((candidate) => {
    const name = candidate.slice(candidate.lastIndexOf('/') + 1);
    return (
      stemOf(name) === stem && isSource(candidate) && (servicePath === '' || candidate.startsWith(`${servicePath}/`))
    );
  });
  const [first, ...others] = candidates;
  if (first === undefined || others.length === 0) return first;
  const scored = candidates.map((candidate) => ({ candidate, common: commonTail(built, foldersOf(candidate)) }));
  const most = Math.max(...scored.map(({ common }) => common));
  const best = scored.filter(({ common }) => common === most);
  return best.length === 1 && most > 0 ? best[0]?.candidate : undefined;
}

function isSource(path: string): boolean {
  return (
    SOURCE_EXTENSIONS.some((extension) => path.endsWith(extension)) &&
    !BUILT_FOLDER.test(path) &&
    !BUILT_FILE.test(path)
  );
}

function stemOf(name: string): string {
  return name
    .replace(/\.d\.ts$/, '.d')
    .replace(/\.\w+$/, '')
    .replace(/(?:\.(?:min|bundle|chunk)|[.-][\da-f]{8,20})+$/, '');
}

/** Without the folder that the compiler turns into `dist`. */
function foldersOf(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .filter((segment) => segment !== 'src');
}

function commonTail(left: readonly string[], right: readonly string[]): number {
  let common = 0;
  while (common < left.length && common < right.length && left.at(-1 - common) === right.at(-1 - common)) common += 1;
  return common;
}
