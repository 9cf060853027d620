/** What is asked of source maps: the places of frames in built files that the repository holds together with their maps. */
import type { Observed } from '../domain/evidence.ts';
import type { Question } from '../domain/question.ts';
import type { Observation } from '../domain/telemetry.ts';
import type { AnalysisContext } from './context.ts';
import { repositoryOf } from './history.ts';

const MAX_BUILT_FILES = 3;
const MAX_BUILT_PLACES = 20;

export function originalsLeads(
  observations: readonly Observation[],
  context: AnalysisContext,
  telemetry: readonly Observed[],
): Question[] {
  const { service } = context;
  const byPath = new Map<string, { readonly line: number; readonly column: number }[]>();
  for (const item of telemetry) {
    if (item.kind !== 'stack-trace' || item.service !== service.name) continue;
    for (const { built } of item.data.frames) {
      if (!built) continue;
      const places = byPath.get(built.path) ?? [];
      const isKnown = places.some(({ line, column }) => line === built.line && column === built.column);
      if (!isKnown && places.length < MAX_BUILT_PLACES) places.push({ line: built.line, column: built.column });
      byPath.set(built.path, places);
    }
  }
  const revision = byPath.size === 0 ? undefined : repositoryOf(observations, context)?.deployedRevision;
  if (revision === undefined) return [];
  return [...byPath]
    .slice(0, MAX_BUILT_FILES)
    .map(([path, places]) => ({ kind: 'originals', service, path, revision, places }));
}
