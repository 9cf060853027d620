/** Frames with their places in the repository, and what becomes of "our own" once the repository is known. */
import type { Frame } from '../../domain/evidence.ts';
import type { Service } from '../../domain/service.ts';
import type { OriginalPlace, RepositoryState } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { isBuiltOutput, sourceOfBuilt } from './built-output.ts';
import { isProxy } from './in-app.ts';
import { mapToRepository } from './map-to-repository.ts';
import { firstInApp, type Language } from './trace.ts';

export interface Located {
  readonly frames: readonly Frame[];
  readonly crashFrame: number | undefined;
  readonly losses: readonly string[];
}

interface Tree {
  readonly paths: readonly string[];
  readonly repository: RepositoryState;
  /** What the source maps of the repository say, as far as they were asked. */
  readonly originals?: readonly OriginalPlace[];
}

const MAX_PATH = 160;

/**
 * What lies in the repository is our own, also in a package that is a library to everybody else. A line of built output
 * is none of the source: without the source map of that build the place is the file, and that is said.
 */
export function located(
  kept: Pick<Located, 'frames' | 'crashFrame'>,
  language: Language | undefined,
  service: Service,
  tree: Tree,
): Located {
  const { paths, repository } = tree;
  const mapped = mapToRepository(kept.frames, paths, service, repository).map((frame) => {
    const isOwn = frame.inApp || (frame.repositoryPath !== null && !isProxy(frame.function ?? ''));
    return { ...frame, inApp: isOwn };
  });
  const losses = new Set<string>();
  const frames = mapped.map((frame) => withSource(frame, tree, losses));
  const crashFrame = crashOf(frames, kept.crashFrame, language);
  const unknown = unknownPlace(frames[crashFrame ?? -1], paths);
  return { frames, crashFrame, losses: unknown === undefined ? [...losses] : [...losses, unknown] };
}

/** A path that climbs out of the repository is refused and told elsewhere; one of built output is told with its source. */
function unknownPlace(crash: Frame | undefined, paths: readonly string[]): string | undefined {
  if (!crash?.inApp || crash.repositoryPath !== null || crash.line === null || paths.length === 0) return undefined;
  if (isBuiltOutput(crash) || crash.file.replaceAll('\\', '/').split('/').includes('..')) return undefined;
  return `the repository has no file that ${oneLine(crash.file, MAX_PATH)}, where it crashed, can be: its code is not known (a submodule, or never committed)`;
}

function withSource(frame: Frame, { paths, repository, originals = [] }: Tree, losses: Set<string>): Frame {
  if (!frame.inApp || frame.line === null || !isBuiltOutput(frame)) return frame;
  const built = builtPlace(frame, paths);
  const original = originals.find(
    ({ path, line, column }) => path === built?.path && line === built.line && column === built.column,
  );
  if (built && original && paths.includes(original.source)) {
    return { ...frame, repositoryPath: original.source, line: original.sourceLine, column: null, built };
  }
  const source = sourceOfBuilt(frame, paths, repository.servicePath);
  const written = oneLine(frame.file, MAX_PATH);
  const withMap = built ? { built } : {};
  // A bundle that is itself kept in the repository has its line there.
  if (source === undefined && frame.repositoryPath !== null) return { ...frame, ...withMap };
  losses.add(
    source === undefined
      ? `${written} is built output, and nothing in the repository goes by its name: where line ${frame.line} comes from is not known`
      : `${written} is built output, and no source map of that build is at hand: the line in ${source} is not known`,
  );
  return source === undefined ? frame : { ...frame, repositoryPath: source, line: null, column: null, ...withMap };
}

/** Where the repository holds the built file itself, with its map beside it. */
function builtPlace({ repositoryPath, line, column }: Frame, paths: readonly string[]): Frame['built'] {
  if (repositoryPath === null || line === null || column === null) return undefined;
  return paths.includes(`${repositoryPath}.map`) ? { path: repositoryPath, line, column } : undefined;
}

/** Only a package that turned out to be our own can move the crash frame. */
function crashOf(
  frames: readonly Frame[],
  before: number | undefined,
  language: Language | undefined,
): number | undefined {
  if (language !== 'python') return firstInApp(frames) ?? before;
  const inward = firstInApp(frames.toReversed());
  return inward === undefined ? before : frames.length - 1 - inward;
}
