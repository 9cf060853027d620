/** Which code and which histories the observations so far lead to: frames, origins of error texts, definitions, neighbours. */
import type { Observed } from '../domain/evidence.ts';
import type { Question } from '../domain/question.ts';
import type { Observation } from '../domain/telemetry.ts';
import { plusSeconds } from '../lib/time.ts';
import { blamableTraces } from './blamable.ts';
import { neighboursOf } from './candidates.ts';
import { LINES_AROUND } from './code.ts';
import type { AnalysisContext } from './context.ts';
import { suspectFrames } from './crashes.ts';
import { definitionPlaces, definitionQuestions } from './definitions.ts';
import { repositoryOf } from './history.ts';
import type { Lead, Place } from './lead.ts';
import { dateOnset } from './onset.ts';
import { originPlaces, originQuestions } from './origins.ts';
import { isWhole, sourceQuestions } from './reach/sources.ts';
import { rankSuspects } from './suspicion.ts';

export const HISTORY_SECONDS = 14 * 86_400;
export const MAX_COMMITS = 50;
/** Of the whole repository more has to be read to reach as far back. */
const MAX_WIDE_COMMITS = 100;
const MAX_NEIGHBOURS = 4;
const MAX_PLACES = 4;

/** Nothing is asked of a repository that could not be read. */
export function codeLeads(
  observations: readonly Observation[],
  context: AnalysisContext,
  telemetry: readonly Observed[],
): Question[] {
  const repository = repositoryOf(observations, context);
  if (!repository) return [];
  const lead = { observations, context, telemetry, repository };
  return [
    ...[...placesOf(lead), ...originPlaces(lead), ...definitionPlaces(lead)].flatMap((place) => linesAt(place, lead)),
    ...originQuestions(lead),
    ...definitionQuestions(lead),
    ...driftQuestions(lead),
    ...wideHistories(lead),
    ...sourceQuestions(lead),
  ];
}

/** Frames of our own code, the crash first; once their code and blame are known, the change that is suspect. */
function placesOf({ observations, context, telemetry }: Lead): Place[] {
  const places: Place[] = [];
  const add = (place: Place) => {
    const isKnown = places.some(
      (seen) => seen.path === place.path && Math.abs(seen.line - place.line) < LINES_AROUND / 2,
    );
    if (!isKnown && places.length < MAX_PLACES) places.push({ path: place.path, line: place.line });
  };
  for (const trace of blamableTraces(telemetry, context)) for (const frame of suspectFrames(trace.data)) add(frame);
  const isBlamed = observations.some(
    ({ question }) => question.kind === 'blame' && question.service.name === context.service.name,
  );
  if (places.length > 0 && !isBlamed) return places;
  const onset = dateOnset(telemetry, context) ?? context.provisionalOnset;
  const suspect = rankSuspects(observations, telemetry, context, onset)?.suspects[0];
  const at = suspect?.isDirect ? suspect.at : undefined;
  // An excerpt speaks of the line in its middle only.
  const isShown = places.some((place) => place.path === at?.path && place.line === at.line);
  return at?.line != null && !isShown ? [...places, { path: at.path, line: at.line }] : places;
}

/** Only of the service's own repository, and only at the revision that is deployed. */
function linesAt(place: Place, { observations, context, repository }: Lead): Question[] {
  const paths = pathsIn(observations, context.service.name);
  if (paths && !paths.includes(place.path)) return [];
  const at = {
    service: context.service,
    path: place.path,
    revision: repository.deployedRevision,
    fromLine: Math.max(1, place.line - LINES_AROUND),
    toLine: place.line + LINES_AROUND,
  };
  return [
    { kind: 'file-lines', ...at },
    { kind: 'blame', ...at },
  ];
}

function pathsIn(observations: readonly Observation[], service: string): readonly string[] | undefined {
  return observations.find(({ question, answer }) => question.service.name === service && answer.telemetry.paths)
    ?.answer.telemetry.paths;
}

/** Where what runs is older than the head, what became of the lines that are shown. */
function driftQuestions({ observations, context, repository }: Lead): Question[] {
  const { deployedRevision: from, head: to } = repository;
  if (from === to) return [];
  const shown = observations.flatMap(({ question, answer }) =>
    question.kind === 'file-lines' &&
    !isWhole(question) &&
    question.service.name === context.service.name &&
    answer.telemetry.code
      ? [question.path]
      : [],
  );
  const paths = [...new Set(shown)].slice(0, MAX_PLACES).sort();
  return paths.map((path) => ({ kind: 'diff', service: context.service, from, to, paths: [path] }));
}

/** What all services share, and what the neighbours changed in repositories of their own. */
function wideHistories({ observations, context, repository }: Lead): Question[] {
  // One service may have asked it of the repository that another one lies in as well.
  const isAsked = observations.some(
    ({ question, answer }) =>
      question.kind === 'history' &&
      question.scope === 'repository' &&
      answer.telemetry.repository?.root === repository.root,
  );
  const range = { since: plusSeconds(context.provisionalOnset, -HISTORY_SECONDS), until: context.window.to };
  const { service, registry } = context;
  const shared: Question[] =
    isAsked || repository.servicePath === ''
      ? []
      : [{ kind: 'history', service, scope: 'repository', ...range, maxCommits: MAX_WIDE_COMMITS }];
  const near = neighboursOf(service, registry);
  const elsewhere = registry.services.filter(
    ({ name, repositoryPath }) =>
      near.includes(name) && repositoryPath !== undefined && !isInside(repositoryPath, repository.root),
  );
  return [
    ...shared,
    ...elsewhere
      .slice(0, MAX_NEIGHBOURS)
      .map((neighbour): Question => ({ kind: 'history', service: neighbour, ...range, maxCommits: MAX_COMMITS })),
  ];
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
