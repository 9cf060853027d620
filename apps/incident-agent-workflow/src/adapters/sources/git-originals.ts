/** Where a built file was written, by the source map that lies beside it: of one revision, so of one build. */
import { posix } from 'node:path';
import type { OriginalPlace } from '../../domain/telemetry.ts';
import { originalPositions } from '../../lib/source-map.ts';
import type { Ask, QuestionOf } from './git.ts';
import { checkPath, checkRevision, type Repository } from './git-repository.ts';
import { gapOf, type Sight } from './looking.ts';

const MAX_MAP_BYTES = 32 * 1024 * 1024;
const MAX_BUILT_BYTES = 8 * 1024 * 1024;

export async function originals(question: QuestionOf<'originals'>, repository: Repository, ask: Ask): Promise<Sight> {
  const { path, revision, places } = question;
  checkPath(path);
  checkRevision(revision);
  const mapPath = `${path}.map`;
  const asked = ask(['show', `${revision}:${mapPath}`], repository.top);
  const held = await repository.git(['ls-tree', '-z', '--name-only', '--full-tree', revision, '--', mapPath]);
  if (held.text !== `${mapPath}\0`) return { telemetry: { originals: [] }, query: asked.query };
  const built = await repository.git(['cat-file', 'blob', `${revision}:${path}`], MAX_BUILT_BYTES);
  // A map that the file does not name may be left over from another build.
  if (!built.text.includes(`sourceMappingURL=${posix.basename(mapPath)}`)) {
    const detail = `${path} does not name ${mapPath}: it may be of another build`;
    return { telemetry: { originals: [] }, gaps: [gapOf(asked, 'malformed', detail)], query: asked.query };
  }
  const map = await repository.git(['cat-file', 'blob', `${revision}:${mapPath}`], MAX_MAP_BYTES);
  if (map.isCut) {
    const detail = `${mapPath} is larger than ${MAX_MAP_BYTES / 1024 / 1024} MB`;
    return { telemetry: { originals: [] }, gaps: [gapOf(asked, 'too-large', detail)], query: asked.query };
  }
  const found: OriginalPlace[] = [];
  for (const [index, original] of originalPositions(map.text, places).entries()) {
    const place = places[index];
    const source = original && sourcePath(path, original.source);
    if (place && original && source !== undefined) found.push({ path, ...place, source, sourceLine: original.line });
  }
  return { telemetry: { originals: found }, query: asked.query };
}

/** Sources are named relative to the map, or below a name that the bundler gave the project; undefined: outside of the repository. */
function sourcePath(builtPath: string, source: string): string | undefined {
  const named = /^(?:webpack|turbopack|vite):\/\/[^/]*\/(.*)$/.exec(source)?.[1];
  const path = named === undefined ? posix.join(posix.dirname(builtPath), source) : posix.normalize(named);
  try {
    checkPath(path);
    return path;
  } catch {
    return undefined; // it leads out of the repository: nothing there is opened
  }
}
