/**
 * From the path in a trace to the path in the repository. A trace is text from outside: whatever it says, the result is
 * one of the repository's own paths, or null.
 */
import type { Frame } from '../../domain/evidence.ts';
import type { Service } from '../../domain/service.ts';
import type { RepositoryState } from '../../domain/telemetry.ts';
import { isOwnPath } from './in-app.ts';

/** Names that every second folder has: alone they say nothing. */
const COMMON_NAMES = /^(?:index\.[cm]?[jt]sx?|__init__\.py|mod\.rs|main\.(?:go|py|[jt]s)|[\w$]+\.(?:java|kt|scala))$/;
/** Where images put the code, if the registry does not say. */
const CONTAINER_ROOTS = ['/app/', '/usr/src/app/', '/workspace/', '/srv/', '/code/', '/src/'];

/** The frames in the same order, each with `repositoryPath` where it is certain. `paths`: those of the tree that runs. */
export function mapToRepository(
  frames: readonly Frame[],
  paths: readonly string[],
  service: Service,
  repository: RepositoryState,
): Frame[] {
  const index = indexPaths(paths);
  const known = new Map<string, string | null>();
  return frames.map((frame) => {
    const key = JSON.stringify([frame.file, isJvm(frame.file) ? frame.function : null]);
    const mapped = known.get(key) ?? mappedPath(frame, index, service, repository);
    known.set(key, mapped);
    return { ...frame, repositoryPath: mapped };
  });
}

interface PathIndex {
  readonly paths: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

function indexPaths(paths: readonly string[]): PathIndex {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const same = byName.get(name);
    if (same) same.push(path);
    else byName.set(name, [path]);
  }
  return { paths: new Set(paths), byName };
}

function isJvm(file: string): boolean {
  return /^[\w$-]+\.(?:java|kt|scala|groovy)$/.test(file);
}

function mappedPath(frame: Frame, index: PathIndex, service: Service, repository: RepositoryState): string | null {
  const path = plainPath(frame.file);
  if (path === undefined || !isOwnPath(path)) return null;
  const root = withSlash(repository.root);
  if (root !== '/' && path.startsWith(root)) return exact(index, path.slice(root.length));
  if (isNeighbourOnHost(path, root)) return null;
  return (
    inContainer(path, index, service, repository) ??
    (isJvm(path) ? byClass(frame, path, index, repository.servicePath) : byTail(path, index, repository.servicePath))
  );
}

/** Without scheme, query and drive, with forward slashes; undefined: not a path, or one that climbs. */
function plainPath(file: string): string | undefined {
  const bare = file
    .replace(/^package:[^/]+\//, '/lib/')
    .replace(/^(?:webpack(?:-internal)?:\/\/\/?(?:[^/.][^/]*\/)?|file:\/\/|https?:\/\/[^/]+\/)/, (scheme) =>
      scheme.startsWith('file') ? '' : '/',
    )
    .replace(/[?#].*$/, '');
  const decoded = decodedPath(bare)
    .replaceAll('\\', '/')
    .replace(/^\/?[A-Za-z]:\//, '/')
    .replace(/\/(?:\.\/)+/g, '/')
    .replace(/^\.\//, '');
  if (decoded === '' || decoded.includes('\0') || decoded.split('/').includes('..')) return undefined;
  return decoded;
}

function decodedPath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a file whose name has a % sign
  }
}

/** On the host beside the repository, so certainly in another one. */
function isNeighbourOnHost(path: string, root: string): boolean {
  const parent = root.slice(0, root.lastIndexOf('/', root.length - 2) + 1);
  return parent.split('/').length > 2 && path.startsWith(parent);
}

/** undefined: it does not begin like a path in a container, or nothing in the repository fits. */
function inContainer(
  path: string,
  index: PathIndex,
  { sourcePath }: Service,
  { servicePath }: RepositoryState,
): string | undefined {
  const roots = sourcePath === undefined ? CONTAINER_ROOTS : [withSlash(sourcePath)];
  for (const root of roots) {
    if (!path.startsWith(root)) continue;
    const rest = path.slice(root.length);
    const found = exact(index, servicePath === '' ? rest : `${withSlash(servicePath)}${rest}`) ?? exact(index, rest);
    if (found !== null) return found;
  }
  return undefined;
}

/**
 * All of its package must lie above the file, else `java.util.Optional` would be found in anybody's `util/Optional.java`;
 * Kotlin leaves out the folders that all packages share.
 */
function byClass(frame: Frame, file: string, index: PathIndex, servicePath: string): string | null {
  const expected = jvmPath(file, frame.function);
  const found = byTail(expected, index, servicePath);
  if (found === null) return null;
  return found === expected || found.endsWith(`/${expected}`) || (frame.inApp && file.endsWith('.kt')) ? found : null;
}

/** The class's package is the folder: `com.example.Items.find` in `Items.java` lies in `com/example/Items.java`. */
function jvmPath(file: string, qualifiedName: string | null): string {
  const parts = (qualifiedName ?? '').split('.').slice(0, -1);
  const className = parts.findIndex((part) => /^[A-Z]/.test(part));
  return [...(className < 0 ? [] : parts.slice(0, className)), file].join('/');
}

/** The path with the longest common end, if there is one that is longer than all others. */
function byTail(path: string, { byName }: PathIndex, servicePath: string): string | null {
  const segments = path.split('/').filter((segment) => segment !== '');
  const name = segments.at(-1) ?? '';
  const candidates = byName.get(name) ?? [];
  let best: string[] = [];
  let most = 0;
  for (const candidate of candidates) {
    const common = commonTail(segments, candidate.split('/'));
    if (common > most) {
      most = common;
      best = [candidate];
    } else if (common === most) best.push(candidate);
  }
  const own = best.filter((candidate) => servicePath === '' || candidate.startsWith(withSlash(servicePath)));
  const fitting = own.length > 0 ? own : best;
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) return shallowest(fitting, most);
  if (most >= 2) return only;
  // A bare name counts only where it is the one file of that name in the service.
  return own.length === 1 && !COMMON_NAMES.test(name) ? only : null;
}

/** Of several with a tail of two or more segments the one that lies alone at the top; else nobody can say. */
function shallowest(paths: readonly string[], segments: number): string | null {
  if (segments < 2) return null;
  const depths = paths.map((path) => path.split('/').length);
  const least = Math.min(...depths);
  const top = paths.filter((_path, index) => depths[index] === least);
  return top.length === 1 ? (top[0] ?? null) : null;
}

function commonTail(left: readonly string[], right: readonly string[]): number {
  let common = 0;
  while (common < left.length && common < right.length && left.at(-1 - common) === right.at(-1 - common)) common += 1;
  return common;
}

function exact({ paths }: PathIndex, path: string): string | null {
  return paths.has(path) ? path : null;
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
